/**
 * Counts in one intake process and writes the sums to the topic, at most once a second and when it stops. What was
 * counted in the last second before a crash is missing from the counts (never from the events).
 */
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { decodeActivity, encodeActivity, mergeActivity, noActivity } from './activity.ts';
import type { LastPoll, RecordEnding, SourceActivity } from './activity.ts';
import { addNamed } from './named-counts.ts';
import { ACTIVITY_TOPIC, activityKey, activityTopic, sourceOfKey } from './topic.ts';

export interface ActivityRecorderDependencies {
  readonly stream: EventStream;
  /** Names this process among all, the same after a restart: its counts go on where they were. */
  readonly writer: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly logger: { warn(fields: object, message: string): void };
  /** Default 1000 ms. */
  readonly flushMs?: number;
}

export interface ActivityRecorder {
  /** Makes the topic and reads what this process had counted before. */
  start(): Promise<void>;
  ended(source: string, ending: RecordEnding, count: number): void;
  /** One record of an operation no rule knows, besides its ending. */
  unmapped(source: string, operation: string): void;
  /** Why one record was ignored, besides its ending. */
  ignoredBy(source: string, rule: string): void;
  /** Its provider was asked; `trouble`: what could not be had, and why. At most 500 characters of it are kept. */
  polled(source: string, trouble: string | undefined): void;
  stop(): Promise<void>;
}

interface Counting {
  readonly endings: Record<RecordEnding, number>;
  unmapped: number;
  readonly unmappedOperations: Map<string, number>;
  readonly ignoredByRule: Map<string, number>;
  lastSeenMs: number;
  lastPoll?: LastPoll;
}

/** Sources are registered or belong to a key, so their number is the administrator's; this bounds a mistake. */
const MAX_SOURCES = 10_000;
const MAX_TROUBLE = 500;

export function createActivityRecorder(dependencies: ActivityRecorderDependencies): ActivityRecorder {
  const { stream, writer, now, logger, flushMs = 1000 } = dependencies;
  const counts = new Map<string, Counting>();
  const before = new Map<string, SourceActivity>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function of(source: string): Counting | undefined {
    let found = counts.get(source);
    if (found === undefined) {
      if (counts.size >= MAX_SOURCES) return undefined;
      found = {
        endings: { ...noActivity.endings },
        unmapped: 0,
        unmappedOperations: new Map(),
        ignoredByRule: new Map(),
        lastSeenMs: 0,
      };
      counts.set(source, found);
    }
    changed.add(source);
    return found;
  }

  async function flush(): Promise<void> {
    const sources = [...changed];
    if (sources.length === 0) return;
    changed.clear();
    const records = sources.map((source) => ({
      key: activityKey(source, writer),
      value: encodeActivity(
        mergeActivity(before.get(source) ?? noActivity, counts.get(source) ?? noActivity),
      ),
    }));
    try {
      await stream.append(ACTIVITY_TOPIC, { records });
    } catch (error) {
      for (const source of sources) changed.add(source);
      logger.warn({ err: error }, 'counts of sources could not be written, trying again');
    }
  }

  return {
    async start() {
      await stream.createTopics([activityTopic]);
      const from = await firstOffsets(stream, ACTIVITY_TOPIC);
      for await (const { records } of stream.read(ACTIVITY_TOPIC, { from, follow: false })) {
        for (const { key, value } of records) {
          const source = sourceOfKey(key);
          if (source === undefined || key !== activityKey(source, writer)) continue;
          const activity = value === null ? undefined : decodeActivity(value);
          if (activity !== undefined) before.set(source, activity);
        }
      }
      timer = setInterval(() => {
        writing = writing.then(flush);
      }, flushMs);
    },
    ended(source, ending, count) {
      if (count === 0) return;
      const counting = of(source);
      if (counting === undefined) return;
      counting.endings[ending] += count;
      counting.lastSeenMs = now();
    },
    unmapped(source, operation) {
      const counting = of(source);
      if (counting === undefined) return;
      counting.unmapped += 1;
      addNamed(counting.unmappedOperations, operation, 1);
    },
    ignoredBy(source, rule) {
      const counting = of(source);
      if (counting !== undefined) addNamed(counting.ignoredByRule, rule, 1);
    },
    polled(source, trouble) {
      const counting = of(source);
      if (counting === undefined) return;
      const words = trouble?.slice(0, MAX_TROUBLE).toWellFormed();
      counting.lastPoll = { atMs: now(), ...(words === undefined ? {} : { trouble: words }) };
    },
    async stop() {
      clearInterval(timer);
      await writing;
      await flush();
    },
  };
}
