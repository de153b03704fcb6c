/**
 * What does the stream cost? Appends OpenStack CADF events (1.2-1.3 KB, a key, five shared headers and two of
 * their own) in batches of 500 from 4 callers at once, then reads all of them back, and follows while
 * appending. CPU time is that of this process (threads of LMDB and of compression included), without the
 * making of the events, which are made before.
 *
 *   node test/bench/stream.bench.ts lmdb|platformatic|kafkajs [events] [compression]
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppendRecord,
  type Bounds,
  createKafkaStream,
  createLmdbStream,
  type EventStream,
} from '@cadf-pipeline/event-stream';
import { startKafka } from '../support/kafka.ts';
import { createEventGenerator } from './openstack-events.ts';

const BATCH = 500;
const CALLERS = 4;
const PARTITIONS = 8;
const TOPIC = 'bench';
const HEADERS = {
  'cadf-source': 'keystone-region-a',
  'cadf-source-type': 'cadf',
  'cadf-received': '2026-11-01T00:00:00.000Z',
  'cadf-submitter': 'key-7f3a',
  'cadf-profile': 'openstack',
};

const [backend = 'lmdb', count = '200000', compression = 'zstd'] = process.argv.slice(2);
const events = Number(count);
const batches = makeBatches(Math.min(events, 10_000));
const { stream, stop } = await open();
try {
  await stream.createTopics([{ name: TOPIC, partitions: PARTITIONS, cleanup: 'delete' }]);
  await appendAll(20_000); // Lets the compiler and the broker warm up.
  await measure('append', () => appendAll(events));
  const held = await stream.bounds(TOPIC);
  await measure('read', () => readAll(starts(held, 'first'), false));
  await measure('append and follow', async () => {
    await Promise.all([appendAll(events), readAll(starts(held, 'next'), true)]);
  });
} finally {
  await stream.close();
  await stop();
}

async function open(): Promise<{ stream: EventStream; stop: () => Promise<void> }> {
  if (backend === 'lmdb') {
    const path = mkdtempSync(join(tmpdir(), 'cadf-stream-bench-'));
    const stream = createLmdbStream({ path, sweepIntervalMs: 0 });
    return { stream, stop: async () => rmSync(path, { recursive: true, force: true }) };
  }
  if (backend !== 'platformatic' && backend !== 'kafkajs')
    throw new Error(`no backend ${backend}: lmdb, platformatic, kafkajs`);
  if (compression !== 'zstd' && compression !== 'gzip' && compression !== 'none')
    throw new Error(`no compression ${compression}: zstd, gzip, none`);
  const kafka = await startKafka();
  const stream = createKafkaStream({ brokers: kafka.brokers, client: backend, compression });
  return { stream, stop: () => kafka.stop() };
}

function makeBatches(total: number): AppendRecord[][] {
  const generator = createEventGenerator(1);
  const made: AppendRecord[][] = [];
  for (let at = 0; at < total; at += BATCH)
    made.push(
      Array.from({ length: BATCH }, (_, i) => {
        const value = Buffer.from(generator.next());
        const digest = createHash('sha256').update(value).digest('hex');
        return {
          key: `keystone-region-a\u0000${digest.slice(0, 36)}${(at + i) % 10}`,
          value,
          headers: { 'cadf-tenants': digest.slice(0, 32), 'cadf-digest': digest },
        };
      }),
    );
  return made;
}

async function appendAll(total: number): Promise<void> {
  let left = total;
  let next = 0;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= BATCH;
      const records = batches[next++ % batches.length] ?? [];
      await stream.append(TOPIC, { headers: HEADERS, records });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

function starts(held: ReadonlyMap<number, Bounds>, at: 'first' | 'next'): Map<number, number> {
  return new Map([...held].map(([partition, bounds]) => [partition, bounds[at]]));
}

async function readAll(from: ReadonlyMap<number, number>, follow: boolean): Promise<void> {
  const enough = new AbortController();
  let seen = 0;
  for await (const batch of stream.read(TOPIC, { from, follow, signal: enough.signal })) {
    seen += batch.records.length;
    if (follow && seen >= events) enough.abort();
  }
}

async function measure(what: string, action: () => Promise<void>): Promise<void> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await action();
  const wall = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const perEvent = (user + system) / events;
  const mib = Math.round(process.memoryUsage().rss / 1024 / 1024);
  process.stdout.write(
    `${backend} ${what}: ${Math.round(events / wall)} events/s, ${perEvent.toFixed(2)} us CPU each ` +
      `(${(user / events).toFixed(2)} user, ${(system / events).toFixed(2)} system), ${mib} MiB resident\n`,
  );
}
