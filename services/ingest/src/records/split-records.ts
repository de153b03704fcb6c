/** All raw records of a body at once, bounded in number. */
import { frameBody } from '../framing/frame-body.ts';
import type { FrameOptions } from '../framing/frame-body.ts';
import type { Framing, RawRecord } from '../source.ts';

export interface SplitOptions extends Omit<FrameOptions, 'framings'> {
  /** Reading ends behind one more than these; default: no bound. */
  readonly maxRecords?: number;
}

/** See `frameBody`; `framings` are those of the source. */
export function splitRecords(
  body: Buffer,
  framings: readonly Framing[],
  { maxRecords = Infinity, ...options }: SplitOptions,
): readonly RawRecord[] {
  const records: RawRecord[] = [];
  for (const record of frameBody(body, { ...options, framings })) {
    records.push(record);
    if (records.length > maxRecords) break;
  }
  return records;
}
