/** When events arrived at receivers, and how long after they were accepted that was. */
import { readFileSync } from 'node:fs';
import { quantile } from './quantile.ts';

export interface Arrivals {
  /** How many came. */
  readonly count: number;
  /** An event arrives now; its JSON text or what was parsed of it. */
  came(event: unknown): void;
  /** Milliseconds from acceptance to arrival, of events that were accepted in the bench; never below 0. */
  latencies(acceptedAt: ReadonlyMap<string, number>): number[];
}

export function createArrivals(): Arrivals {
  const at = new Map<string, number>();
  return {
    get count() {
      return at.size;
    },
    came(event) {
      const { id } = event as { readonly id: string };
      if (!at.has(id)) at.set(id, performance.timeOrigin + performance.now());
    },
    latencies: (acceptedAt) =>
      [...at].flatMap(([id, ms]) => {
        const accepted = acceptedAt.get(id);
        // An event may be there before the answer that says it was accepted.
        return accepted === undefined ? [] : [Math.max(0, ms - accepted)];
      }),
  };
}

/**
 * When each event was accepted, by id, ms since 1970 UTC. `file`: the batches that were sent; `acceptedFile`: what
 * test/bench/load.ts wrote about them.
 */
export function readAccepted(file: string, acceptedFile: string): ReadonlyMap<string, number> {
  const times = readFileSync(acceptedFile, 'utf8').split('\n').map(Number);
  const accepted = new Map<string, number>();
  let batch = -1;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('#')) batch++;
    const ms = times[batch];
    if (line.startsWith('{') && ms !== undefined && ms > 0)
      accepted.set((JSON.parse(line) as { readonly id: string }).id, ms);
  }
  return accepted;
}

/** `p50 / p95 / p99 / max` of latencies. */
export function spread(latencies: number[]): string {
  return [0.5, 0.95, 0.99, 1].map((share) => quantile(latencies, share).toFixed(0)).join(' / ');
}
