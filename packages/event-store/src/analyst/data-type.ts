/** Types that values are cast to and parameters are of: plain ones, by the engine's own names. */
import { quoted } from '../engine/parameter-text.ts';
import { listOf, said } from './reading.ts';
import type { Reading } from './reading.ts';

const PLAIN = new Set([
  'Bool', 'Date', 'Date32', 'DateTime', 'Float32', 'Float64', 'Int8', 'Int16', 'Int32', 'Int64', 'Int128', 'Int256',
  'IPv4', 'IPv6', 'String', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'UInt128', 'UInt256', 'UUID',
]); // prettier-ignore
/** Of types, or of numbers and time zones. */
const OF_TYPES = new Set(['Array', 'Nullable', 'Tuple', 'Map', 'LowCardinality']);
const OF_VALUES = new Set(['FixedString', 'DateTime', 'DateTime64', 'Decimal']);

/** Reads a type and prints it. Throws SqlFault. */
export function readType(reading: Reading): string {
  const name = reading.next();
  if (name.kind === 'word') {
    const inBrackets = reading.at('(');
    if (inBrackets && OF_TYPES.has(name.value))
      return bracketed(reading, name.value, () => readType(reading));
    if (inBrackets && OF_VALUES.has(name.value))
      return bracketed(reading, name.value, () => readTypeValue(reading));
    if (!inBrackets && PLAIN.has(name.value)) return name.value;
  }
  throw reading.fault(
    `${said(name)} is no type that is offered. Types are written as in String, UInt64, DateTime64(3), Array(String), Nullable(Float64).`,
    name,
    'refused',
  );
}

function bracketed(reading: Reading, name: string, read: () => string): string {
  return reading.deeper(() => {
    reading.need('(');
    const inside = listOf(reading, read);
    reading.need(')');
    return `${name}(${inside})`;
  });
}

function readTypeValue(reading: Reading): string {
  const token = reading.next();
  if (token.kind === 'number' && /^\d{1,9}$/.test(token.value)) return token.value;
  if (token.kind === 'text' && /^[\w/+-]{1,64}$/.test(token.value)) return quoted(token.value);
  throw reading.fault(`Expected a number or a time zone, found ${said(token)}.`, token);
}
