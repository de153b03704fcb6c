/**
 * The topic that remembers how far each item has come. Every process follows all of it, so that any can tell; the owner
 * of an item writes, and knows that what it wrote counts when it has read it back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { firstOffsets, StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream, TopicSettings } from '@cadf-pipeline/event-stream';
import type { Claim, WorkLogger } from './interface.ts';
import type { JsonRecord } from './json-record.ts';
import { createRecordTable } from './record-table.ts';

export interface RecordTopic<R extends Claim> {
  /** Makes the topic and reads all of it, then follows it until `stop`. Rejects when the stream does not answer. */
  start(): Promise<void>;
  get(id: string): R | undefined;
  ids(): Iterable<string>;
  /**
   * Resolves when everything was read that is in the topic at the call, with the next offset of each partition.
   * Throws what the stream throws, and the signal's reason.
   */
  caughtUp(signal: AbortSignal): Promise<ReadonlyMap<number, number>>;
  /**
   * Resolves when the record is durable and read back: `counts`, or `superseded` where another owner took the item
   * over. Tries again while the stream is away. Throws the signal's reason: whether it was written is not
   * known then.
   */
  write(id: string, record: R, signal: AbortSignal): Promise<'counts' | 'superseded'>;
  /** Resolves when nothing is remembered of it any more. */
  forget(id: string): Promise<void>;
  /** Told of a record that does not count: it hides the one that does from those who read the topic anew. */
  onOlder(listener: (id: string) => void): void;
  /** Why it cannot be read; undefined: it can. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

export interface RecordTopicOptions<R extends Claim> {
  readonly stream: Pick<EventStream, 'append' | 'bounds' | 'createTopics' | 'read'>;
  readonly settings: TopicSettings;
  readonly codec: JsonRecord<R>;
  /** What an item is called in logs. */
  readonly noun: string;
  readonly logger: WorkLogger;
}

interface Waiter {
  readonly partition: number;
  readonly next: number;
  readonly resolve: () => void;
}

const RETRY_MS = 500;

export function createRecordTopic<R extends Claim>(options: RecordTopicOptions<R>): RecordTopic<R> {
  const { codec, logger, noun, settings, stream } = options;
  const topic = settings.name;
  const table = createRecordTable<R>();
  const next = new Map<number, number>();
  const stopping = new AbortController();
  const waiters = new Set<Waiter>();
  let older: (id: string) => void = () => undefined;
  let trouble: string | undefined = 'not started';
  let following: Promise<void> = Promise.resolve();

  async function read(follow: boolean): Promise<void> {
    const { signal } = stopping;
    for await (const { partition, records } of stream.read(topic, { from: next, follow, signal })) {
      for (const { key, value, offset } of records) {
        next.set(partition, offset + 1);
        const record = value === null ? null : codec.decode(value);
        if (record === undefined)
          logger.warn({ [noun]: key, topic, offset }, 'unreadable record of shared work');
        else if (table.apply(key, record) === 'older') older(key);
      }
      trouble = undefined;
      for (const waiter of waiters) if (has(waiter)) waiter.resolve();
    }
  }

  async function followOn(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        await read(true);
      } catch (error) {
        if (signal.aborted) return;
        trouble = error instanceof Error ? error.message : String(error);
        logger.warn({ err: error, topic }, 'the records of shared work cannot be read, trying again');
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
        // Reading up to the end proves that it works again also when nothing new has come.
        await read(false).then(
          () => (trouble = undefined),
          () => undefined,
        );
      }
    }
  }

  function has(waiter: Pick<Waiter, 'next' | 'partition'>): boolean {
    return (next.get(waiter.partition) ?? 0) >= waiter.next;
  }

  async function untilRead(partition: number, upto: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (has({ partition, next: upto })) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { partition, next: upto, resolve };
    const give = (): void => reject(signal.reason as Error);
    waiters.add(waiter);
    signal.addEventListener('abort', give, { once: true });
    try {
      await promise;
    } finally {
      waiters.delete(waiter);
      signal.removeEventListener('abort', give);
    }
  }

  async function append(id: string, value: Buffer | null, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      try {
        const [position] = await stream.append(topic, { records: [{ key: id, value }] });
        if (position !== undefined) await untilRead(position.partition, position.offset + 1, signal);
        return;
      } catch (error) {
        if (!(error instanceof StreamError && error.retryable) || signal.aborted) throw error;
        logger.warn({ err: error, [noun]: id }, 'a record of shared work is not durable yet, trying again');
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return {
    async start() {
      await stream.createTopics([settings]);
      for (const [partition, first] of await firstOffsets(stream, topic)) next.set(partition, first);
      await read(false);
      trouble = undefined;
      following = followOn();
    },
    get: (id) => table.get(id),
    ids: () => table.ids(),
    async caughtUp(signal) {
      const ends = [...(await stream.bounds(topic))].map(
        ([partition, bounds]) => [partition, bounds.next] as const,
      );
      await Promise.all(ends.map(([partition, end]) => untilRead(partition, end, signal)));
      return new Map(ends);
    },
    async write(id, record, signal) {
      await append(id, codec.encode(record), signal);
      const current = table.get(id);
      return current?.epoch === record.epoch && current.owner === record.owner ? 'counts' : 'superseded';
    },
    forget: (id) => append(id, null, stopping.signal),
    onOlder(listener) {
      older = listener;
    },
    trouble: () => trouble,
    async stop() {
      stopping.abort(new Error('the process is stopping'));
      await following;
    },
  };
}
