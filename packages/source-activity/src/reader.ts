/** The counts of all intake processes together, followed as they change. */
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { decodeActivity, mergeActivity } from './activity.ts';
import type { SourceActivity } from './activity.ts';
import { ACTIVITY_TOPIC, activityTopic, sourceOfKey } from './topic.ts';

export interface ActivityReaderDependencies {
  readonly stream: EventStream;
  readonly logger: { warn(fields: object, message: string): void };
}

export interface ActivityReader {
  /** Reads what is there, then goes on reading. */
  start(): Promise<void>;
  /** Undefined: nothing ever came from it. */
  get(source: string): SourceActivity | undefined;
  /** Ids of sources something came from, registered or not. */
  sources(): readonly string[];
  stop(): Promise<void>;
}

const RETRY_MS = 1000;

export function createActivityReader({ stream, logger }: ActivityReaderDependencies): ActivityReader {
  const byKey = new Map<string, SourceActivity>();
  const keysOf = new Map<string, Set<string>>();
  const stopping = new AbortController();
  const next = new Map<number, number>();
  let following: Promise<void> = Promise.resolve();

  async function read(follow: boolean): Promise<void> {
    for await (const { partition, records } of stream.read(ACTIVITY_TOPIC, {
      from: next,
      follow,
      signal: stopping.signal,
    })) {
      for (const { key, value, offset } of records) {
        next.set(partition, offset + 1);
        const source = sourceOfKey(key);
        const activity = value === null ? undefined : decodeActivity(value);
        if (source === undefined || activity === undefined) continue;
        byKey.set(key, activity);
        const keys = keysOf.get(source) ?? new Set();
        keysOf.set(source, keys.add(key));
      }
    }
  }

  async function followOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await read(true);
      } catch (error) {
        if (stopping.signal.aborted) return;
        logger.warn({ err: error }, 'counts of sources cannot be read, trying again');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  return {
    async start() {
      await stream.createTopics([activityTopic]);
      for (const [partition, first] of await firstOffsets(stream, ACTIVITY_TOPIC)) next.set(partition, first);
      await read(false);
      following = followOn();
    },
    get(source) {
      const keys = keysOf.get(source);
      if (keys === undefined) return undefined;
      return [...keys].flatMap((key) => byKey.get(key) ?? []).reduce(mergeActivity);
    },
    sources: () => [...keysOf.keys()],
    async stop() {
      stopping.abort();
      await following;
    },
  };
}
