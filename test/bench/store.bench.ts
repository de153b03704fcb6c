/**
 * What does the embedded event store cost by itself?
 *
 * `node test/bench/store.bench.ts [--events 1000000] [--block 20000] [--pairs 0] [--path DIR]`
 *
 * - rows stored per CPU-second and per second: `insert` alone, from records in memory to durable rows (the process's user
 *   and system time while it runs, engine threads and background merges included; making the records is left out);
 * - bytes stored per event, in all and per column, after merging;
 * - milliseconds of a page of 100, a count, an event by id, by filter, over all events (median and worst of 7);
 * - seconds to own the partitions again after a restart;
 * - resident memory, sampled after each block.
 *
 * `--pairs 50`: that share of the records are final versions of a pending event one block before.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, StoreRecord } from '@cadf-pipeline/event-store';
import { Session } from 'chdb';
import { createEventGenerator } from './openstack-events.ts';

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    block: { type: 'string', default: '20000' },
    pairs: { type: 'string', default: '0' },
    path: { type: 'string' },
  },
});
const total = Number(options.events);
const blockRows = Number(options.block);
const pairs = Number(options.pairs) / 100;
const PARTITIONS = 8;
const EVERYONE = { tenants: '*' } as const;

const folder = options.path ?? mkdtempSync(join(tmpdir(), 'cadf-store-bench-'));
const path = join(folder, 'store');
try {
  let store = createChdbStore({ path });
  await store.migrate();
  await store.own(Array.from({ length: PARTITIONS }, (_, partition) => partition));
  const sample = await fill(store);
  await report(store, sample);
  await store.close();
  const startedMs = performance.now();
  store = createChdbStore({ path });
  await store.own(Array.from({ length: PARTITIONS }, (_, partition) => partition));
  console.log(`open and own again   ${((performance.now() - startedMs) / 1000).toFixed(2)} s`);
  await store.close();
} finally {
  if (options.path === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Inserts block by block; answers an id from the middle. */
async function fill(store: EventStore): Promise<string> {
  const generator = createEventGenerator(1);
  const offsets = Array.from({ length: PARTITIONS }, () => 0);
  let before: { readonly partition: number; readonly text: string }[] = [];
  let sample = '';
  let cpuMicros = 0;
  let wallMs = 0;
  let peakRss = 0;
  for (let done = 0; done < total; done += blockRows) {
    const kept: { readonly partition: number; readonly text: string }[] = [];
    const records: StoreRecord[] = [];
    for (let i = 0; i < Math.min(blockRows, total - done); i++) {
      const pending = before[i];
      const isPair = pending !== undefined && i < blockRows * pairs;
      const partition = isPair ? pending.partition : i % PARTITIONS;
      const text = isPair ? pending.text : generator.next();
      // The first of a pair is pending; what the generator wrote is its final version.
      const first = !isPair && kept.length < blockRows * pairs;
      if (first) kept.push({ partition, text });
      const value = Buffer.from(first ? text.replace(/"outcome":"\w+"/, '"outcome":"pending"') : text);
      if (done + i === Math.floor(total / 2)) sample = (JSON.parse(text) as { id: string }).id;
      records.push({
        partition,
        offset: offsets[partition]!++,
        receivedMs: Date.UTC(2026, 10, 1) + done + i,
        source: 'openstack-a',
        sourceType: 'cadf',
        submitter: 'key-1',
        profile: 'openstack',
        tenants: [`tenant-${i % 50}`],
        digest: createHash('sha256').update(value).digest('hex'),
        value,
      });
    }
    before = kept;
    const startedMs = performance.now();
    const cpu = process.cpuUsage();
    await store.insert(records);
    const used = process.cpuUsage(cpu);
    cpuMicros += used.user + used.system;
    wallMs += performance.now() - startedMs;
    peakRss = Math.max(peakRss, process.memoryUsage().rss);
    if ((done / blockRows) % 10 === 9)
      console.error(
        `${done + records.length} rows, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident`,
      );
  }
  console.log(
    `insert               ${Math.round(total / (cpuMicros / 1e6))} rows per CPU-second, ${Math.round((total / wallMs) * 1000)} rows/s`,
  );
  console.log(
    `resident             ${Math.round(peakRss / 1e6)} MB at most, ${Math.round(process.memoryUsage().rss / 1e6)} MB at the end`,
  );
  return sample;
}

async function report(store: EventStore, id: string): Promise<void> {
  await time('page of 100, newest', () => store.events(EVERYONE, { order: 'desc', limit: 100 }));
  await time('page of 100, oldest', () => store.events(EVERYONE, { order: 'asc', limit: 100 }));
  await time('page of 100, tenant', () =>
    store.events({ tenants: ['tenant-7'] }, { order: 'desc', limit: 100 }),
  );
  const where = {
    sql: 'initiator_name = {name: String} AND outcome = {outcome: String}',
    params: { name: 'user-7', outcome: 'failure' },
  };
  await time('page of 100, filter', () => store.events(EVERYONE, { order: 'desc', limit: 100, where }));
  await time('page of 10,000', () => store.events(EVERYONE, { order: 'desc', limit: 10_000 }));
  await time('count', () => store.count(EVERYONE, {}));
  await time('count, tenant', () => store.count({ tenants: ['tenant-7'] }, {}));
  await time('count, filter', () => store.count(EVERYONE, { where }));
  await time('count, all versions', () => store.count(EVERYONE, { versions: 'all' }));
  await time('event by id', () => store.event(EVERYONE, id, { versions: 'merged' }));
  await time('snapshot', () => store.snapshot());
  const session = new Session(path);
  try {
    await session.queryAsync('OPTIMIZE TABLE events FINAL', { format: 'Null' });
    const stats = await store.stats();
    console.log(
      `stored               ${(stats.bytes / stats.rows).toFixed(1)} B per row, indexes and shapes included`,
    );
    const columns = await session.queryAsync(
      `SELECT concat(column, '  ', toString(round(sum(column_data_compressed_bytes) / sum(rows), 2)))
       FROM system.parts_columns WHERE active AND table = 'events' GROUP BY column
       HAVING sum(column_data_compressed_bytes) / sum(rows) >= 0.05
       ORDER BY sum(column_data_compressed_bytes) DESC`,
      { format: 'TSVRaw' },
    );
    console.log(columns.text().trimEnd().replaceAll(/^/gm, '  '));
    const parts = await session.queryAsync(
      `SELECT concat('  indexes  ', toString(round(sum(secondary_indices_compressed_bytes) / sum(rows), 2)))
       FROM system.parts WHERE active AND table = 'events'`,
      { format: 'TSVRaw' },
    );
    console.log(parts.text().trimEnd());
  } finally {
    session.close();
  }
}

async function time(what: string, run: () => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let i = 0; i < 7; i++) {
    const startedMs = performance.now();
    await run();
    took.push(performance.now() - startedMs);
  }
  took.sort((a, b) => a - b);
  console.log(`${what.padEnd(21)}${took[3]?.toFixed(1)} ms, worst ${took[6]?.toFixed(1)} ms`);
}
