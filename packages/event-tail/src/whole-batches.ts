/**
 * Which batches of the stream that went to several partitions have members that were not seen yet: their order among
 * the others is not known so far, and what comes after them has to wait for a moment.
 */
import type { BatchPlace } from '@cadf-pipeline/event-stream';

/** A place in the order of acceptance, partitions left aside. */
export interface AcceptedPlace {
  readonly receivedMs: number;
  readonly place: number;
}

interface SeenBatch {
  readonly receivedMs: number;
  readonly firstSeenMs: number;
  /** Of the first member. */
  readonly firstPlace: number;
  readonly seen: Uint8Array;
  left: number;
  /** Index of the first member not seen. */
  missing: number;
}

export interface WholeBatches {
  see(place: BatchPlace, receivedMs: number, nowMs: number): void;
  /** The first place at which a batch lacks a member; undefined where none does. Batches waited for too long are forgotten. */
  firstMissing(nowMs: number): AcceptedPlace | undefined;
}

/** A header that another producer wrote may say anything. */
const MAX_COUNT = 1_000_000;
const MAX_BATCHES = 10_000;

/** `patienceMs`: how long a member is waited for. `sinceMs`: batches received before (less patience) may have begun unseen. */
export function createWholeBatches(patienceMs: number, sinceMs: number): WholeBatches {
  const batches = new Map<string, SeenBatch>();
  /** What was answered last, and when; undefined when it may have changed. */
  let answered: { readonly atMs: number; readonly first: AcceptedPlace | undefined } | undefined;
  return {
    see({ batch, index, count, place }, receivedMs, nowMs) {
      if (count < 2 || count > MAX_COUNT || index < 0 || index >= count) return;
      let known = batches.get(batch);
      if (known === undefined) {
        if (receivedMs < sinceMs - patienceMs || batches.size >= MAX_BATCHES) return;
        known = {
          receivedMs,
          firstSeenMs: nowMs,
          firstPlace: place - index,
          seen: new Uint8Array(count),
          left: count,
          missing: 0,
        };
        batches.set(batch, known);
      }
      if (known.seen[index] !== 0) return;
      answered = undefined;
      known.seen[index] = 1;
      known.left -= 1;
      while (known.seen[known.missing] === 1) known.missing += 1;
      if (known.left === 0) batches.delete(batch);
    },
    firstMissing(nowMs) {
      if (answered?.atMs === nowMs) return answered.first;
      let first: AcceptedPlace | undefined;
      for (const [id, { receivedMs, firstPlace, firstSeenMs, missing }] of batches) {
        const place = firstPlace + missing;
        if (nowMs - firstSeenMs >= patienceMs) batches.delete(id);
        else if (first === undefined || isBefore({ receivedMs, place }, first)) first = { receivedMs, place };
      }
      answered = { atMs: nowMs, first };
      return first;
    },
  };
}

export function isBefore(left: AcceptedPlace, right: AcceptedPlace): boolean {
  return left.receivedMs === right.receivedMs ? left.place < right.place : left.receivedMs < right.receivedMs;
}
