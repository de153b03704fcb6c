import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RECORDS_GROUP, RECORDS_TOPIC, topics } from '../topics.ts';
import { keepReplayPlace, loadReplayPlaces } from './replay-checkpoints.ts';
import type { ReplayPlace } from './replay-place.ts';

let folder: string;
let stream: EventStream;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cadf-places-'));
  stream = createLmdbStream({ path: join(folder, 'stream') });
  await stream.createTopics(topics({ partitions: 2, retentionMs: 1e9 }));
});
afterEach(async () => {
  await stream.close();
  rmSync(folder, { recursive: true, force: true });
});

const keep = (at: number, before: number, ...skip: [string, number][]): Promise<boolean> =>
  keepReplayPlace(stream, RECORDS_TOPIC, RECORDS_GROUP, 0, { at, skip: new Map(skip) }, before);

async function load(): Promise<ReplayPlace | undefined> {
  return (await loadReplayPlaces(stream, RECORDS_TOPIC, RECORDS_GROUP, [0])).get(0);
}

test('a place comes back with what is to be skipped behind it', async () => {
  expect(await load()).toEqual({ at: 0, skip: new Map() });
  await keep(5, 0, ['s/a', 9]);
  expect(await load()).toEqual({ at: 5, skip: new Map([['s/a', 9]]) });
  await keep(12, 5);
  expect(await load()).toEqual({ at: 12, skip: new Map() });
});

test('a checkpoint whose commit did not come any more counts', async () => {
  await keep(5, 0);
  await keep(7, 5, ['s/a', 9]);
  await stream.commit(RECORDS_TOPIC, RECORDS_GROUP, new Map([[0, 5]]));
  expect(await load()).toEqual({ at: 7, skip: new Map([['s/a', 9]]) });
});

test('one of another life of the topic does not', async () => {
  await keep(1000, 900, ['s/a', 1009]);
  await stream.commit(RECORDS_TOPIC, RECORDS_GROUP, new Map([[0, 50]]));
  expect(await load()).toEqual({ at: 50, skip: new Map() });
});

test('one that is too large is not kept, nor its place', async () => {
  await keep(5, 0);
  const many = Array.from({ length: 20_000 }, (_, index): [string, number] => [
    `s/${index}${'x'.repeat(60)}`,
    99,
  ]);
  expect(await keep(7, 5, ...many)).toBe(false);
  expect(await load()).toEqual({ at: 5, skip: new Map() });
});
