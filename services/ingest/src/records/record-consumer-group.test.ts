/** Two consumers of one group on a real broker: partitions go from one to the other while records are held. */
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createPipelineMetrics } from '@cadf-pipeline/service-kit';
import { afterAll, expect, test, vi } from 'vitest';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import type { Normalizer, RawRecord } from '../source.ts';
import { RECORDS_TOPIC, topics } from '../topics.ts';
import { createRecordConsumer } from './record-consumer.ts';
import type { RecordConsumer } from './record-consumer.ts';
import { encodeReceived } from './received-record.ts';

const kafka = await kafkaOrSkip();
const streams: EventStream[] = [];

afterAll(async () => {
  await Promise.all(streams.map((stream) => stream.close()));
  await kafka?.stop();
});

function connect(): EventStream {
  const stream = createKafkaStream({ brokers: kafka?.brokers ?? [], sessionTimeoutMs: 6000 });
  streams.push(stream);
  return stream;
}

/** `begin N` and `middle N` wait for `end N`: three records of one outcome, unless something was torn apart. */
function createNormalizer(): Normalizer {
  let waiting: RawRecord[] = [];
  return {
    push(record) {
      waiting.push(record);
      return record.text.startsWith('end') ? this.flush() : [];
    },
    flush() {
      const records = waiting;
      waiting = [];
      return records.length === 0 ? [] : [{ kind: 'ignored', rule: 'r', records }];
    },
    get held() {
      return waiting.length;
    },
  };
}

function start(stream: EventStream, taken: Map<string, number>): RecordConsumer {
  const logger = { warn: () => undefined, error: () => undefined };
  const consumer = createRecordConsumer({
    stream,
    logger,
    intake: {
      async take(outcomes) {
        for (const { records } of outcomes) {
          const told = records.map(({ address, text }) => `${address} ${text}`).join(', ');
          taken.set(told, (taken.get(told) ?? 0) + 1);
        }
        return [];
      },
    },
    metrics: createPipelineMetrics({ process: false }),
    now: Date.now,
    pressure: () => undefined,
    sourceOf: (id) => ({ resolved: { id, type: 't' }, version: 1 }),
    normalizerFor: createNormalizer,
    limits: { idleMs: 600_000, holdMs: 3_600_000, maxSenders: 100 },
  });
  consumer.start();
  return consumer;
}

test.skipIf(kafka === undefined)(
  'what is held when a partition changes hands is told whole by the next one',
  { timeout: 90_000 },
  async () => {
    const senders = 40;
    const rounds = 30;
    const first = connect();
    await first.createTopics(topics({ partitions: 4, retentionMs: 1e9 }));
    const taken = new Map<string, number>();
    const consumers = [start(first, taken)];
    const words = ['begin', 'middle', 'end'];
    // Senders are at different words, so that at any place some of them are in the midst of something.
    for (let step = 0; step < 3 * rounds; step++) {
      const records = Array.from({ length: senders }, (_, sender) => sender).flatMap((sender) => {
        const place = step - (sender % 5);
        if (place < 0 || place >= 3 * (rounds - 2)) return [];
        const text = `${words[place % 3]} ${Math.floor(place / 3)}`;
        const address = `h${sender}`;
        const reception = { source: 's', sender: address, address, submitter: 'k', receivedMs: 1 };
        return [encodeReceived(Buffer.from(text), reception)];
      });
      await first.append(RECORDS_TOPIC, { records });
      await new Promise((resume) => setTimeout(resume, 50));
      if (step === 20) consumers.push(start(connect(), taken));
      if (step === 55) await consumers.shift()?.stop();
    }
    const expected = Array.from({ length: senders }, (_, sender) =>
      Array.from({ length: rounds - 2 }, (_, round) =>
        words.map((word) => `h${sender} ${word} ${round}`).join(', '),
      ),
    ).flat();
    await vi.waitFor(() => expect(taken.size).toBeGreaterThanOrEqual(expected.length), { timeout: 40_000 });
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    expect([...taken.keys()].toSorted()).toEqual(expected.toSorted());
  },
);
