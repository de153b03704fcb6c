/**
 * The log of deliveries: written by who delivers, followed by every process, so that any can tell. It is for people:
 * what was not written in the last moment before a crash is missing from it, never from what is delivered.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { AppendRecord, EventStream, TopicSettings } from '@cadf-pipeline/event-stream';
import type { WorkLogger } from '@cadf-pipeline/shared-work';
import { decodeAttempt, encodeAttempt } from './attempt-record.ts';
import type { AttemptRecord } from './attempt-record.ts';
import { createAttemptRings } from './attempt-rings.ts';

const DAY_MS = 86_400_000;
const MIB = 1024 ** 2;

export const attemptTopicSettings: TopicSettings = {
  name: 'cadf.delivery-attempts',
  partitions: 4,
  cleanup: 'delete',
  retentionMs: 7 * DAY_MS,
  retentionBytes: 16 * MIB,
};

export interface AttemptLog {
  start(): Promise<void>;
  add(subscription: string, attempt: AttemptRecord): void;
  /** The newest first, at most `limit`. */
  last(subscription: string, limit: number): readonly AttemptRecord[];
  stop(): Promise<void>;
}

export interface AttemptLogDependencies {
  readonly stream: EventStream;
  readonly logger: WorkLogger;
  /** How long attempts wait to be written together, ms; default 200. */
  readonly flushMs?: number;
}

/** Attempts that wait to be written while the stream is away; past it the oldest are left out. */
const MAX_WAITING = 10_000;
const RETRY_MS = 1000;

export function createAttemptLog({ stream, logger, flushMs = 200 }: AttemptLogDependencies): AttemptLog {
  const topic = attemptTopicSettings.name;
  const rings = createAttemptRings();
  const next = new Map<number, number>();
  const stopping = new AbortController();
  let waiting: AppendRecord[] = [];
  let left = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let following: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    timer = undefined;
    const records = waiting;
    waiting = [];
    if (records.length === 0) return;
    try {
      await stream.append(topic, { records });
      if (left > 0) logger.warn({ attempts: left }, 'attempts are missing from the log of deliveries');
      left = 0;
    } catch (error) {
      waiting = [...records, ...waiting];
      bound();
      logger.warn({ err: error }, 'the log of deliveries could not be written, trying again');
      if (!stopping.signal.aborted) schedule(RETRY_MS);
    }
  }

  function bound(): void {
    const surplus = waiting.length - MAX_WAITING;
    if (surplus <= 0) return;
    waiting = waiting.slice(surplus);
    left += surplus;
  }

  function schedule(ms: number): void {
    timer ??= setTimeout(() => {
      writing = writing.then(flush);
    }, ms);
  }

  async function follow(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        for await (const { partition, records } of stream.read(topic, { from: next, follow: true, signal })) {
          for (const { key, value, offset } of records) {
            next.set(partition, offset + 1);
            const attempt = value === null ? undefined : decodeAttempt(value);
            if (attempt !== undefined) rings.add(key, attempt);
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ err: error }, 'the log of deliveries cannot be read, trying again');
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return {
    async start() {
      await stream.createTopics([attemptTopicSettings]);
      for (const [partition, first] of await firstOffsets(stream, topic)) next.set(partition, first);
      following = follow();
    },
    add(subscription, attempt) {
      waiting.push({ key: subscription, value: encodeAttempt(attempt) });
      bound();
      schedule(flushMs);
    },
    last: (subscription, limit) => rings.last(subscription, limit),
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await writing;
      await flush();
      await following;
    },
  };
}
