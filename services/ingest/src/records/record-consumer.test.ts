/** The consumer over a real stream (LMDB), with faults where outcomes are taken. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPipelineMetrics } from '@cadf-pipeline/service-kit';
import { createLmdbStream, StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Normalizer, Outcome, RawRecord } from '../source.ts';
import { RECORDS_GROUP, RECORDS_TOPIC, topics } from '../topics.ts';
import { createRecordConsumer } from './record-consumer.ts';
import type { RecordConsumer } from './record-consumer.ts';
import { encodeReceived } from './received-record.ts';
import type { RecordIntake } from './record-intake.ts';
import type { RecordEnd } from './take-outcomes.ts';

let folder: string;
let stream: EventStream;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cadf-records-'));
  stream = createLmdbStream({ path: join(folder, 'stream') });
  await stream.createTopics(topics({ partitions: 1, retentionMs: 1e9 }));
});
afterEach(async () => {
  await stream.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `begin` waits for `end`. */
function createNormalizer(): Normalizer {
  let waiting: RawRecord[] = [];
  const ignored = (records: readonly RawRecord[]): Outcome => ({ kind: 'ignored', rule: 'r', records });
  return {
    push(record) {
      waiting.push(record);
      return record.text.startsWith('begin') ? [] : this.flush();
    },
    flush() {
      const records = waiting;
      waiting = [];
      return records.length === 0 ? [] : [ignored(records)];
    },
    get held() {
      return waiting.length;
    },
  };
}

interface Run {
  readonly consumer: RecordConsumer;
  readonly taken: string[];
}

function start(failing: (outcome: Outcome) => Error | undefined = () => undefined): Run {
  const taken: string[] = [];
  const intake: Pick<RecordIntake, 'take'> = {
    async take(outcomes): Promise<readonly RecordEnd[]> {
      for (const outcome of outcomes) {
        const error = failing(outcome);
        if (error !== undefined) throw error;
      }
      for (const outcome of outcomes) {
        const code = outcome.kind === 'dead-letter' ? `${outcome.code}: ` : '';
        taken.push(code + outcome.records.map(({ text }) => text).join('+'));
      }
      return [];
    },
  };
  const logger = { warn: () => undefined, error: () => undefined };
  const consumer = createRecordConsumer({
    stream,
    intake,
    logger,
    metrics: createPipelineMetrics({ process: false }),
    now: Date.now,
    pressure: () => undefined,
    sourceOf: (id) => ({ resolved: { id, type: 't' }, version: 1 }),
    normalizerFor: createNormalizer,
    limits: { idleMs: 60_000, holdMs: 3_600_000, maxSenders: 100 },
  });
  consumer.start();
  return { consumer, taken };
}

async function send(...lines: readonly string[]): Promise<void> {
  await stream.append(RECORDS_TOPIC, {
    records: lines.map((line) => {
      const [sender = '', text = ''] = line.split('/');
      return encodeReceived(Buffer.from(text), { source: 's', sender, submitter: 'k', receivedMs: 1 });
    }),
  });
}

async function committed(): Promise<number | undefined> {
  return (await stream.committed(RECORDS_TOPIC, RECORDS_GROUP)).get(0);
}

test('outcomes that cannot be made durable twice are taken the third time, once and in order', async () => {
  let failures = 2;
  const { consumer, taken } = start(() =>
    failures-- > 0 ? new StreamError('STREAM_UNAVAILABLE', 'the stream is away') : undefined,
  );
  await send('a/1', 'a/2', 'b/3');
  await vi.waitFor(() => expect(taken).toEqual(['1', '2', '3']));
  await vi.waitFor(async () => expect(await committed()).toBe(3));
  expect(consumer.trouble()).toBeUndefined();
  await consumer.stop();
});

test('while they cannot, it says so and commits nothing', async () => {
  const { consumer, taken } = start(() => new StreamError('STREAM_UNAVAILABLE', 'the stream is away'));
  await send('a/1');
  await vi.waitFor(() => expect(consumer.trouble()).toBe('the stream is away'));
  await consumer.stop();
  expect(taken).toEqual([]);
  expect((await committed()) ?? 0).toBe(0);
  const again = start();
  await vi.waitFor(() => expect(again.taken).toEqual(['1']));
  await again.consumer.stop();
});

test('the one outcome that can never be taken becomes a dead letter, the others are taken', async () => {
  const { consumer, taken } = start(({ kind, records }) =>
    kind !== 'dead-letter' && records.some(({ text }) => text === 'huge')
      ? new StreamError('STREAM_RECORD_TOO_LARGE', 'too large')
      : undefined,
  );
  await send('a/1', 'a/2', 'a/huge', 'a/3', 'a/4');
  await vi.waitFor(() => expect(taken).toEqual(['1', '2', 'INGEST_OUTCOME_UNSTORABLE: huge', '3', '4']));
  await consumer.stop();
});

test('after a stop what was held comes again, and what others were done with does not', async () => {
  const first = start();
  await send('b/begin 1', 'a/begin 2', 'b/end 1', 'c/3');
  await vi.waitFor(() => expect(first.taken).toEqual(['begin 1+end 1', '3']));
  await vi.waitFor(async () => expect(await committed()).toBe(1));
  await first.consumer.stop();
  await send('a/end 2');
  const second = start();
  await vi.waitFor(() => expect(second.taken).toEqual(['3', 'begin 2+end 2']));
  await vi.waitFor(async () => expect(await committed()).toBe(5));
  await second.consumer.stop();
});
