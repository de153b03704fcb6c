/** The tail of a process, for all its subscriptions. */
import { EVENTS_TOPIC, StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { EventStore } from '@cadf-pipeline/event-store';
import { createHistoryTurns } from './history-turns.ts';
import type { EventTail, Positions } from './interface.ts';
import { createLiveTail } from './live-tail.ts';
import type { TailLogger } from './outage.ts';
import { readOn } from './reading.ts';

export interface EventTailDependencies {
  readonly stream: EventStream;
  readonly store: EventStore;
  readonly logger: TailLogger;
  /** Milliseconds since 1970 UTC. Default `Date.now`. */
  readonly now?: () => number;
}

/** Readings that read from the store at a time. */
const HISTORY_TURNS = 4;

/** Reads nothing before the first reading. To be closed before the stream and the store are. */
export function createEventTail({ stream, store, logger, now = Date.now }: EventTailDependencies): EventTail {
  const tail = createLiveTail({ stream, store, logger, now });
  const turns = createHistoryTurns(HISTORY_TURNS);

  async function ends(): Promise<Positions> {
    try {
      const bounds = await stream.bounds(EVENTS_TOPIC);
      return new Map([...bounds].map(([partition, { next }]) => [partition, next]));
    } catch (error) {
      // Intake makes the topic: until then nothing was accepted.
      if (error instanceof StreamError && error.code === 'STREAM_TOPIC_UNKNOWN') return new Map();
      throw error;
    }
  }

  return {
    follow: (options) => readOn({ tail, store, turns, logger }, options),
    now: async () => ({ next: await ends() }),
    since: async (fromMs) => ({ next: new Map(), backfill: { fromMs, until: await ends() } }),
    stored: (whole) => tail.stored(whole),
    close: () => tail.close(),
  };
}
