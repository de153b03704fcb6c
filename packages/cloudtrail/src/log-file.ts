/** Log files of CloudTrail: `{"Records":[…]}`, gzip (AWS CloudTrail User Guide, "CloudTrail log file examples"). */
import { createRecordCutter } from './record-cutter.ts';
import { contentOf, DEFAULT_LIMITS } from './trail-file.ts';
import type { TrailLimits } from './trail-file.ts';

/**
 * The records of a log file, each as its own text, in their order. Reads the file once and holds one record at a time.
 * Files of Insights have the same form. Throws `TrailFileError`: `too-large`, `damaged`, `not-a-log-file`; records given
 * before stay good, those behind are not known.
 */
export async function* openLogFile(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: Partial<TrailLimits> = {},
): AsyncGenerator<string, void, undefined> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const cutter = createRecordCutter(bounds);
  for await (const piece of contentOf(pieces, bounds.maxContentBytes)) yield* cutter.push(piece);
  cutter.end();
}
