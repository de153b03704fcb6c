import { type Broker, compressionsAlgorithmsByBitmask, type ConnectionPool } from '@platformatic/kafka';
import { StreamError } from '../../errors.ts';
import type { StreamRecord } from '../../interface.ts';
import { decompress } from '../compression.ts';
import { decodeBatches } from '../record-batch-decode.ts';
import { patiently } from '../patiently.ts';
import { BROKER_ERROR, isTransient } from './broker-errors.ts';
import { type Cluster, discard } from './cluster.ts';
import { type FetchedPartition, sendFetch } from './fetch-request.ts';

/** How long a broker holds a fetch that finds nothing. */
const MAX_WAIT_MS = 500;

/** Where a reader is: the next offset and the one to stop before. */
export interface FetchCursor {
  at: number;
  readonly end: number;
}

export interface FetchRoundOptions {
  readonly cluster: Cluster;
  readonly pool: ConnectionPool;
  readonly topic: string;
  /** Most bytes a broker answers with, as stored (compressed); one batch may exceed it. */
  readonly maxFetchBytes: number;
  /** Counts the rounds, so that each starts at another partition: a broker fills its answer in the order asked. */
  readonly turn: { count: number };
  /** A round that fails is tried again until this much later (milliseconds); Infinity: for ever. */
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What to ask a broker for so that some `maxBatchBytes` come of it: JSON compresses to a quarter or less. */
export function fetchBytes(maxBatchBytes: number): number {
  return Math.max(Math.floor(maxBatchBytes / 4), 64 * 1024);
}

/** What was fetched for a partition: records not delivered yet. */
export interface Fetched {
  readonly partition: number;
  readonly records: readonly StreamRecord[];
  /** Where the partition goes on after these records. */
  readonly next: number;
}

/**
 * One round: asks every leader once for what follows the cursors. Answers after some MAX_WAIT_MS at the latest when
 * there is nothing, at once when the signal aborts. Does not move the cursors, except to the first offset held
 * when the one asked for is gone.
 */
export async function fetchRound(
  options: FetchRoundOptions,
  cursors: ReadonlyMap<number, FetchCursor>,
): Promise<Fetched[]> {
  const round = await patiently(options, `reading topic ${options.topic}`, (fresh) =>
    tryRound(options, cursors, fresh),
  );
  return round ?? [];
}

async function tryRound(
  options: FetchRoundOptions,
  cursors: ReadonlyMap<number, FetchCursor>,
  fresh: boolean,
): Promise<Fetched[]> {
  const { leaders } = await options.cluster.topic(options.topic, fresh);
  const byLeader = new Map<string, { broker: Broker; partitions: number[] }>();
  const partitions = [...cursors.keys()];
  const first = options.turn.count++ % Math.max(partitions.length, 1);
  for (const partition of [...partitions.slice(first), ...partitions.slice(0, first)]) {
    const broker = leaders[partition];
    if (broker === undefined) throw new Error(`partition ${partition} has no leader`);
    const key = `${broker.host}:${broker.port}`;
    const group = byLeader.get(key);
    if (group === undefined) byLeader.set(key, { broker, partitions: [partition] });
    else group.partitions.push(partition);
  }
  const answers = await Promise.all(
    [...byLeader.values()].map(({ broker, partitions }) =>
      fetchFrom(options, broker, partitions, cursors, byLeader.size > 1),
    ),
  );
  return answers.flat();
}

async function fetchFrom(
  options: FetchRoundOptions,
  broker: Broker,
  partitions: readonly number[],
  cursors: ReadonlyMap<number, FetchCursor>,
  shared: boolean,
): Promise<Fetched[]> {
  const { pool, topic, maxFetchBytes, signal } = options;
  const connection = await pool.get(broker);
  const abort = (): void => discard(connection);
  signal?.addEventListener('abort', abort, { once: true });
  let answer: FetchedPartition[];
  try {
    answer = await sendFetch(
      connection,
      topic,
      partitions.map((partition) => ({
        partition,
        offset: cursors.get(partition)?.at ?? 0,
        maxBytes: maxFetchBytes,
      })),
      // With several leaders none may hold up what another one has.
      { maxWaitMs: shared ? MAX_WAIT_MS / 10 : MAX_WAIT_MS, maxBytes: maxFetchBytes },
    );
  } catch (error) {
    discard(connection);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  const found: Fetched[] = [];
  for (const { partition, errorCode, bytes } of answer) {
    const cursor = cursors.get(partition);
    if (cursor === undefined) continue;
    if (errorCode === BROKER_ERROR.offsetOutOfRange) {
      cursor.at = await nearestHeld(options, partition, cursor.at);
      continue;
    }
    if (isTransient(errorCode)) throw new Error(`partition ${partition}: error ${errorCode}`);
    if (errorCode !== 0)
      throw new StreamError(
        'STREAM_UNAVAILABLE',
        `Kafka refused to read topic ${topic}, partition ${partition}: error ${errorCode}`,
      );
    if (bytes === null || bytes.length === 0) continue;
    const decoded = decodeBatches(bytes, partition, cursor.at, unpack);
    found.push({ partition, records: decoded.records, next: decoded.next });
  }
  return found;
}

/** Retention was faster: the first offset held. The log was cut (an unclean election): its end. */
async function nearestHeld(options: FetchRoundOptions, partition: number, wanted: number): Promise<number> {
  const at = async (timestamp: bigint): Promise<number> => {
    const listed = await options.cluster.admin.listOffsets({
      topics: [{ name: options.topic, partitions: [{ partitionIndex: partition, timestamp }] }],
    });
    return Number(listed[0]?.partitions[0]?.offset ?? 0n);
  };
  const [first, end] = [await at(-2n), await at(-1n)];
  return Math.min(Math.max(wanted, first), end);
}

function unpack(codec: number, bytes: Buffer): Buffer {
  const own = decompress(codec, bytes);
  if (own !== undefined) return own;
  const algorithm = compressionsAlgorithmsByBitmask[String(codec)];
  if (algorithm === undefined)
    throw new RangeError(`a record batch is compressed by codec ${codec}, which is unknown`);
  return algorithm.decompressSync(bytes);
}
