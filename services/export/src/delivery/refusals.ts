/**
 * A store that does not read on for a subscription, because that takes more than a query may: remembered with the
 * progress, so that any process can tell, and tried again ever more seldom.
 */
import { TailEnded } from '@cadf-pipeline/event-tail';
import type { WorkLogger } from '@cadf-pipeline/shared-work';
import type { ProgressKeeper } from './progress-keeper.ts';

export interface Refusals {
  /** Sets it in what is kept; answers how long to wait, ms. Throws any other error. */
  refused(error: unknown): number;
  /** It was read on. True: it was refused before, and what is kept has changed. */
  over(): boolean;
}

export interface RefusalsDependencies {
  /** Of the subscription. */
  readonly id: string;
  readonly kept: Pick<ProgressKeeper, 'current' | 'set'>;
  readonly logger: WorkLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

const FIRST_MS = 5_000;
const LAST_MS = 900_000;
const MAX_REASON = 1000;

export function createRefusals({ id, kept, logger, now }: RefusalsDependencies): Refusals {
  return {
    refused(error) {
      if (!(error instanceof TailEnded && error.reason === 'refused')) throw error;
      const before = kept.current.refused;
      if (before === undefined)
        logger.warn(
          { err: error.cause, subscription: id },
          'the store refuses to read on for a subscription',
        );
      const failures = (before?.failures ?? 0) + 1;
      const waitMs = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LAST_MS);
      const nowMs = now();
      kept.set({
        ...kept.current,
        refused: {
          sinceMs: before?.sinceMs ?? nowMs,
          reason: error.message.slice(0, MAX_REASON),
          failures,
          nextMs: nowMs + waitMs,
        },
      });
      return waitMs;
    },
    over() {
      const { refused, ...others } = kept.current;
      if (refused === undefined) return false;
      logger.info({ subscription: id, ...refused }, 'the store reads on for a subscription');
      kept.set(others);
      return true;
    },
  };
}
