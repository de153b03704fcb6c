/**
 * One membership in a consumer group. The library joins, keeps the heartbeat (on a timer, whatever the reader
 * does) and rejoins; it asks for metadata before every join, which is where `revoked` is called and waited for:
 * the group gets its new assignment only after every member has joined again, so nobody is given a partition
 * that its old owner has not let go of.
 */
import { Consumer } from '@platformatic/kafka';
import type { ConsumeOptions, RecordBatch } from '../../interface.ts';
import { DEFAULT_MAX_BATCH_BYTES } from '../../limits.ts';
import { joinUnlessStopped, leaveInTime } from '../leave-in-time.ts';
import type { KafkaSettings } from '../options.ts';
import { toRecordBatches } from '../record-batches.ts';
import { toStreamError } from '../client-errors.ts';
import { patiently } from '../patiently.ts';
import type { Cluster } from './cluster.ts';
import { connectionOptions } from './connection-options.ts';
import { fetchBytes, type FetchCursor, fetchRound } from './fetch-loop.ts';

/** How long to wait for something to happen before looking again. */
const IDLE_MS = 1_000;
/** Between two tries to join. */
const REJOIN_MS = 500;

export interface GroupMember {
  batches(): AsyncGenerator<RecordBatch, void, undefined>;
  /** Milliseconds since a heartbeat was answered; Infinity while not a member. */
  ageMs(): number;
  commit(next: ReadonlyMap<number, number>): Promise<void>;
}

export interface GroupMemberOptions {
  readonly cluster: Cluster;
  readonly settings: KafkaSettings;
  readonly topic: string;
  readonly options: ConsumeOptions;
  readonly committed: () => Promise<ReadonlyMap<number, number>>;
  /** Aborts when the stream is closed. */
  readonly closed: AbortSignal;
}

export function createGroupMember(member: GroupMemberOptions): GroupMember {
  const { cluster, settings, topic, options } = member;
  const signal = AbortSignal.any([options.signal, member.closed]);
  const maxBatchBytes = options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES;
  /** What this member may read; replaced as a whole when the group changes. */
  let cursors = new Map<number, FetchCursor>();
  /** Partitions given by the last join that were not started yet. */
  let given: number[] | undefined;
  let joinedAtMs = -Infinity;
  let wakeUp: () => void = () => undefined;
  /** Why the membership ended; it is begun anew. */
  let failure: unknown;
  /** What `revoked` threw; it ends the reading. */
  let fatal: { readonly error: unknown } | undefined;

  const consumer = new Consumer({
    ...connectionOptions(settings),
    // Joining again is decided here: the library would do so even from within a commit.
    retries: 0,
    groupId: options.group,
    sessionTimeout: settings.sessionTimeoutMs,
    rebalanceTimeout: Math.max(settings.sessionTimeoutMs, 60_000),
    heartbeatInterval: Math.min(3_000, Math.floor(settings.sessionTimeoutMs / 10)),
    autocommit: false,
    protocolsMetadata: () => letGo(),
  });
  consumer.on('error', (error: unknown) => {
    failure = error;
    void letGo();
    wakeUp();
  });
  consumer.on('consumer:group:join', ({ assignments }) => {
    joinedAtMs = Date.now();
    given = assignments?.find((assignment) => assignment.topic === topic)?.partitions ?? [];
    wakeUp();
  });

  async function letGo(): Promise<Buffer> {
    const partitions = [...cursors.keys()];
    cursors = new Map();
    given = undefined;
    joinedAtMs = -Infinity;
    try {
      if (partitions.length > 0) await options.revoked?.(partitions);
    } catch (error) {
      fatal = { error };
      wakeUp();
    }
    return Buffer.alloc(0);
  }

  async function start(partitions: readonly number[]): Promise<void> {
    const wanted = partitions.length === 0 ? new Map<number, number>() : await options.startAt(partitions);
    const committed = partitions.every((partition) => wanted.has(partition))
      ? undefined
      : await patiently(
          { patienceMs: Infinity, signal },
          `reading the offsets of group ${options.group}`,
          () => member.committed(),
        );
    // The group changed meanwhile; or it ends, and where the group stands was not told.
    if (given !== partitions || signal.aborted) return;
    cursors = new Map(
      partitions.map((partition) => [
        partition,
        { at: wanted.get(partition) ?? committed?.get(partition) ?? 0, end: Infinity },
      ]),
    );
  }

  async function* batches(): AsyncGenerator<RecordBatch, void, undefined> {
    const pool = cluster.createPool();
    const maxFetchBytes = fetchBytes(maxBatchBytes);
    const round = { cluster, pool, topic, maxFetchBytes, turn: { count: 0 }, patienceMs: Infinity, signal };
    const woken = new AbortController();
    signal.addEventListener('abort', () => wakeUp(), { once: true, signal: woken.signal });
    try {
      consumer.topics.track(topic);
      await join();
      let started: readonly number[] | undefined;
      while (!signal.aborted) {
        if (fatal !== undefined) throw fatal.error;
        if (failure !== undefined) {
          await rejoin();
          continue;
        }
        if (given !== undefined && given !== started) {
          started = given;
          await start(given);
          continue;
        }
        const reading = cursors;
        // Not heard of for so long the group may have given the partitions to another member.
        if (reading.size === 0 || ageMs() > settings.sessionTimeoutMs) {
          await pause(IDLE_MS);
          continue;
        }
        const fetched = await fetchRound(round, reading);
        for (const part of fetched) {
          const cursor = reading.get(part.partition);
          if (cursor === undefined) continue;
          for (const batch of toRecordBatches(topic, part.partition, part.records, Infinity, maxBatchBytes)) {
            // Taken away while it was fetched, or while the one before was worked on.
            if (cursors !== reading || signal.aborted) break;
            cursor.at = (batch.records.at(-1)?.offset ?? cursor.at) + 1;
            yield batch;
          }
          if (cursors === reading) cursor.at = Math.max(cursor.at, part.next);
        }
      }
    } finally {
      woken.abort();
      await pool.close();
      await leave();
    }
  }

  async function join(): Promise<void> {
    try {
      await joinUnlessStopped(consumer.joinGroup({}), signal);
    } catch (error) {
      failure = error;
    }
  }

  /** The library gave up (the brokers are away, or the coordinator moved): join anew. */
  async function rejoin(): Promise<void> {
    await letGo();
    failure = undefined;
    await pause(REJOIN_MS);
    if (!signal.aborted && given === undefined) await join();
  }

  /** Waits until something happens, but not for longer. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function ageMs(): number {
    const heartbeat = consumer.lastHeartbeat?.getTime() ?? -Infinity;
    return joinedAtMs === -Infinity ? Infinity : Date.now() - Math.max(joinedAtMs, heartbeat);
  }

  async function leave(): Promise<void> {
    joinedAtMs = -Infinity;
    // A broker that is away takes the member for gone when its session ends.
    await leaveInTime(new Promise((resolve) => consumer.leaveGroup(false, resolve)), signal);
    await consumer.close(true).catch(() => undefined);
  }

  return {
    batches,
    ageMs,
    async commit(next) {
      try {
        await consumer.commit({
          offsets: [...next].map(([partition, offset]) => ({
            topic,
            partition,
            offset: BigInt(offset),
            leaderEpoch: -1,
          })),
        });
      } catch (error) {
        throw toStreamError(error, `committing offsets of group ${options.group}`);
      }
    },
  };
}
