/**
 * Reads `cadf.records` as a member of a group and makes the outcomes of the records durable. What is committed is
 * where a restart has to read from (`replay-place.ts`): it gives the same outcomes again, which are duplicates.
 *
 * Chunks of records, one after the other: normalized → outcomes durable (tried again until they are) → the place moves
 * on. While those of a chunk are becoming durable, the next chunk of the partition is normalized, and waits then.
 * Places are committed a few times a second.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { EventStream, RecordBatch, StreamRecord } from '@cadf-pipeline/event-stream';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import { Gauge } from 'prom-client';
import { RECORDS_GROUP, RECORDS_TOPIC } from '../topics.ts';
import { encodeFlush } from './received-record.ts';
import type { RecordIntake } from './record-intake.ts';
import { keepReplayPlace, loadReplayPlaces } from './replay-checkpoints.ts';
import type { ReplayPlace } from './replay-place.ts';
import { createSenderNormalizers } from './sender-normalizers.ts';
import type {
  SenderNormalizers,
  SenderNormalizersDependencies,
  SenderOutcome,
} from './sender-normalizers.ts';
import { takeSenderOutcomes } from './take-sender-outcomes.ts';

export interface RecordConsumerDependencies extends SenderNormalizersDependencies {
  readonly stream: EventStream;
  readonly intake: Pick<RecordIntake, 'take'>;
  readonly metrics: PipelineMetrics;
  /** Why nothing may be added to the stream of events now; undefined: go on. */
  readonly pressure: () => string | undefined;
  readonly logger: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

export interface RecordConsumer {
  start(): void;
  /** Ends after the chunk under way; what is held comes again after the next start. */
  stop(): Promise<void>;
  /** Why records are not being normalized; undefined when they are. */
  trouble(): string | undefined;
}

/** Records normalized in one go, some 10 ms: what else the process does must not wait for longer. */
const CHUNK_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const TICK_MS = 500;
const RESTART_MS = 1000;
const PRESSURE_MS = 200;
/** Reading that has gone on for so long since it was started again is taken to be well. */
const WELL_AFTER_MS = 5000;
const LAG_EVERY_TICKS = 10;

interface Partition {
  readonly senders: SenderNormalizers;
  /** Everything before it has had its outcome, or comes again. */
  place: ReplayPlace;
  kept: ReplayPlace;
  /** The outcomes of the last chunk are durable; false: that was given up. */
  taking: Promise<boolean>;
}

export function createRecordConsumer(dependencies: RecordConsumerDependencies): RecordConsumer {
  const { stream, intake, metrics, logger, pressure } = dependencies;
  const stopping = new AbortController();
  const { signal } = stopping;
  const partitions = new Map<number, Partition>();
  let running: Promise<void> = Promise.resolve();
  let ticking: Promise<void> = Promise.resolve();
  let trouble: string | undefined;
  const lag = new Gauge({
    name: 'cadf_records_lag',
    help: 'Raw records of the stream that a restart would read: not normalized yet, or held.',
    labelNames: ['partition'],
    registers: [metrics.registry],
  });

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const well = setTimeout(() => (trouble = undefined), WELL_AFTER_MS);
      try {
        await readAll();
      } catch (error) {
        trouble = messageOf(error);
        logger.error({ err: error }, 'the reading of raw records stopped, starting it again');
        await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
      } finally {
        clearTimeout(well);
        partitions.clear();
      }
    }
  }

  async function readAll(): Promise<void> {
    const batches = stream.consume(RECORDS_TOPIC, {
      group: RECORDS_GROUP,
      signal,
      maxBatchBytes: MAX_BATCH_BYTES,
      startAt,
      async revoked(gone) {
        for (const index of gone) partitions.delete(index);
      },
    });
    for await (const batch of batches) {
      const partition = partitions.get(batch.partition);
      if (partition !== undefined) await work(batch, partition);
      if (signal.aborted) break;
    }
    await Promise.all([...partitions.values()].map(({ taking }) => taking));
    await keepPlaces();
  }

  async function startAt(given: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const places = await loadReplayPlaces(stream, RECORDS_TOPIC, RECORDS_GROUP, given);
    const starts = new Map<number, number>();
    for (const [index, place] of places) {
      const senders = createSenderNormalizers(RECORDS_TOPIC, place, dependencies);
      partitions.set(index, { senders, place, kept: place, taking: Promise.resolve(true) });
      starts.set(index, place.at);
    }
    return starts;
  }

  async function work(batch: RecordBatch, partition: Partition): Promise<void> {
    for (let start = 0; start < batch.records.length; start += CHUNK_RECORDS) {
      await untilRelieved();
      // Taken away meanwhile: another member does them.
      if (signal.aborted || partitions.get(batch.partition) !== partition) return;
      await workChunk(batch.records.slice(start, start + CHUNK_RECORDS), partition);
      // Where nothing had to become durable, nothing has waited: sockets are read between two chunks all the same.
      await nextTurn();
    }
  }

  async function workChunk(records: readonly StreamRecord[], partition: Partition): Promise<void> {
    const { senders, taking } = partition;
    const outcomes = records.flatMap((record) => senders.take(record));
    const place = senders.place();
    if (!(await taking)) return;
    partition.taking = takeChunk(outcomes, partition, place);
    // Whoever waits for it is told of a failure.
    partition.taking.catch(() => undefined);
  }

  async function takeChunk(
    outcomes: readonly SenderOutcome[],
    partition: Partition,
    place: ReplayPlace,
  ): Promise<boolean> {
    const done = await takeSenderOutcomes(outcomes, intake, signal, (error) => {
      trouble = messageOf(error);
      logger.warn({ err: error }, 'outcomes of raw records could not be made durable, trying again');
    });
    if (!done) return false;
    for (const [source, count] of recordsBySource(outcomes)) metrics.received(source, count);
    partition.place = place;
    trouble = undefined;
    return true;
  }

  async function untilRelieved(): Promise<void> {
    while (!signal.aborted && pressure() !== undefined)
      await sleep(PRESSURE_MS, undefined, { signal }).catch(() => undefined);
  }

  async function tick(): Promise<void> {
    for (let count = 0; !signal.aborted; count++) {
      await sleep(TICK_MS, undefined, { signal }).catch(() => undefined);
      try {
        await keepPlaces();
        await markSilent();
        if (count % LAG_EVERY_TICKS === 0) await measureLag();
      } catch (error) {
        // Records already taken come again after a restart; nothing is lost by a place that was not kept.
        logger.warn({ err: error }, 'places of raw records could not be kept, trying again');
      }
    }
  }

  async function keepPlaces(): Promise<void> {
    for (const [index, partition] of partitions) {
      const { place, kept } = partition;
      if (place.at === kept.at && place.skip.size === kept.skip.size) continue;
      if (await keepReplayPlace(stream, RECORDS_TOPIC, RECORDS_GROUP, index, place, kept.at))
        partition.kept = place;
    }
  }

  async function markSilent(): Promise<void> {
    for (const { senders } of partitions.values()) {
      const wishes = senders.wishes();
      if (wishes.length === 0) continue;
      try {
        await stream.append(RECORDS_TOPIC, {
          records: wishes.map(({ key, ifLast }) => encodeFlush(key, ifLast)),
        });
      } catch (error) {
        for (const wish of wishes) senders.refuse(wish);
        throw error;
      }
    }
  }

  async function measureLag(): Promise<void> {
    if (partitions.size === 0) return;
    const bounds = await stream.bounds(RECORDS_TOPIC);
    for (const [index, { place }] of partitions)
      lag.set({ partition: index }, Math.max(0, (bounds.get(index)?.next ?? 0) - place.at));
  }

  return {
    start() {
      running = run();
      ticking = tick();
    },
    async stop() {
      stopping.abort();
      await Promise.all([running, ticking]);
    },
    trouble: () => trouble,
  };
}

function recordsBySource(
  outcomes: readonly {
    readonly source: { readonly id: string };
    readonly outcome: { readonly records: readonly unknown[] };
  }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { source, outcome } of outcomes)
    counts.set(source.id, (counts.get(source.id) ?? 0) + outcome.records.length);
  return counts;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
