/** The writer over a real stream (LMDB) and the real engine (chDB). */
import { hash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore } from '@cadf-pipeline/event-store';
import { createLmdbStream, eventHeaders, eventKey, submissionHeaders } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DEAD_LETTERS_TOPIC, EVENTS_TOPIC, topics } from '../topics.ts';
import { createWriter } from './writer.ts';
import type { Writer } from './writer.ts';

const everything = { tenants: '*' } as const;
let folder: string;
let stream: EventStream;
let store: EventStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cadf-writer-'));
  stream = createLmdbStream({ path: join(folder, 'stream') });
  store = createChdbStore({ path: join(folder, 'store') });
  await store.migrate();
  await stream.createTopics(topics({ partitions: 2, retentionMs: 1e9 }));
});
afterAll(async () => {
  await stream.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function append(values: readonly string[]): Promise<void> {
  await stream.append(EVENTS_TOPIC, {
    headers: submissionHeaders({
      source: 's',
      sourceType: 'cadf',
      submitter: 'k',
      profile: 'openstack',
      receivedMs: Date.now(),
    }),
    records: values.map((text, index) => ({
      key: eventKey('s', String(index)),
      value: Buffer.from(text),
      headers: eventHeaders({ tenants: [], digest: hash('sha256', text, 'hex') }),
    })),
  });
}

const event = (id: string = randomUUID()): string =>
  JSON.stringify({
    typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
    id,
    eventType: 'activity',
    eventTime: '2026-11-01T00:00:00+00:00',
    action: 'read',
    outcome: 'success',
  });

/** A store whose next inserts fail in the given way, before or after they were carried out: what a broken connection looks like. */
function failing(times: number, when: 'before' | 'after'): EventStore {
  let left = times;
  return {
    ...store,
    async insert(records) {
      const fails = left-- > 0;
      if (fails && when === 'before') throw new Error('the connection broke');
      const result = await store.insert(records);
      if (fails) throw new Error('the connection broke');
      return result;
    },
  };
}

function start(
  over: EventStore,
  stored: (records: number) => void = () => undefined,
): { writer: Writer; stop: () => Promise<void> } {
  const stopping = new AbortController();
  const writer = createWriter({
    stream,
    store: over,
    settings: { maxRows: 50, maxBytes: 1e6, maxWaitMs: 20 },
    observer: { stored: ({ records }) => stored(records), failed: () => undefined, gap: () => undefined },
  });
  const running = writer.run(stopping.signal);
  return {
    writer,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

test.each(['before', 'after'] as const)(
  'an insert whose connection breaks %s it was carried out is repeated without loss or repeat',
  async (when) => {
    const before = await store.count(everything, {});
    await append(Array.from({ length: 120 }, () => event()));
    const { writer, stop } = start(failing(2, when));
    await vi.waitFor(async () => expect(await store.count(everything, {})).toBe(before + 120), {
      timeout: 15_000,
      interval: 50,
    });
    await stop();
    expect(writer.trouble()).toBeUndefined();
    expect(await store.count(everything, {})).toBe(before + 120);
  },
);

test('what is no event becomes a dead letter with its bytes, and the others go on', async () => {
  const before = await store.count(everything, {});
  const good = event();
  await append(['not json', good, '{"id":"no-time"}']);
  const { stop } = start(store);
  await vi.waitFor(async () => expect(await store.count(everything, {})).toBe(before + 1), {
    timeout: 15_000,
    interval: 50,
  });
  await stop();
  const letters: string[] = [];
  for await (const batch of stream.read(DEAD_LETTERS_TOPIC, { from: new Map([[0, 0]]), follow: false }))
    for (const record of batch.records)
      letters.push(`${record.headers['cadf-code']} ${record.value?.toString()}`);
  expect(letters.toSorted()).toEqual([
    'STORE_EVENT_UNREADABLE not json',
    'STORE_EVENT_UNREADABLE {"id":"no-time"}',
  ]);
});

test('a stop stores what was collected before it resolves', async () => {
  const before = await store.count(everything, {});
  let stored = 0;
  await append(Array.from({ length: 30 }, () => event()));
  const { stop } = start(store, (records) => (stored += records));
  await vi.waitFor(() => expect(stored).toBeGreaterThan(0), { timeout: 15_000, interval: 5 });
  await append(Array.from({ length: 10 }, () => event()));
  await vi.waitFor(async () => expect(await store.count(everything, {})).toBeGreaterThan(before), {
    timeout: 15_000,
  });
  await stop();
  const { stop: stopAgain } = start(store);
  await vi.waitFor(async () => expect(await store.count(everything, {})).toBe(before + 40), {
    timeout: 15_000,
    interval: 50,
  });
  await stopAgain();
});

test('a stream that is not of the history of the store is refused, not skipped', async () => {
  const other = createLmdbStream({ path: join(folder, 'other') });
  await other.createTopics(topics({ partitions: 2, retentionMs: 1e9 }));
  const writer = createWriter({
    stream: other,
    store,
    settings: { maxRows: 50, maxBytes: 1e6, maxWaitMs: 20 },
    observer: { stored: () => undefined, failed: () => undefined, gap: () => undefined },
  });
  await expect(writer.run(new AbortController().signal)).rejects.toThrow(/not of one history/);
  await other.close();
});

test('what was appended to several partitions together is read from the store in that order', async () => {
  const before = await store.count(everything, {});
  const from = await store.snapshot();
  const values = Array.from({ length: 30 }, () => event());
  await append(values);
  const { stop } = start(store);
  await vi.waitFor(async () => expect(await store.count(everything, {})).toBe(before + 30), {
    timeout: 15_000,
    interval: 50,
  });
  await stop();
  const texts: string[] = [];
  const partitions = new Set<number>();
  for await (const { events } of store.accepted(everything, { from, upto: await store.snapshot() }))
    for (const { partition, text } of events) {
      partitions.add(partition);
      texts.push(text.toString());
    }
  expect(texts).toEqual(values);
  expect(partitions.size).toBe(2);
});
