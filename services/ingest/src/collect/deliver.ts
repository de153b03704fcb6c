/** What was collected, as raw records of the stream. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { encodeReceived } from '../records/received-record.ts';
import { RECORDS_TOPIC } from '../topics.ts';
import { untilDurable } from './append-durably.ts';
import type { CollectLogger } from './append-durably.ts';
import type { CollectedDocument } from './poll-context.ts';

export interface DeliverDependencies {
  readonly stream: Pick<EventStream, 'append'>;
  readonly logger: CollectLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** What is longer becomes a dead letter. */
  readonly maxRecordBytes: number;
  /** Why nothing is to be added to the stream now; undefined: go on. */
  readonly pressure: () => string | undefined;
}

export interface Delivery {
  readonly source: string;
  /** Of the provider: its records stay in order. */
  readonly origin: string;
  /** What references are relative to. */
  readonly baseUri: string;
}

/** Who submits what is collected. */
const SUBMITTER = 'cimi';
const PRESSURE_MS = 200;
const CHUNK_RECORDS = 500;
const CHUNK_BYTES = 4 * 1024 * 1024;

/** Waits while the stream is under pressure; resolves when all are durable. Throws what `untilDurable` throws. */
export async function deliver(
  documents: readonly CollectedDocument[],
  { source, origin, baseUri }: Delivery,
  { stream, logger, now, maxRecordBytes, pressure }: DeliverDependencies,
  signal: AbortSignal,
): Promise<void> {
  while (pressure() !== undefined && !signal.aborted)
    await sleep(PRESSURE_MS, undefined, { signal }).catch(() => undefined);
  const receivedMs = now();
  const append = (records: readonly ReturnType<typeof encodeReceived>[]): Promise<unknown> =>
    untilDurable(() => stream.append(RECORDS_TOPIC, { records }), signal, logger);
  let records: ReturnType<typeof encodeReceived>[] = [];
  let size = 0;
  for (const { text, position } of documents) {
    const bytes = Buffer.from(text, 'utf8');
    const isLong = bytes.length > maxRecordBytes;
    records.push(
      encodeReceived(isLong ? bytes.subarray(0, maxRecordBytes) : bytes, {
        source,
        sender: origin,
        submitter: SUBMITTER,
        receivedMs,
        position,
        envelope: { baseUri },
        ...(isLong ? { cutFromBytes: bytes.length } : {}),
      }),
    );
    size += bytes.length;
    if (records.length < CHUNK_RECORDS && size < CHUNK_BYTES) continue;
    await append(records);
    records = [];
    size = 0;
  }
  if (records.length > 0) await append(records);
}
