/** Which of many sources a record is of. */
import type { RecordHeader } from '../normalize/header.ts';
import type { RawRecord, Recognition, Source } from '../source.ts';

export interface Recognized extends Recognition {
  readonly source: Source;
}

/**
 * The source that is surest of a record; of equally sure ones the first by id. Depends on the record alone: on nothing
 * that came before it. `sources` are sorted by id.
 */
export function recognizeRecord(
  sources: readonly Source[],
  header: RecordHeader,
  record: RawRecord,
): Recognized | undefined {
  let best: Recognition | undefined;
  let found: Source | undefined;
  for (const source of sources) {
    const recognition = source.recognize(header, record);
    if (recognition === undefined || (best !== undefined && recognition.certainty <= best.certainty))
      continue;
    best = recognition;
    found = source;
    // Nobody behind it can be surer.
    if (recognition.certainty >= 1) break;
  }
  return best === undefined || found === undefined ? undefined : { ...best, source: found };
}
