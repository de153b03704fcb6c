/** Several lines that are one message, as one record: what is kept as evidence of it. */
import type { RawRecord } from '../source.ts';

/** The lines joined by line feeds; the first one's time of arrival and place. `records` is not empty. */
export function joinedRecord(records: readonly RawRecord[]): RawRecord {
  const [first] = records;
  if (first === undefined) throw new Error('a message has at least one line');
  if (records.length === 1) return first;
  const { bytes: _, ...rest } = first;
  const text = records.map((record) => record.text).join('\n');
  if (records.every((record) => record.bytes === undefined)) return { ...rest, text };
  const lines = records.flatMap(({ bytes, text: line }, index) => [
    ...(index === 0 ? [] : [Buffer.from('\n')]),
    bytes ?? Buffer.from(line),
  ]);
  return { ...rest, text, bytes: Buffer.concat(lines) };
}
