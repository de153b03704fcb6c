/** The windows of window functions, and orders. */
import { listOf, printName, said } from './reading.ts';
import type { Reading } from './reading.ts';

type ReadExpression = (reading: Reading) => string;

/** Behind OVER: a name or a definition in brackets. */
export function readWindow(reading: Reading, readExpression: ReadExpression): string {
  if (!reading.at('(')) {
    const name = reading.next();
    if (name.kind !== 'word' && name.kind !== 'name')
      throw reading.fault(`Expected a window, found ${said(name)}.`, name);
    return printName(name.value);
  }
  reading.need('(');
  const parts: string[] = [];
  if (reading.take('PARTITION', 'BY'))
    parts.push(`PARTITION BY ${listOf(reading, () => readExpression(reading))}`);
  if (reading.take('ORDER', 'BY')) parts.push(`ORDER BY ${readOrder(reading, readExpression)}`);
  if (reading.at('ROWS') || reading.at('RANGE')) {
    const unit = reading.next().key;
    if (reading.take('BETWEEN')) {
      const from = readBound(reading);
      reading.need('AND');
      parts.push(`${unit} BETWEEN ${from} AND ${readBound(reading)}`);
    } else parts.push(`${unit} ${readBound(reading)}`);
  }
  reading.need(')');
  return `(${parts.join(' ')})`;
}

function readBound(reading: Reading): string {
  if (reading.take('CURRENT', 'ROW')) return 'CURRENT ROW';
  const from = reading.next();
  if (!(from.key === 'UNBOUNDED' || (from.kind === 'number' && /^\d{1,9}$/.test(from.value))))
    throw reading.fault(`Expected a bound of the window, found ${said(from)}.`, from);
  const side = reading.next();
  if (side.key !== 'PRECEDING' && side.key !== 'FOLLOWING')
    throw reading.fault(`Expected PRECEDING or FOLLOWING, found ${said(side)}.`, side);
  return `${from.key} ${side.key}`;
}

/** What is ordered by. */
export function readOrder(reading: Reading, readExpression: ReadExpression): string {
  return listOf(reading, () => {
    let item = readExpression(reading);
    if (reading.take('DESC')) item += ' DESC';
    else if (reading.take('ASC')) item += ' ASC';
    if (reading.take('NULLS', 'FIRST')) item += ' NULLS FIRST';
    else if (reading.take('NULLS', 'LAST')) item += ' NULLS LAST';
    return item;
  });
}
