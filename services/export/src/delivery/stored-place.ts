/** Places of a tail as they are kept in topics. */
import type { StoredPlace } from '@cadf-pipeline/control-state';
import type { Positions, TailPlace } from '@cadf-pipeline/event-tail';

export function toStoredPlace({ next, backfill }: TailPlace): StoredPlace {
  return {
    next: toStoredPositions(next),
    ...(backfill === undefined
      ? {}
      : { backfill: { fromMs: backfill.fromMs, until: toStoredPositions(backfill.until) } }),
  };
}

export function fromStoredPlace({ next, backfill }: StoredPlace): TailPlace {
  return {
    next: fromStoredPositions(next),
    ...(backfill === undefined
      ? {}
      : { backfill: { fromMs: backfill.fromMs, until: fromStoredPositions(backfill.until) } }),
  };
}

function toStoredPositions(positions: Positions): Record<string, number> {
  return Object.fromEntries([...positions].map(([partition, offset]) => [String(partition), offset]));
}

function fromStoredPositions(positions: Readonly<Record<string, number>>): Map<number, number> {
  return new Map(Object.entries(positions).map(([partition, offset]) => [Number(partition), offset]));
}
