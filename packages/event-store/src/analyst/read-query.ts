/** Queries: SELECT with its clauses, UNION and the like, WITH. */
import { readExpression } from './expression.ts';
import { isQuery, isReserved } from './primary.ts';
import { listOf, printName, said } from './reading.ts';
import type { Reading } from './reading.ts';
import { readTables } from './tables.ts';
import { readOrder, readWindow } from './window.ts';

const NOT_OFFERED = ['SETTINGS', 'FORMAT', 'INTO', 'PREWHERE', 'SAMPLE', 'FINAL', 'FETCH', 'PARALLEL'];

/** Reads a query, until what does not belong to it. Throws SqlFault. */
export function readQuery(reading: Reading): string {
  const outer = reading.named.length;
  const text = reading.deeper(() => {
    const first = reading.take('WITH') ? `WITH ${listOf(reading, () => readNamed(reading))} ` : '';
    let query = first + readOperand(reading);
    for (;;) {
      const operator = readSetOperator(reading);
      if (operator === undefined) return query;
      query += ` ${operator} ${readOperand(reading)}`;
    }
  });
  reading.named.length = outer;
  return text;
}

/** `name AS (query)` or `value AS name`. */
function readNamed(reading: Reading): string {
  const name = reading.peek();
  const isNamed = name.kind === 'name' || (name.kind === 'word' && !isReserved(name));
  if (isNamed && reading.peek(1).key === 'AS' && reading.peek(2).key === '(') {
    reading.next();
    reading.need('AS', '(');
    if (!isQuery(reading)) throw reading.fault('Behind AS stands a query in brackets.');
    if (name.value.toLowerCase() === 'events' || reading.named.includes(name.value))
      throw reading.fault(`The name ${said(name)} is taken: give the query another.`, name, 'refused');
    const query = readQuery(reading);
    reading.need(')');
    reading.named.push(name.value);
    return `${queryName(name.value)} AS (${query})`;
  }
  const value = readExpression(reading);
  reading.need('AS');
  return `${value} AS ${readAlias(reading)}`;
}

/** How the engine knows a query of WITH: apart from all tables there are. */
export function queryName(name: string): string {
  return printName(`query ${name}`);
}

function readSetOperator(reading: Reading): string | undefined {
  for (const operator of ['UNION', 'INTERSECT', 'EXCEPT']) {
    if (!reading.take(operator)) continue;
    if (reading.take('ALL')) return `${operator} ALL`;
    if (reading.take('DISTINCT') || operator !== 'EXCEPT') return `${operator} DISTINCT`;
    return operator;
  }
  return undefined;
}

function readOperand(reading: Reading): string {
  if (!reading.take('(')) return readSelect(reading);
  const query = readQuery(reading);
  reading.need(')');
  return `(${query})`;
}

function readSelect(reading: Reading): string {
  reading.need('SELECT');
  const expression = (): string => readExpression(reading);
  const parts = ['SELECT'];
  if (reading.take('DISTINCT')) {
    parts.push('DISTINCT');
    if (reading.take('ON', '(')) {
      parts.push(`ON (${listOf(reading, expression)})`);
      reading.need(')');
    }
  }
  parts.push(listOf(reading, () => readItem(reading)));
  if (reading.take('FROM')) parts.push(`FROM ${readTables(reading, readExpression, queryName)}`);
  for (const clause of ['WHERE', 'GROUP BY', 'HAVING', 'WINDOW', 'QUALIFY', 'ORDER BY']) {
    if (!reading.take(...clause.split(' '))) continue;
    if (clause === 'GROUP BY') parts.push(`GROUP BY ${readGroups(reading)}`);
    else if (clause === 'ORDER BY')
      parts.push(`ORDER BY ${reading.take('ALL') ? 'ALL' : readOrder(reading, readExpression)}`);
    else if (clause === 'WINDOW') parts.push(`WINDOW ${listOf(reading, () => readNamedWindow(reading))}`);
    else parts.push(`${clause} ${expression()}`);
  }
  parts.push(...readLimits(reading));
  const refused = NOT_OFFERED.find((word) => reading.at(word));
  if (refused !== undefined) throw reading.fault(`${refused} is not offered.`, reading.peek(), 'refused');
  return parts.join(' ');
}

function readItem(reading: Reading): string {
  const table = reading.peek();
  const isTable = table.kind === 'name' || (table.kind === 'word' && !isReserved(table));
  const ofTable = isTable && reading.peek(1).key === '.' && reading.peek(2).key === '*';
  if (ofTable) {
    reading.next();
    reading.next();
  }
  if (reading.take('*')) {
    const all = ofTable ? `${printName(table.value)}.*` : '*';
    if (!reading.take('EXCEPT', '(')) return all;
    const names = listOf(reading, () => readAlias(reading));
    reading.need(')');
    return `${all} EXCEPT (${names})`;
  }
  const value = readExpression(reading);
  if (reading.take('AS')) return `${value} AS ${readAlias(reading)}`;
  const token = reading.peek();
  const isAlias = token.kind === 'name' || (token.kind === 'word' && !isReserved(token));
  return isAlias ? `${value} AS ${readAlias(reading)}` : value;
}

function readAlias(reading: Reading): string {
  const token = reading.next();
  if (token.kind !== 'word' && token.kind !== 'name')
    throw reading.fault(`Expected a name, found ${said(token)}.`, token);
  return printName(token.value);
}

function readGroups(reading: Reading): string {
  if (reading.take('ALL')) return 'ALL';
  const expression = (): string => readExpression(reading);
  const inBrackets = (): string => {
    reading.need('(');
    const inside = reading.at(')') ? '' : listOf(reading, expression);
    reading.need(')');
    return `(${inside})`;
  };
  if (reading.take('GROUPING', 'SETS')) {
    reading.need('(');
    const sets = listOf(reading, inBrackets);
    reading.need(')');
    return `GROUPING SETS (${sets})`;
  }
  for (const form of ['ROLLUP', 'CUBE']) if (reading.take(form)) return `${form}${inBrackets()}`;
  const groups = listOf(reading, expression);
  for (const form of ['ROLLUP', 'CUBE']) if (reading.take('WITH', form)) return `${groups} WITH ${form}`;
  return groups;
}

function readNamedWindow(reading: Reading): string {
  const name = readAlias(reading);
  reading.need('AS');
  return `${name} AS ${readWindow(reading, readExpression)}`;
}

/** `LIMIT n [OFFSET m] BY …`, then `LIMIT n [OFFSET m]` or `LIMIT m, n`. */
function readLimits(reading: Reading): string[] {
  const parts: string[] = [];
  while (parts.length < 2 && reading.take('LIMIT')) {
    let limit = readExpression(reading);
    if (reading.take(',')) limit += `, ${readExpression(reading)}`;
    else if (reading.take('OFFSET')) limit += ` OFFSET ${readExpression(reading)}`;
    if (!reading.take('BY')) return [...parts, `LIMIT ${limit}`];
    parts.push(`LIMIT ${limit} BY ${listOf(reading, () => readExpression(reading))}`);
  }
  if (reading.take('OFFSET')) parts.push(`OFFSET ${readExpression(reading)}`);
  return parts;
}
