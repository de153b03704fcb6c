/** Two collectors of one group on a real broker: one collects, and the other goes on from there when it ends. */
import { createKafkaStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { afterAll, expect, test, vi } from 'vitest';
import { kafkaOrSkip } from '../../../../test/support/kafka.ts';
import { quickly, testCollection } from './collector.test-support.ts';

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

test.skipIf(kafka === undefined)(
  'of two collectors one collects, and the other takes over where it was',
  { timeout: 90_000 },
  async () => {
    const collection = await testCollection(connect());
    const cloud = await collection.cloud({ capabilities: ['FilterParameter'] });
    const put = (state: string, second: number): void =>
      cloud.put('Job', 'jobs/1', { state, timeOfStatusChange: `2026-01-01T00:00:0${second}Z` });
    const states = async (): Promise<unknown[]> =>
      (await collection.records('a')).map(({ text }) => /"state":"(\w+)"/.exec(text)?.[1]);
    const wait = { timeout: 30_000, interval: 100 };
    put('RUNNING', 0);
    collection.register('a', { ...quickly(cloud.url), everySeconds: 0.2, openJobsEverySeconds: 0.1 });
    const collectors = [collection.start(), collection.start({ stream: connect() })];
    await vi.waitFor(async () => expect(await states()).toEqual(['RUNNING']), wait);
    // Whichever of the two has the partition: each ends once, and another one comes.
    await collectors[0]?.stop();
    put('STOPPING', 1);
    await vi.waitFor(async () => expect(await states()).toEqual(['RUNNING', 'STOPPING']), wait);
    collection.start({ stream: connect() });
    await collectors[1]?.stop();
    put('STOPPED', 2);
    await vi.waitFor(async () => expect(await states()).toEqual(['RUNNING', 'STOPPING', 'STOPPED']), wait);
    expect(await collection.ownEvents()).toEqual([]);
  },
);
