/** Expressions: read by the grammar of ClickHouse, printed with brackets around each operation. */
import { readPrimary } from './primary.ts';
import { said } from './reading.ts';
import type { Reading } from './reading.ts';
import { readType } from './data-type.ts';

/** Reads an expression, also a lambda or a choice `a ? b : c`. Throws SqlFault. */
export function readExpression(reading: Reading): string {
  return reading.deeper(() => {
    const lambda = readLambda(reading);
    if (lambda !== undefined) return lambda;
    const condition = chain(reading, readAnd, ['OR']);
    if (!reading.take('?')) return condition;
    const yes = readExpression(reading);
    reading.need(':');
    return `if(${condition}, ${yes}, ${readExpression(reading)})`;
  });
}

/** `x -> …` or `(x, y) -> …`. */
function readLambda(reading: Reading): string | undefined {
  const names: string[] = [];
  let ahead = 0;
  const isName = (): boolean => ['word', 'name'].includes(reading.peek(ahead).kind);
  if (reading.at('(')) {
    do {
      ahead += 1;
      if (!isName()) return undefined;
      names.push(reading.peek(ahead).value);
      ahead += 1;
    } while (isSymbol(reading, ahead, ','));
    if (!isSymbol(reading, ahead, ')')) return undefined;
  } else {
    if (!isName()) return undefined;
    names.push(reading.peek().value);
  }
  if (!isSymbol(reading, ahead + 1, '->')) return undefined;
  for (let taken = 0; taken < ahead + 2; taken++) reading.next();
  return `((${names.map((name) => `\`${name}\``).join(', ')}) -> ${readExpression(reading)})`;
}

function isSymbol(reading: Reading, ahead: number, key: string): boolean {
  const token = reading.peek(ahead);
  return token.kind === 'symbol' && token.key === key;
}

/** Operations of one rank, from left to right, in one pair of brackets. */
function chain(reading: Reading, read: (reading: Reading) => string, operators: readonly string[]): string {
  const first = read(reading);
  let text = first;
  for (;;) {
    const operator = operators.find((each) => reading.take(each));
    if (operator === undefined) return text === first ? first : `(${text})`;
    text += ` ${operator} ${read(reading)}`;
  }
}

function readAnd(reading: Reading): string {
  return chain(reading, readNot, ['AND']);
}

function readNot(reading: Reading): string {
  if (!reading.take('NOT')) return readComparison(reading);
  return reading.deeper(() => `(NOT ${readNot(reading)})`);
}

const COMPARISONS = ['==', '=', '!=', '<>', '<=>', '<=', '>=', '<', '>'];

function readComparison(reading: Reading): string {
  let left = readConcatenation(reading);
  for (;;) {
    const comparison = COMPARISONS.find((each) => reading.take(each));
    if (comparison !== undefined) {
      left = `(${left} ${comparison} ${readConcatenation(reading)})`;
      continue;
    }
    if (reading.take('IS')) {
      const not = reading.take('NOT') ? 'NOT ' : '';
      reading.need('NULL');
      left = `(${left} IS ${not}NULL)`;
      continue;
    }
    const further = readWordComparison(reading, left);
    if (further === undefined) return left;
    left = further;
  }
}

/** `[NOT] IN`, `BETWEEN`, `LIKE`, `ILIKE`. */
function readWordComparison(reading: Reading, left: string): string | undefined {
  const ahead = reading.at('NOT') ? 1 : 0;
  const word = reading.peek(ahead);
  if (word.kind !== 'word' || !['IN', 'BETWEEN', 'LIKE', 'ILIKE'].includes(word.key)) return undefined;
  for (let taken = 0; taken <= ahead; taken++) reading.next();
  const not = ahead === 1 ? 'NOT ' : '';
  if (word.key === 'IN') return `(${left} ${not}IN ${readSet(reading)})`;
  const right = readConcatenation(reading);
  if (word.key !== 'BETWEEN') return `(${left} ${not}${word.key} ${right})`;
  reading.need('AND');
  return `(${left} ${not}BETWEEN ${right} AND ${readConcatenation(reading)})`;
}

/** What `IN` looks in: never a bare name, which the engine would take for a table. */
function readSet(reading: Reading): string {
  const start = reading.peek();
  if (reading.at('(') || reading.at('[') || reading.at('{')) {
    const set = readPrimary(reading, readExpression);
    // To the engine brackets around one name are nothing.
    if (!/^\(+`[^`]*`(?:\.`[^`]*`)?\)+$/.test(set)) return set;
  }
  throw reading.fault(
    `Behind IN stand values or a query in brackets, or a parameter of a type Array(…), not ${said(start)}.`,
    start,
    'refused',
  );
}

function readConcatenation(reading: Reading): string {
  return chain(reading, readSum, ['||']);
}

function readSum(reading: Reading): string {
  return chain(reading, readProduct, ['+', '-']);
}

function readProduct(reading: Reading): string {
  return chain(reading, readSigned, ['*', '/', '%', 'DIV', 'MOD']);
}

function readSigned(reading: Reading): string {
  if (reading.take('-')) return reading.deeper(() => `(- ${readSigned(reading)})`);
  if (reading.take('+')) return reading.deeper(() => readSigned(reading));
  return readPostfix(reading);
}

/** Elements of arrays, maps and tuples, and casts. */
function readPostfix(reading: Reading): string {
  let value = readPrimary(reading, readExpression);
  for (;;) {
    if (reading.take('[')) {
      value = `arrayElement(${value}, ${readExpression(reading)})`;
      reading.need(']');
    } else if (reading.take('::')) {
      value = `CAST(${value} AS ${readType(reading)})`;
    } else if (reading.at('.') && reading.peek(1).kind === 'number') {
      reading.next();
      const element = reading.next();
      if (!/^\d{1,4}$/.test(element.value))
        throw reading.fault('Expected the number of an element.', element);
      value = `tupleElement(${value}, ${element.value})`;
    } else return value;
  }
}
