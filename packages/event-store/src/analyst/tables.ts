/** What a query reads from: `events`, queries of WITH, queries in brackets, and joins of them. Nothing else has a form. */
import { isQuery, isReserved } from './primary.ts';
import { listOf, printName, said } from './reading.ts';
import type { Reading } from './reading.ts';

const EVENTS = 'events';
/** Put for the view when it is known whether the texts are read; no name of a statement can be printed like it. */
export const EVENTS_PLACE = '\u0000events\u0000';

type ReadExpression = (reading: Reading) => string;

export function readTables(
  reading: Reading,
  readExpression: ReadExpression,
  queryName: (name: string) => string,
): string {
  let text = readTable(reading, queryName);
  for (;;) {
    if (reading.take(',')) {
      text += `, ${readTable(reading, queryName)}`;
      continue;
    }
    const arrayJoin = readArrayJoin(reading, readExpression);
    if (arrayJoin !== undefined) {
      text += ` ${arrayJoin}`;
      continue;
    }
    const join = readJoin(reading);
    if (join === undefined) return text;
    text += ` ${join} ${readTable(reading, queryName)}`;
    if (join === 'CROSS JOIN') continue;
    if (reading.take('USING')) {
      const inBrackets = reading.take('(');
      const names = listOf(reading, () => printName(readName(reading)));
      if (inBrackets) reading.need(')');
      text += ` USING (${names})`;
    } else {
      reading.need('ON');
      text += ` ON ${readExpression(reading)}`;
    }
  }
}

function readTable(reading: Reading, queryName: (name: string) => string): string {
  const token = reading.peek();
  if (reading.at('(')) {
    if (!isQuery(reading)) throw reading.fault('In these brackets stands a query: (SELECT …).');
    reading.need('(');
    const query = reading.query();
    reading.need(')');
    const alias = readTableAlias(reading);
    return alias === undefined ? `(${query})` : `(${query}) AS ${printName(alias)}`;
  }
  const name = readName(reading);
  // A query of WITH is there behind its end only, so what is named here has been read.
  const isNamed = reading.named.includes(name);
  if (reading.at('.') || reading.at('(') || !(isNamed || name === EVENTS)) {
    const what = reading.at('(') ? 'Table functions are not offered' : `There is no table ${said(token)}`;
    throw reading.fault(`${what}: only events and queries named by WITH are read.`, token, 'refused');
  }
  const alias = readTableAlias(reading) ?? name;
  return `${isNamed ? queryName(name) : EVENTS_PLACE} AS ${printName(alias)}`;
}

function readTableAlias(reading: Reading): string | undefined {
  if (reading.take('AS')) return readName(reading);
  const token = reading.peek();
  const isAlias = token.kind === 'name' || (token.kind === 'word' && !isReserved(token));
  return isAlias ? readName(reading) : undefined;
}

function readName(reading: Reading): string {
  const token = reading.next();
  if (token.kind === 'name' || (token.kind === 'word' && !isReserved(token))) return token.value;
  throw reading.fault(`Expected a name, found ${said(token)}.`, token);
}

function readArrayJoin(reading: Reading, readExpression: ReadExpression): string | undefined {
  const left = reading.take('LEFT', 'ARRAY', 'JOIN');
  if (!left && !reading.take('ARRAY', 'JOIN')) return undefined;
  const items = listOf(reading, () => {
    const value = readExpression(reading);
    return reading.take('AS') ? `${value} AS ${printName(readName(reading))}` : value;
  });
  return `${left ? 'LEFT ' : ''}ARRAY JOIN ${items}`;
}

const STRICTNESS = ['ANY', 'ALL', 'SEMI', 'ANTI', 'ASOF'];
const KINDS = ['INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS'];

/** The words of a join up to JOIN, in the engine's order. */
function readJoin(reading: Reading): string | undefined {
  const start = reading.peek();
  let strictness = STRICTNESS.find((word) => reading.take(word));
  const kind = KINDS.find((word) => reading.take(word));
  if (kind !== undefined && kind !== 'CROSS') reading.take('OUTER');
  strictness ??= STRICTNESS.find((word) => reading.take(word));
  if (strictness === undefined && kind === undefined && !reading.at('JOIN')) return undefined;
  if (kind === 'CROSS' && strictness !== undefined)
    throw reading.fault('A cross join has no strictness.', start);
  reading.need('JOIN');
  return [kind, strictness, 'JOIN'].filter((word) => word !== undefined).join(' ');
}
