import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createActivityReader } from './reader.ts';
import type { ActivityReader } from './reader.ts';
import { createActivityRecorder } from './recorder.ts';
import type { ActivityRecorder } from './recorder.ts';
import { ACTIVITY_TOPIC } from './topic.ts';

const logger = { warn: (): void => undefined };
let stream: EventStream;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'activity-'));
  const opened = createLmdbStream({ path: join(folder, 'stream') });
  stream = opened;
  onTestFinished(async () => {
    await opened.close();
    await rm(folder, { recursive: true });
  });
});

async function recorder(writer: string, nowMs = 1000): Promise<ActivityRecorder> {
  const made = createActivityRecorder({ stream, writer, now: () => nowMs, logger, flushMs: 5 });
  await made.start();
  return made;
}

async function reader(): Promise<ActivityReader> {
  const made = createActivityReader({ stream, logger });
  await made.start();
  onTestFinished(() => made.stop());
  return made;
}

test('the counts of all processes are added up, and go on after a restart', async () => {
  const one = await recorder('one', 1000);
  const two = await recorder('two', 2000);
  one.ended('esxi', 'accepted', 3);
  one.ended('esxi', 'ignored', 2);
  one.ignoredBy('esxi', 'debug-message');
  one.ignoredBy('esxi', 'debug-message');
  two.ended('esxi', 'accepted', 4);
  two.unmapped('esxi', 'vim.Foo.bar');
  await one.stop();
  await two.stop();
  const again = await recorder('one', 1500);
  again.ended('esxi', 'accepted', 1);
  await again.stop();

  const read = (await reader()).get('esxi');
  expect(read?.endings).toEqual({
    accepted: 8,
    duplicate: 0,
    rejected: 0,
    'dead-lettered': 0,
    ignored: 2,
  });
  expect(read?.unmapped).toBe(1);
  expect([...(read?.unmappedOperations ?? [])]).toEqual([['vim.Foo.bar', 1]]);
  expect([...(read?.ignoredByRule ?? [])]).toEqual([['debug-message', 2]]);
  expect(read?.lastSeenMs).toBe(2000);
});

test('a reader sees new counts as they come, and nothing of a source that never spoke', async () => {
  const seen = await reader();
  expect(seen.get('esxi')).toBeUndefined();
  const counting = await recorder('one');
  counting.ended('esxi', 'duplicate', 1);
  await vi.waitFor(() => expect(seen.get('esxi')?.endings.duplicate).toBe(1));
  expect(seen.sources()).toEqual(['esxi']);
  await counting.stop();
});

test('names of operations are bounded; the rest is counted together', async () => {
  const counting = await recorder('one');
  for (let index = 0; index < 600; index += 1) counting.unmapped('s', `operation ${index}`);
  await counting.stop();
  const operations = (await reader()).get('s')?.unmappedOperations;
  expect(operations?.size).toBe(501);
  expect(operations?.get('(others)')).toBe(100);
});

test('what is in the topic and no count is left out', async () => {
  const counting = await recorder('one');
  counting.ended('s', 'accepted', 1);
  await counting.stop();
  for (const value of [Buffer.from('{'), Buffer.from('{"accepted":-1}'), null])
    await stream.append(ACTIVITY_TOPIC, { records: [{ key: 's\nother', value }] });
  expect((await reader()).get('s')?.endings.accepted).toBe(1);
});

test('how a provider was last collected from is what the process that did it last says', async () => {
  const one = await recorder('one', 1000);
  one.polled('cloud', `CIMI_TIMEOUT: ${'x'.repeat(1000)}`);
  one.ended('cloud', 'accepted', 1);
  await one.stop();
  const troubled = (await reader()).get('cloud');
  expect(troubled?.lastPoll?.atMs).toBe(1000);
  expect(troubled?.lastPoll?.trouble).toMatch(/^CIMI_TIMEOUT: x{486}$/);
  const two = await recorder('two', 3000);
  two.polled('cloud', undefined);
  await two.stop();
  const again = await recorder('one', 2000);
  again.polled('cloud', 'CIMI_GONE');
  again.ended('other', 'accepted', 1);
  await again.stop();
  const read = await reader();
  expect(read.get('cloud')).toMatchObject({ lastPoll: { atMs: 3000 }, endings: { accepted: 1 } });
  expect(read.get('cloud')?.lastPoll).toEqual({ atMs: 3000 });
  expect(read.get('other')?.lastPoll).toBe(undefined);
});
