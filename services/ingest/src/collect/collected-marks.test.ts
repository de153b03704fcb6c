import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { COLLECTED_TOPIC, topics } from '../topics.ts';
import { createCollectedMarks, MAX_MARKS } from './collected-marks.ts';
import type { CollectedMarks } from './collected-marks.ts';
import type { Mark } from './poll-context.ts';

const { signal } = new AbortController();
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function openStream(): Promise<EventStream> {
  const folder = await mkdtemp(join(tmpdir(), 'marks-'));
  const stream = createLmdbStream({ path: join(folder, 'stream') });
  await stream.createTopics(topics({ partitions: 1, retentionMs: 1e9 }));
  onTestFinished(async () => {
    await stream.close();
    await rm(folder, { recursive: true, force: true });
  });
  return stream;
}

async function load(stream: EventStream): Promise<CollectedMarks> {
  const marks = createCollectedMarks(stream, logger);
  await marks.load();
  return marks;
}

const all = (marks: CollectedMarks, source: string, prefix = ''): Record<string, string> =>
  Object.fromEntries(marks.of(source).remembered.entries(prefix));

test('whoever reads the topic remembers what was put, and nothing else', async () => {
  const stream = await openStream();
  const key = fc.constantFrom(
    'job\n/1',
    'job\n/2',
    'open-job\n/1',
    'log\na\n1',
    'log\na\n2',
    'log\nb\n1',
    'cursor\n',
  );
  const mark = fc.record({ key, value: fc.option(fc.constantFrom('x', 'ü'), { nil: null }) });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(mark, { maxLength: 6 }), { maxLength: 6 }), async (rounds) => {
      const source = `s${run++}`;
      const expected = new Map<string, string>();
      const marks = createCollectedMarks(stream, logger);
      for (const round of rounds) {
        await marks.of(source).put(round, signal);
        for (const { key: name, value } of round)
          if (value === null) expected.delete(name);
          else expected.set(name, value);
      }
      for (const one of [marks, await load(stream)]) {
        expect(all(one, source)).toEqual(Object.fromEntries(expected));
        for (const prefix of ['log\n', 'log\na\n', 'log\na\n1', 'lo', 'job\n/1', 'none\n'])
          expect(all(one, source, prefix)).toEqual(
            Object.fromEntries([...expected].filter(([name]) => name.startsWith(prefix))),
          );
        expect(one.of(source).count('log')).toBe(
          [...expected.keys()].filter((name) => name.startsWith('log')).length,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('what is remembered already is not written again', async () => {
  const stream = await openStream();
  const marks = await load(stream);
  for (let time = 0; time < 3; time++)
    await marks.of('a').put(
      [
        { key: 'job\n/1', value: 'x' },
        { key: 'job\n/2', value: null },
      ],
      signal,
    );
  expect((await stream.bounds(COLLECTED_TOPIC)).get(0)?.next).toBe(1);
});

test('sources are apart, and one is forgotten with or without a kind', async () => {
  const marks = await load(await openStream());
  for (const source of ['a', 'ab'])
    await marks.of(source).put(
      [
        { key: 'job\n/1', value: 'x' },
        { key: 'trouble\nC', value: 'y' },
      ],
      signal,
    );
  await marks.of('a').forget(signal, 'trouble');
  expect([all(marks, 'a'), all(marks, 'ab')]).toEqual([
    { 'trouble\nC': 'y' },
    { 'job\n/1': 'x', 'trouble\nC': 'y' },
  ]);
  await marks.of('ab').forget(signal);
  expect(marks.sources()).toEqual(['a']);
});

test('a kind is bounded: its oldest are forgotten, and those of other kinds stay', async () => {
  const marks = await load(await openStream());
  const own = marks.of('a');
  await own.put([{ key: 'open-job\n/1', value: 'x' }], signal);
  const jobs = Array.from({ length: MAX_MARKS }, (_, job): Mark => ({ key: `job\n/${job}`, value: 'x' }));
  await own.put(jobs, signal);
  await own.put(
    [
      { key: 'job\n/0', value: 'again' },
      { key: 'job\n/new', value: 'x' },
    ],
    signal,
  );
  expect([own.count('job'), own.count('open-job')]).toEqual([MAX_MARKS, 1]);
  expect(own.remembered.get('job\n/0')).toBe('again');
  expect(own.remembered.get('job\n/1')).toBe(undefined);
  expect(own.remembered.get('job\n/new')).toBe('x');
});

test('what is too long to be remembered is left out', async () => {
  const own = (await load(await openStream())).of('a');
  await own.put(
    [
      { key: `job\n/${'x'.repeat(10_000)}`, value: 'x' },
      { key: 'job\n/1', value: 'x'.repeat(10_000) },
    ],
    signal,
  );
  expect(own.count('job')).toBe(0);
});
