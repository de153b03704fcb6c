/** Gaps in sequences of indications (DSP1054): told once, whatever the order, the process and restarts in between. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLmdbStream, StreamError } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { validateEvent } from '@cadf-pipeline/cadf-model';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { EVENTS_TOPIC, topics } from '../topics.ts';
import { SEQUENCES_TOPIC } from './sequence-record.ts';
import { createSequenceWatch } from './sequence-watch.ts';
import type { SequenceWatch } from './sequence-watch.ts';

const LIFETIME_MS = 900_000;
const HOUR_MS = 3_600_000;
let nowMs = 0;
let stream: EventStream;

beforeEach(async () => {
  nowMs = Date.parse('2026-11-01T00:00:00Z');
  const folder = await mkdtemp(join(tmpdir(), 'cadf-sequences-'));
  const opened = createLmdbStream({ path: folder });
  stream = opened;
  await stream.createTopics(topics({ partitions: 1, retentionMs: HOUR_MS }));
  onTestFinished(async () => {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });
});

async function watch(writer = 'one', over: EventStream = stream): Promise<SequenceWatch> {
  const made = createSequenceWatch({
    stream: over,
    state: { get: () => undefined },
    writer,
    lifetimeMs: LIFETIME_MS,
    now: () => nowMs,
    logger: { warn: () => undefined },
    onMissing: () => undefined,
    intervalMs: HOUR_MS,
    maxSequences: 5,
  });
  await made.start();
  onTestFinished(() => made.stop());
  return made;
}

async function note(on: SequenceWatch, context: string, ...numbers: readonly number[]): Promise<void> {
  for (const number of numbers) await on.note('hypervisors-a', [{ context, number }]);
}

interface Told {
  readonly id: string;
  readonly eventTime: string;
  readonly reason: { readonly reasonCode: string };
  readonly measurements: readonly { readonly result: string }[];
}

async function told(): Promise<Told[]> {
  const from = new Map(
    [...(await stream.bounds(EVENTS_TOPIC))].map(([partition, { first }]) => [partition, first]),
  );
  const found: Told[] = [];
  for await (const { records } of stream.read(EVENTS_TOPIC, { from, follow: false }))
    for (const { value } of records) found.push(JSON.parse(String(value)) as Told);
  return found;
}

/** What was told, in short. */
async function gaps(): Promise<string[]> {
  return (await told()).map(
    ({ reason }) => / (\d+ to \d+) of sequence (\S+)/.exec(reason.reasonCode)?.slice(1).join(' ') ?? '',
  );
}

test('a number missing for longer than the lifetime is told once, as an event that the standard allows', async () => {
  const one = await watch();
  await note(one, 'boot-1', 5, 6, 9, 10);
  nowMs += LIFETIME_MS;
  await one.look();
  expect(await told()).toEqual([]);
  nowMs += 1;
  await one.look();
  await one.look();
  const events = await told();
  expect(events).toMatchObject([
    {
      name: 'indications missing',
      eventTime: '2026-11-01T00:15:00.000+00:00',
      eventType: 'monitor',
      outcome: 'failure',
      target: { id: 'hypervisors-a' },
      reason: { reasonCode: 'numbers 7 to 8 of sequence boot-1 did not come within 900 s' },
      measurements: [{ result: '2' }],
    },
  ]);
  expect(validateEvent(events[0], 'strict')).toEqual([]);
});

test('what comes late, but in time, is missing nowhere; below the first number nothing is claimed', async () => {
  const one = await watch();
  await note(one, 'boot-1', 100, 103, 101);
  nowMs += LIFETIME_MS - 1;
  await note(one, 'boot-1', 102);
  nowMs += HOUR_MS;
  await one.look();
  expect(await gaps()).toEqual([]);
});

test('repeats change nothing, and each context stands for itself', async () => {
  const one = await watch();
  await note(one, 'boot-1', 1, 2, 2, 1, 3);
  await note(one, 'boot-2', 0, 1, 0);
  await note(one, 'boot-3', 7, 9);
  nowMs += LIFETIME_MS + 1;
  await one.look();
  expect(await gaps()).toEqual(['8 to 8 boot-3']);
});

test('numbers that came to several processes make one sequence, and a gap is told by one of them', async () => {
  const one = await watch('one');
  const two = await watch('two');
  await note(one, 'boot-1', 1, 3, 5, 8);
  await note(two, 'boot-1', 2, 4, 9);
  nowMs += LIFETIME_MS + 1;
  // What the other one remembered arrives by the stream.
  await vi.waitFor(async () => {
    await note(one, 'probe', 1);
    await sleep(20);
  });
  await one.look();
  await sleep(50);
  await two.look();
  expect(await gaps()).toEqual(['6 to 7 boot-1']);
});

test('a restart forgets neither what came, nor since when something is missing, nor what was told', async () => {
  const before = await watch();
  await note(before, 'boot-1', 1, 2, 4, 6);
  nowMs += LIFETIME_MS - 10;
  await before.stop();
  const after = await watch('another');
  await note(after, 'boot-1', 5);
  nowMs += 11;
  await after.look();
  expect(await gaps()).toEqual(['3 to 3 boot-1']);
  await after.stop();
  const last = await watch();
  nowMs += HOUR_MS;
  await last.look();
  expect(await gaps()).toEqual(['3 to 3 boot-1']);
});

test('two processes that tell the same gap at once give one event', async () => {
  const one = await watch('one');
  await note(one, 'boot-1', 1, 3);
  const two = await watch('two');
  nowMs += LIFETIME_MS + 1;
  await Promise.all([one.look(), two.look()]);
  const events = await told();
  expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1);
});

test('a number is not remembered before the stream has it, and then with all that came meanwhile', async () => {
  let isFailing = true;
  let appends = 0;
  const shaky: EventStream = Object.assign(Object.create(stream) as EventStream, {
    append: async (...call: Parameters<EventStream['append']>) => {
      appends++;
      if (isFailing) throw new StreamError('STREAM_OVERLOADED', 'it is told to fail');
      return stream.append(...call);
    },
  });
  const one = await watch('one', shaky);
  await expect(note(one, 'boot-1', 1)).rejects.toMatchObject({ code: 'STREAM_OVERLOADED' });
  isFailing = false;
  appends = 0;
  await Promise.all(Array.from({ length: 100 }, (_, index) => note(one, 'boot-1', 2 + index)));
  expect(appends).toBeLessThan(4);
  const two = await watch('two');
  await note(two, 'boot-1', 103);
  nowMs += LIFETIME_MS + 1;
  await two.look();
  expect(await gaps()).toEqual(['102 to 102 boot-1']);
});

test('very many gaps are told as one, at once', async () => {
  const one = await watch();
  await note(one, 'boot-1', ...Array.from({ length: 302 }, (_, index) => 2 * index));
  await one.look();
  expect(await gaps()).toEqual(['1 to 401 boot-1']);
  expect((await told())[0]?.measurements[0]?.result).toBe('201');
  nowMs += LIFETIME_MS + 1;
  await one.look();
  expect(await gaps()).toEqual(['1 to 401 boot-1', '403 to 601 boot-1']);
});

test('sequences without a word for a week are forgotten, also in the stream', async () => {
  const one = await watch();
  await note(one, 'boot-1', 1);
  nowMs += 8 * 24 * HOUR_MS;
  await one.look();
  await note(one, 'boot-1', 5);
  nowMs += LIFETIME_MS + 1;
  await one.look();
  expect(await gaps()).toEqual([]);
});

test('of too many sequences the one without a word for the longest time is forgotten, also in the stream', async () => {
  const one = await watch();
  for (const context of ['a', 'b', 'c', 'd', 'e', 'a', 'f']) await note(one, context, 1);
  await note(one, 'a', 2);
  await one.look();
  const left = new Set<string>();
  const bounds = await stream.bounds(SEQUENCES_TOPIC);
  const from = new Map([...bounds].map(([partition, { first }]) => [partition, first]));
  for await (const { records } of stream.read(SEQUENCES_TOPIC, { from, follow: false }))
    for (const { key, value } of records) {
      if (value === null) left.delete(key);
      else left.add(key);
    }
  expect([...left].map((key) => (JSON.parse(key) as string[])[1])).toEqual(['a', 'c', 'd', 'e', 'f']);
});

test('records in the topic that are none are passed over', async () => {
  const value = Buffer.from('{"seenMs":-1}');
  for (const key of ['x', '[1]', '["hypervisors-a","boot-1","three"]'])
    await stream
      .createTopics([{ name: SEQUENCES_TOPIC, partitions: 1, cleanup: 'compact' }])
      .then(() => stream.append(SEQUENCES_TOPIC, { records: [{ key, value }] }));
  const one = await watch();
  await note(one, 'boot-1', 1, 3);
  nowMs += LIFETIME_MS + 1;
  await one.look();
  expect(await gaps()).toEqual(['2 to 2 boot-1']);
});
