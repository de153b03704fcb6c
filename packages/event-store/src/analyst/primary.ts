/** What expressions are made of: values, columns, calls, queries in brackets. */
import { quoted } from '../engine/parameter-text.ts';
import { readType } from './data-type.ts';
import { offeredFunction } from './functions.ts';
import { listOf, printName, said } from './reading.ts';
import type { Reading } from './reading.ts';
import type { Token } from './tokens.ts';
import { readWindow } from './window.ts';

export type ReadExpression = (reading: Reading) => string;

/** Words that can be no column unless in quotes. */
const RESERVED = new Set([
  'ALL', 'AND', 'ANTI', 'ANY', 'ARRAY', 'AS', 'ASC', 'ASOF', 'BETWEEN', 'BY', 'CASE', 'CROSS', 'DESC', 'DISTINCT', 'DIV',
  'ELSE', 'END', 'EXCEPT', 'FINAL', 'FORMAT', 'FROM', 'FULL', 'GLOBAL', 'GROUP', 'HAVING', 'ILIKE', 'IN', 'INNER',
  'INTERSECT', 'INTO', 'IS', 'JOIN', 'LEFT', 'LIKE', 'LIMIT', 'MOD', 'NOT', 'OFFSET', 'ON', 'OR', 'ORDER', 'OVER',
  'PARALLEL', 'PREWHERE', 'QUALIFY', 'RIGHT', 'SAMPLE', 'SELECT', 'SEMI', 'SETTINGS', 'THEN', 'UNION', 'USING', 'WHEN',
  'WHERE', 'WINDOW', 'WITH',
]); // prettier-ignore
const UNITS = new Set([
  'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR',
]); // prettier-ignore
/** The column that is made from several others when it is asked for. */
const TEXT_COLUMN = 'event';

export function isReserved(token: Token): boolean {
  return token.kind === 'word' && RESERVED.has(token.key);
}

/** Reads one operand. Throws SqlFault. */
export function readPrimary(reading: Reading, readExpression: ReadExpression): string {
  const token = reading.peek();
  if (token.kind === 'text') return quoted(reading.next().value);
  if (token.kind === 'number') return reading.next().value;
  if (token.kind === 'name') return readColumn(reading);
  if (token.kind === 'symbol') return readBracketed(reading, readExpression);
  if (token.kind === 'word') return readWord(reading, readExpression, token);
  throw reading.fault('The statement ends where a value is expected.');
}

function readWord(reading: Reading, readExpression: ReadExpression, token: Token): string {
  const following = reading.peek(1);
  const isCall = following.kind === 'symbol' && following.key === '(';
  if (token.key === 'CASE') return readCase(reading, readExpression);
  if (token.key === 'CAST' && isCall) return readCast(reading, readExpression);
  if (token.key === 'EXISTS' && isCall) {
    reading.need('EXISTS', '(');
    if (!isQuery(reading)) throw reading.fault('Behind EXISTS stands a query in brackets.');
    const query = reading.query();
    reading.need(')');
    return `EXISTS (${query})`;
  }
  if (token.key === 'EXTRACT' && isCall && UNITS.has(reading.peek(2).key)) {
    reading.next();
    reading.next();
    const unit = reading.next().key;
    reading.need('FROM');
    const value = readExpression(reading);
    reading.need(')');
    return `EXTRACT(${unit} FROM ${value})`;
  }
  if (token.key === 'INTERVAL' && !isCall && following.kind !== 'end')
    return readInterval(reading, readExpression);
  if ((token.key === 'DATE' || token.key === 'TIMESTAMP') && following.kind === 'text') {
    reading.next();
    return `${token.key === 'DATE' ? 'toDate' : 'toDateTime'}(${quoted(reading.next().value)})`;
  }
  if (token.key === 'NULL' || token.key === 'TRUE' || token.key === 'FALSE') {
    reading.next();
    return token.key;
  }
  if (isCall) return readCall(reading, readExpression);
  if (RESERVED.has(token.key))
    throw reading.fault(
      `${said(token)} cannot stand here. In double quotes it would be the name of a column.`,
      token,
    );
  return readColumn(reading);
}

/** `a`, `a.b`: a column, of a table or an element. */
function readColumn(reading: Reading): string {
  const parts: string[] = [];
  do {
    const part = reading.next();
    if (part.kind !== 'word' && part.kind !== 'name')
      throw reading.fault(`Expected a name, found ${said(part)}.`, part);
    parts.push(part.value);
    if (part.value === TEXT_COLUMN) reading.readsText = true;
    if (parts.length > 2)
      throw reading.fault('A column has its name, and that of its table before it.', part, 'refused');
  } while (reading.at('.') && reading.peek(1).kind !== 'number' && reading.take('.'));
  if (reading.at('('))
    throw reading.fault('A function is called by its name, without quotes.', reading.peek(), 'refused');
  return parts.map(printName).join('.');
}

/** Values in round or square brackets, a query, or a parameter. */
function readBracketed(reading: Reading, readExpression: ReadExpression): string {
  if (reading.at('{')) return readParameter(reading);
  if (reading.take('[')) {
    if (reading.take(']')) return '[]';
    const items = listOf(reading, () => readExpression(reading));
    reading.need(']');
    return `[${items}]`;
  }
  const open = reading.peek();
  if (!reading.take('(')) throw reading.fault(`Expected a value, found ${said(open)}.`, open);
  if (isQuery(reading)) {
    const query = reading.query();
    reading.need(')');
    return `(${query})`;
  }
  const items = [readExpression(reading)];
  while (reading.take(',')) {
    if (reading.at(')')) break;
    items.push(readExpression(reading));
  }
  reading.need(')');
  return items.length === 1 ? `(${items[0]})` : `(${items.join(', ')})`;
}

/** Whether what follows is a query rather than a value. */
export function isQuery(reading: Reading): boolean {
  let ahead = 0;
  while (reading.peek(ahead).kind === 'symbol' && reading.peek(ahead).key === '(') ahead += 1;
  const { kind, key } = reading.peek(ahead);
  return kind === 'word' && (key === 'SELECT' || key === 'WITH');
}

/** `{name: Type}`; the engine binds the value. */
function readParameter(reading: Reading): string {
  reading.need('{');
  const name = reading.next();
  if (name.kind !== 'word')
    throw reading.fault(`Expected the name of a parameter, found ${said(name)}.`, name);
  reading.need(':');
  const type = readType(reading);
  reading.need('}');
  const before = reading.parameters.get(name.value);
  if (before !== undefined && before !== type)
    throw reading.fault(`The parameter ${said(name)} is of two types, ${before} and ${type}.`, name);
  reading.parameters.set(name.value, type);
  return `{${parameterName(name.value)}: ${type}}`;
}

/** How the engine knows a parameter: apart from those of the store. */
export function parameterName(name: string): string {
  return `analyst_${name}`;
}

function readCase(reading: Reading, readExpression: ReadExpression): string {
  reading.need('CASE');
  const parts = ['CASE'];
  if (!reading.at('WHEN')) parts.push(readExpression(reading));
  do {
    reading.need('WHEN');
    const when = readExpression(reading);
    reading.need('THEN');
    parts.push(`WHEN ${when} THEN ${readExpression(reading)}`);
  } while (reading.at('WHEN'));
  if (reading.take('ELSE')) parts.push(`ELSE ${readExpression(reading)}`);
  reading.need('END');
  return `${parts.join(' ')} END`;
}

function readCast(reading: Reading, readExpression: ReadExpression): string {
  reading.need('CAST', '(');
  const value = readExpression(reading);
  reading.need('AS');
  const type = readType(reading);
  reading.need(')');
  return `CAST(${value} AS ${type})`;
}

/** `INTERVAL 5 minute`, `INTERVAL '1 hour'`. */
function readInterval(reading: Reading, readExpression: ReadExpression): string {
  reading.need('INTERVAL');
  const token = reading.peek();
  let value: string;
  let unit: string;
  if (token.kind === 'text') {
    const match = /^(\d{1,9})(?: ([a-z]{1,12}))?$/i.exec(reading.next().value);
    if (match === null)
      throw reading.fault("Write an interval as in INTERVAL 5 MINUTE or '5 minute'.", token);
    value = match[1] ?? '';
    unit = (match[2] ?? reading.next().key).toUpperCase();
  } else {
    value = readPrimary(reading, readExpression);
    unit = reading.next().key;
  }
  const known = [unit, unit.replace(/S$/, '')].find((each) => UNITS.has(each));
  if (known === undefined)
    throw reading.fault(`An interval is of ${[...UNITS].join(', ').toLowerCase()}.`, token);
  return `INTERVAL ${value} ${known}`;
}

/** A call of an offered function: `name(…)`, `name(parameters)(…)`, with DISTINCT, FILTER and OVER. */
function readCall(reading: Reading, readExpression: ReadExpression): string {
  const name = reading.next();
  const offered = offeredFunction(name.value);
  if (offered === undefined)
    throw reading.fault(`The function ${said(name)} is not offered.`, name, 'refused');
  let call = offered + readArguments(reading, readExpression);
  if (reading.at('(')) call += readArguments(reading, readExpression);
  if (reading.take('FILTER')) {
    reading.need('(', 'WHERE');
    call += ` FILTER (WHERE ${readExpression(reading)})`;
    reading.need(')');
  }
  if (reading.take('OVER')) call += ` OVER ${readWindow(reading, readExpression)}`;
  return call;
}

function readArguments(reading: Reading, readExpression: ReadExpression): string {
  reading.need('(');
  if (reading.take(')')) return '()';
  if (reading.take('*', ')')) return '(*)';
  const distinct = reading.take('DISTINCT') ? 'DISTINCT ' : '';
  const items = isQuery(reading) ? `(${reading.query()})` : listOf(reading, () => readExpression(reading));
  reading.need(')');
  return `(${distinct}${items})`;
}
