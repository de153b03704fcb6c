import {
  appendFile,
  copyFile,
  mkdtemp,
  rename,
  rm,
  stat,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { followFile } from './file-follower.ts';
import type { FollowOptions } from './file-follower.ts';
import type { FileCheckpoint } from './rotated-files.ts';
import type { RawRecord } from './source.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'follow-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Following {
  readonly records: RawRecord[];
  readonly gaps: string[];
  readonly checkpoint: () => FileCheckpoint | undefined;
  readonly lines: () => string[];
  readonly has: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Follows in the background; a failure comes out of `stop` and `has`. */
function follow(path: string, options: Partial<FollowOptions> = {}): Following {
  const stopping = new AbortController();
  const records: RawRecord[] = [];
  const gaps: string[] = [];
  let checkpoint = options.checkpoint;
  const run = (async (): Promise<void> => {
    for await (const batch of followFile({
      path,
      follow: true,
      pollMs: 1,
      signal: stopping.signal,
      ...options,
    })) {
      records.push(...batch.records);
      if (batch.gap !== undefined) gaps.push(batch.gap);
      checkpoint = batch.checkpoint();
    }
  })();
  const failed = run.then(
    () => undefined,
    (error: unknown) => error,
  );
  const has = (count: number): Promise<void> =>
    vi.waitFor(() => expect(records.length).toBeGreaterThanOrEqual(count), { timeout: 5_000, interval: 2 });
  const stop = async (): Promise<void> => {
    stopping.abort();
    const error = await failed;
    if (error !== undefined) throw error;
  };
  onTestFinished(stop);
  return {
    records,
    gaps,
    checkpoint: () => checkpoint,
    lines: () => records.map(({ text }) => text),
    has: (count) => Promise.race([has(count), run.then(() => has(count))]),
    stop,
  };
}

test('lines there and lines added come in order; an unfinished line waits, also inside a character', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'one\ntwo\nhal');
  const following = follow(path);
  await following.has(2);
  expect(following.lines()).toEqual(['one', 'two']);
  const rest = Buffer.from('f é\nnext\r\n');
  await appendFile(path, rest.subarray(0, 3));
  await appendFile(path, rest.subarray(3));
  await following.has(4);
  expect(following.lines()).toEqual(['one', 'two', 'half é', 'next']);
  expect(following.records.map(({ position }) => position?.split(':')[2])).toEqual(['0', '4', '8', '16']);
});

test('a file that is not there yet is waited for, or missed when nobody waits', async () => {
  const path = join(await newFolder(), 'log');
  const following = follow(path);
  await writeFile(path, 'one\n');
  await following.has(1);
  const missing = followFile({ path: `${path}.missing`, follow: false });
  await expect(missing.next()).rejects.toMatchObject({ code: 'ENOENT' });
});

test('without following, the last line counts also without its end', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'one\ntwo');
  const texts: string[] = [];
  for await (const batch of followFile({ path, follow: false }))
    texts.push(...batch.records.map(({ text }) => text));
  expect(texts).toEqual(['one', 'two']);
});

test('it can start behind the last whole line', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'old\nolder\nbegun');
  const following = follow(path, { start: 'end' });
  // Where the end was is decided at the start: without anything read there is no other sign that it was.
  await setTimeout(1000);
  await appendFile(path, ' and ended\nnew\n');
  await following.has(2);
  expect(following.lines()).toEqual(['begun and ended', 'new']);
});

test('after renaming, what the writer still adds to the old file is read before the new one', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'one\n');
  const following = follow(path, { settlePolls: 30 });
  await following.has(1);
  await rename(path, `${path}.1`);
  await writeFile(path, 'four\n');
  await appendFile(`${path}.1`, 'two\nthree');
  await following.has(4);
  expect(following.lines()).toEqual(['one', 'two', 'three', 'four']);
  expect(following.gaps).toEqual([]);
});

test('after copying with truncation, the rest of the copy is read before the file', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'one\n');
  const following = follow(path, { pollMs: 40 });
  await following.has(1);
  await appendFile(path, 'two\nthree\n');
  await copyFile(path, `${path}.1`);
  await truncate(path);
  await appendFile(path, 'four, longer than all that was in the file before\n');
  await following.has(4);
  expect(following.lines()).toEqual([
    'one',
    'two',
    'three',
    'four, longer than all that was in the file before',
  ]);
  expect(following.gaps).toEqual([]);
});

test('truncation without a copy is told, and the unfinished line is not lost', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'one\nbegun');
  const following = follow(path);
  await following.has(1);
  await vi.waitFor(() => truncate(path));
  await appendFile(path, 'a new first line\n');
  await following.has(2);
  await vi.waitFor(() => expect(following.lines().at(-1)).toBe('a new first line'));
  expect(following.gaps).toEqual([expect.stringContaining('truncated')]);
});

test('a file deleted and made again is read from its beginning', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'one\n');
  const following = follow(path);
  await following.has(1);
  await unlink(path);
  await writeFile(path, 'two\n');
  await following.has(2);
  expect(following.lines()).toEqual(['one', 'two']);
});

test('a long line comes cut, and the next one whole', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, `${'x'.repeat(3_000_000)}\nshort\n`);
  const following = follow(path, { maxLineBytes: 1000 });
  await following.has(2);
  expect(following.records.map(({ text, cutFromBytes }) => [text.length, cutFromBytes])).toEqual([
    [1000, 3_000_000],
    [5, undefined],
  ]);
});

test('a line that is not UTF-8 keeps its bytes, others do not carry them', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, Buffer.concat([Buffer.from([0x61, 0xff, 0x0a]), Buffer.from('é\n')]));
  const following = follow(path);
  await following.has(2);
  expect(following.records.map(({ text, bytes }) => [text, bytes])).toEqual([
    ['a\uFFFD', Buffer.from([0x61, 0xff])],
    ['é', undefined],
  ]);
});

test('batches keep to their bounds, and a checkpoint can be taken inside one', async () => {
  const path = join(await newFolder(), 'log');
  await writeFile(path, Array.from({ length: 25 }, (_, index) => `line ${index}\n`).join(''));
  const sizes: number[] = [];
  let inside: FileCheckpoint | undefined;
  for await (const batch of followFile({ path, follow: false, maxBatchRecords: 10 })) {
    sizes.push(batch.records.length);
    if (sizes.length === 2) inside = batch.checkpoint(3);
  }
  expect(sizes).toEqual([10, 10, 5]);
  const again = followFile({ path, follow: false, checkpoint: inside! });
  expect((await again.next()).value?.records[0]?.text).toBe('line 13');
  await again.return();
});

/** Reads one line, stops, lets `meanwhile` happen, starts again with the checkpoint and waits for `count` more lines. */
async function restarted(meanwhile: (path: string) => Promise<void>, count: number): Promise<Following> {
  const path = join(await newFolder(), 'log');
  await writeFile(path, 'one\n');
  const before = follow(path);
  await before.has(1);
  await before.stop();
  await meanwhile(path);
  const after = follow(path, { checkpoint: before.checkpoint()! });
  await after.has(count);
  return after;
}

test('started again, it goes on where it was', async () => {
  const after = await restarted((path) => appendFile(path, 'two\n'), 1);
  expect(after.lines()).toEqual(['two']);
});

test('started again after two rotations by renaming, it misses and repeats nothing', async () => {
  const after = await restarted(async (path) => {
    await appendFile(path, 'two\n');
    await rename(path, `${path}.2`);
    await writeFile(`${path}.1`, 'three\n');
    await writeFile(path, 'four\n');
  }, 3);
  expect(after.lines()).toEqual(['two', 'three', 'four']);
  expect(after.gaps).toEqual([]);
});

test('started again after a rotation by copying, it misses and repeats nothing', async () => {
  const after = await restarted(async (path) => {
    await appendFile(path, 'two\n');
    await copyFile(path, `${path}-20261121`);
    await truncate(path);
    await appendFile(path, 'three\n');
  }, 2);
  expect(after.lines()).toEqual(['two', 'three']);
  expect(after.gaps).toEqual([]);
});

test('another file that got the same inode is not taken for the old one', async () => {
  const after = await restarted(async (path) => {
    const { ino } = await stat(path);
    await truncate(path);
    await appendFile(path, 'other content\nand more\n');
    expect((await stat(path)).ino).toBe(ino);
  }, 2);
  expect(after.lines()).toEqual(['other content', 'and more']);
});

test('when the file read last is gone, that is told, and all written since is read', async () => {
  const after = await restarted(async (path) => {
    await rename(path, `${path}.2`);
    await writeFile(`${path}.2.gz`, 'compressed');
    await unlink(`${path}.2`);
    await writeFile(`${path}.1`, 'three\n');
    await writeFile(path, 'four\n');
  }, 2);
  expect(after.lines()).toEqual(['three', 'four']);
  expect(after.gaps).toEqual([expect.stringContaining('may be lost')]);
});

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('append' as const), size: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rotate' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart' as const), lost: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
);

test.each(['renaming', 'copying'] as const)(
  'whatever happens in which order, with rotation by %s each line comes once',
  async (style) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const folder = await mkdtemp(join(tmpdir(), 'follow-'));
        const path = join(folder, 'log');
        let written = 1;
        let generation = 0;
        await writeFile(path, 'line 0\n');
        const seen: string[] = [];
        let kept: FileCheckpoint | undefined;
        let following = follow(path, { settlePolls: 2 });
        const caughtUp = (): Promise<void> => following.has(written - seen.length);
        try {
          await caughtUp();
          for (const action of steps) {
            if (action.kind === 'append') {
              const lines = Array.from({ length: action.size }, () => `line ${written++}\n`);
              await appendFile(path, lines.join(''));
            } else if (action.kind === 'look') {
              await caughtUp();
            } else if (action.kind === 'restart') {
              await following.stop();
              seen.push(...following.lines());
              kept = following.checkpoint();
              following = follow(path, {
                settlePolls: 2,
                ...(kept === undefined ? {} : { checkpoint: kept }),
              });
            } else if ((await stat(path)).size > 0) {
              for (let number = generation; number >= 1; number -= 1)
                await rename(`${path}.${number}`, `${path}.${number + 1}`);
              generation += 1;
              if (style === 'renaming') await rename(path, `${path}.1`);
              else await copyFile(path, `${path}.1`);
              if (style === 'renaming') await writeFile(path, '');
              else await truncate(path);
              await appendFile(path, `line ${written++}\n`);
            }
          }
          await caughtUp();
          await following.stop();
          seen.push(...following.lines());
          expect(seen).toEqual(Array.from({ length: written }, (_, index) => `line ${index}`));
          expect(following.gaps).toEqual([]);
        } finally {
          await following.stop();
          await rm(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 40 },
    );
  },
);
