/** Batches as delivery hands them over, for tests of the ways to carry them. */
import type { TailEvent } from '@cadf-pipeline/event-tail';
import { eventToWrite } from '../../../../test/support/event-to-write.ts';
import type { OutgoingBatch } from './sink.ts';

/** As `eventToWrite`. */
export function tailEvent(offset: number, members?: object, ids?: number): TailEvent {
  return { ...eventToWrite(offset, members, ids), place: 0 };
}

export function outgoingBatch(events: readonly TailEvent[], id = 'batch-1'): OutgoingBatch {
  return { id, subscription: 'sub-1', events, cursor: 'cursor-1', test: false };
}

export function numberedBatch(first: number, count: number, id = `batch-${first}`): OutgoingBatch {
  return outgoingBatch(
    Array.from({ length: count }, (_, index) => tailEvent(first + index)),
    id,
  );
}
