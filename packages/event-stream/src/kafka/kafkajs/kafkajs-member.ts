/**
 * One membership in a group through kafkajs, whose consumer pushes: it hands over a batch and goes on when told.
 * The reader of `batches()` pulls: a batch is told to be done when the reader asks for the next one, and
 * until then the heartbeat is kept from here. Nothing else is fetched meanwhile.
 */
import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { RecordBatch, StreamRecord } from '../../interface.ts';
import { DEFAULT_MAX_BATCH_BYTES } from '../../limits.ts';
import { joinUnlessStopped, leaveInTime } from '../leave-in-time.ts';
import type { KafkaSettings } from '../options.ts';
import { toRecordBatches } from '../record-batches.ts';
import { connectKafkajs } from './kafkajs-connect.ts';
import { wordsOf } from '../client-errors.ts';

const MAX_WAIT_MS = 500;
const RESTART_MS = 500;

export interface KafkajsMemberOptions {
  readonly settings: KafkaSettings;
  readonly topic: string;
  readonly group: string;
  readonly maxBatchBytes: number | undefined;
  readonly signal: AbortSignal;
  /** Where to start each partition given. */
  readonly startAt: (partitions: readonly number[]) => Promise<ReadonlyMap<number, number>>;
  readonly revoked: (partitions: readonly number[]) => Promise<void>;
}

export interface KafkajsMember {
  batches(): AsyncGenerator<DeliveredBatch, void, undefined>;
  ageMs(): number;
  commit(next: ReadonlyMap<number, number>): Promise<void>;
}

export interface DeliveredBatch {
  readonly batch: RecordBatch;
  /** The offset after everything the broker answered with this batch, when it is the last of it. */
  readonly next: number | undefined;
}

/** A batch on its way to the reader; `done` tells the library that the reader is through with it. */
interface HandOver {
  readonly delivered: DeliveredBatch;
  readonly done: () => void;
}

/** A consumer of the library. Once it is left, what it still tells or gives counts for nothing. */
interface Connected {
  readonly consumer: Consumer;
  readonly cut: AbortController;
  isLeft: boolean;
}

export function createKafkajsMember(options: KafkajsMemberOptions): KafkajsMember {
  const { settings, topic, signal } = options;
  const maxBatchBytes = options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES;
  let mine: readonly number[] = [];
  let generation = 0;
  let ready: Promise<void> = Promise.resolve();
  let confirmedMs = -Infinity;
  let crashed = false;
  /** What `startAt` or `revoked` threw; it ends the reading. */
  let fatal: { readonly error: unknown } | undefined;
  let waiting: HandOver | undefined;
  let wakeUp: () => void = () => undefined;
  let connected: Connected | undefined;

  async function letGo(): Promise<void> {
    const partitions = mine;
    mine = [];
    generation += 1;
    confirmedMs = -Infinity;
    waiting?.done();
    waiting = undefined;
    try {
      if (partitions.length > 0) await options.revoked(partitions);
    } catch (error) {
      fatal = { error };
      wakeUp();
    }
  }

  async function given(to: Consumer, partitions: readonly number[]): Promise<void> {
    mine = partitions;
    confirmedMs = Date.now();
    const joined = generation;
    if (partitions.length === 0) return;
    const starts = await options.startAt(partitions);
    if (joined !== generation) return;
    for (const [partition, offset] of starts)
      if (partitions.includes(partition)) to.seek({ topic, partition, offset: String(offset) });
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const joined = generation;
    await beating(payload, ready);
    if (joined !== generation || payload.isStale() || !payload.isRunning()) return;
    const records = batch.messages.map((message) => toRecord(batch.partition, message));
    const next = Number(batch.lastOffset()) + 1;
    const batches = [...toRecordBatches(topic, batch.partition, records, Infinity, maxBatchBytes)];
    for (const [place, part] of batches.entries()) {
      if (joined !== generation || signal.aborted) return;
      const taken = new Promise<void>((resolve) => {
        waiting = {
          delivered: { batch: part, next: place === batches.length - 1 ? next : undefined },
          done: resolve,
        };
      });
      wakeUp();
      await beating(payload, taken);
      if (joined !== generation || signal.aborted) return;
      payload.resolveOffset(String(part.records.at(-1)?.offset ?? next - 1));
    }
    payload.resolveOffset(String(next - 1));
  }

  /** Keeps the heartbeat until the promise settles; a group that changes ends the waiting, with nothing more delivered. */
  async function beating(payload: EachBatchPayload, until: Promise<void>): Promise<void> {
    let settled = false;
    const end = until.finally(() => (settled = true));
    while (!settled) {
      let timer: NodeJS.Timeout | undefined;
      const pause = new Promise<void>((resolve) => (timer = setTimeout(resolve, heartbeatMs(settings))));
      await Promise.race([end, pause]).finally(() => clearTimeout(timer));
      if (settled) break;
      try {
        await payload.heartbeat();
      } catch (error) {
        end.catch(() => undefined);
        await letGo();
        throw error;
      }
    }
    await end;
  }

  function create(): Connected {
    const cut = new AbortController();
    const beforeJoin = async (): Promise<void> => {
      if (!made.isLeft) await letGo();
    };
    const consumer = connectKafkajs(settings, { beforeJoin, cut: cut.signal }).consumer({
      groupId: options.group,
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: Math.max(settings.sessionTimeoutMs, 60_000),
      heartbeatInterval: heartbeatMs(settings),
      maxBytesPerPartition: maxBatchBytes,
      maxBytes: maxBatchBytes,
      maxWaitTimeInMs: MAX_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1_000,
        retries: 10,
        restartOnFailure: async () => !made.isLeft,
      },
    });
    const made: Connected = { consumer, cut, isLeft: false };
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (made.isLeft) return;
      ready = given(consumer, payload.memberAssignment[topic] ?? []).catch(async (error: unknown) => {
        // startAt failed: nothing may be delivered from a wrong place.
        fatal = { error };
        wakeUp();
        await new Promise<never>(() => undefined);
      });
    });
    consumer.on(consumer.events.HEARTBEAT, () => {
      if (!made.isLeft) confirmedMs = Date.now();
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (payload.restart || made.isLeft) return;
      crashed = true;
      wakeUp();
    });
    return made;
  }

  async function join(to: Connected): Promise<void> {
    const { consumer } = to;
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        if (!to.isLeft) await eachBatch(payload);
      },
    });
  }

  async function disconnect(): Promise<void> {
    const old = connected;
    connected = undefined;
    waiting?.done();
    waiting = undefined;
    if (old !== undefined) await leave(old);
  }

  /** At the end nothing of it is left to come back as a member that nobody reads. */
  async function leave(old: Connected): Promise<void> {
    old.isLeft = true;
    await leaveInTime(old.consumer.disconnect(), signal);
    old.cut.abort();
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms > 0 ? setTimeout(resolve, ms) : undefined;
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    async *batches() {
      const onAbort = (): void => wakeUp();
      signal.addEventListener('abort', onAbort);
      try {
        while (!signal.aborted) {
          if (fatal !== undefined) throw fatal.error;
          if (connected === undefined || crashed) {
            crashed = false;
            await disconnect();
            await letGo();
            const made = create();
            try {
              await joinUnlessStopped(join(made), signal);
              connected = made;
            } catch (error) {
              await leave(made);
              if (/does not exist/.test(wordsOf(error))) throw error;
              await pause(RESTART_MS);
            }
            continue;
          }
          const handed = waiting;
          if (handed === undefined) {
            await pause(0);
            continue;
          }
          waiting = undefined;
          // Asking for the next one says that this one is through.
          try {
            yield handed.delivered;
          } finally {
            handed.done();
          }
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        mine = [];
        generation += 1;
        confirmedMs = -Infinity;
        await disconnect();
      }
    },
    ageMs: () => (confirmedMs === -Infinity ? Infinity : Date.now() - confirmedMs),
    async commit(next) {
      await connected?.consumer.commitOffsets(
        [...next].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
      );
    },
  };
}

function heartbeatMs(settings: KafkaSettings): number {
  return Math.min(3_000, Math.floor(settings.sessionTimeoutMs / 10));
}

function toRecord(partition: number, message: KafkaMessage): StreamRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    headers[name] = last === undefined ? '' : last.toString();
  }
  return {
    partition,
    offset: Number(message.offset),
    key: message.key?.toString('utf8') ?? '',
    value: message.value,
    headers,
    timestampMs: Number(message.timestamp),
  };
}
