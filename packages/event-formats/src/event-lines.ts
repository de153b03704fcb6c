/** The events of a batch one after the other, for the formats that have to read them. */
import type { EventBatch, EventToWrite } from './event-format.ts';

/** An event whose text was read. */
export interface ReadEvent extends EventToWrite {
  /** Its text. */
  readonly json: string;
}

const LINE_FEED = 0x0a;

/** The lines without their line feeds, in the memory of the batch. */
export function* linesOf({ lines }: EventBatch): Generator<Buffer> {
  let start = 0;
  for (let end = lines.indexOf(LINE_FEED); end >= 0; end = lines.indexOf(LINE_FEED, start)) {
    yield lines.subarray(start, end);
    start = end + 1;
  }
}

export function* eventsOf(batch: EventBatch): Generator<ReadEvent> {
  const facts = batch.facts();
  let index = 0;
  for (const text of linesOf(batch)) {
    const its = facts[index++];
    if (its === undefined) throw new RangeError(`${facts.length} facts of ${batch.count} events`);
    const json = text.toString();
    const event: unknown = JSON.parse(json);
    const { offset, partition, receivedMs, source } = its;
    yield { source, receivedMs, partition, offset, text, json, event };
  }
}
