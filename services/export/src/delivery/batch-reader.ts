/** Puts the events of a tail together into batches: as many as are allowed, but none waits for longer than it may. */
import type { TailBatch, TailEvent, TailPlace } from '@cadf-pipeline/event-tail';
import type { BatchLimits } from './batch-limits.ts';

/** Events that are carried together. */
export interface CollectedBatch {
  /** Empty where nothing matched for a while. */
  readonly events: readonly TailEvent[];
  /** Where to go on after them. */
  readonly upto: TailPlace;
  /** As of the last batch of the tail that is in it. */
  readonly isLive: boolean;
}

export interface BatchReader {
  /**
   * The next batch; undefined at the end of the tail. Throws what the tail throws. One call at a time. Events that were
   * read and not given stay with the reader.
   */
  next(): Promise<CollectedBatch | undefined>;
  close(): Promise<void>;
}

/** `batches` is read ahead by one batch at most. */
export function createBatchReader(batches: AsyncIterable<TailBatch>, limits: BatchLimits): BatchReader {
  const iterator = batches[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<TailBatch>> | undefined;
  /** A batch of the tail of which events are left, from `from` on. */
  let rest: { readonly batch: TailBatch; readonly from: number } | undefined;

  /** The one that is under way, or the next. */
  function pull(): Promise<IteratorResult<TailBatch>> {
    pending ??= iterator.next();
    return pending;
  }

  /** Undefined: the time is over, or the tail. */
  async function more(deadline: Promise<undefined>): Promise<TailBatch | undefined> {
    const result = await Promise.race([pull(), deadline]);
    if (result === undefined) return undefined;
    if (result.done === true) return undefined;
    pending = undefined;
    return result.value;
  }

  async function first(): Promise<{ readonly batch: TailBatch; readonly from: number } | undefined> {
    if (rest !== undefined) return rest;
    const result = await pull();
    if (result.done === true) return undefined;
    pending = undefined;
    return { batch: result.value, from: 0 };
  }

  return {
    async next() {
      let part = await first();
      if (part === undefined) return undefined;
      rest = undefined;
      const events: TailEvent[] = [];
      let bytes = 0;
      let upto = part.batch.place;
      let { isLive } = part.batch;
      const { promise: deadline, resolve } = Promise.withResolvers<undefined>();
      const timer = setTimeout(resolve, limits.maxWaitMs, undefined);
      try {
        while (part !== undefined) {
          const { batch, from } = part;
          ({ isLive } = batch);
          let at = from;
          for (; at < batch.events.length; at++) {
            const event = batch.events[at];
            if (event === undefined) break;
            const fits = events.length < limits.maxEvents && bytes + event.text.length <= limits.maxBytes;
            if (!fits && events.length > 0) break;
            events.push(event);
            bytes += event.text.length;
          }
          if (at < batch.events.length) {
            rest = { batch, from: at };
            // Nothing of a batch that does not fit at all was taken: its place before stands.
            if (at > from) upto = batch.placeAfter(at - 1);
            break;
          }
          upto = batch.place;
          if (events.length === 0 || events.length >= limits.maxEvents || bytes >= limits.maxBytes) break;
          const following = await more(deadline);
          part = following === undefined ? undefined : { batch: following, from: 0 };
        }
      } finally {
        clearTimeout(timer);
        resolve(undefined);
      }
      return { events, upto, isLive };
    },
    async close() {
      // What is under way is given up by its own signal; its failure is nobody's any more.
      pending?.catch(() => undefined);
      await iterator.return?.();
    },
  };
}
