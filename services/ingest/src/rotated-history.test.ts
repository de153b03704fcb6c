/** Followers that find their files rotated, compressed, or older than themselves. */
import { appendFile, mkdtemp, rename, rm, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openCompressedLogFile } from './compressed-log-file.ts';
import { followFile } from './file-follower.ts';
import type { FollowOptions } from './file-follower.ts';
import { rotationOf } from './rotated-files.ts';
import type { FileCheckpoint } from './rotated-files.ts';
import type { RawRecord } from './source.ts';

async function newLog(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rotated-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'log');
}

interface Read {
  readonly records: readonly RawRecord[];
  readonly lines: readonly string[];
  readonly gaps: readonly string[];
  readonly checkpoint: FileCheckpoint | undefined;
}

/** Reads all there is; with `count`, stops behind as many records. */
async function readAll(path: string, options: Partial<FollowOptions> = {}, count = Infinity): Promise<Read> {
  const records: RawRecord[] = [];
  const gaps: string[] = [];
  let checkpoint: FileCheckpoint | undefined;
  for await (const batch of followFile({
    path,
    follow: false,
    pollMs: 1,
    settlePolls: 1,
    maxBatchRecords: 1,
    ...options,
  })) {
    records.push(...batch.records);
    if (batch.gap !== undefined) gaps.push(batch.gap);
    checkpoint = batch.checkpoint();
    if (records.length >= count) break;
  }
  return { records, lines: records.map(({ text }) => text), gaps, checkpoint };
}

async function compress(path: string, kind: 'gz' | 'zst', content: string): Promise<void> {
  await writeFile(`${path}.${kind}`, kind === 'gz' ? gzipSync(content) : zstdCompressSync(content));
  await rm(path, { force: true });
}

test.each([
  ['log.1', '1', undefined],
  ['log-20261121', '20261121', undefined],
  ['log.2026-11-21.gz', '2026-11-21', 'gzip'],
  ['log.2.zst', '2', 'zstd'],
  ['log.3.xz', '3', 'xz'],
])('%s is an older log', (name, suffix, compression) => {
  expect(rotationOf(name, 'log')).toEqual({ suffix, ...(compression === undefined ? {} : { compression }) });
});

test('the log of another machine whose name goes on with a number is no older one', () => {
  expect(rotationOf('web-1.log', 'web.log')).toBeUndefined();
  expect(rotationOf('web-20261121.log', 'web.log')).toEqual({ suffix: '20261121' });
  expect(rotationOf('log.gz', 'log')).toBeUndefined();
  expect(rotationOf('logs.1', 'log')).toBeUndefined();
});

test.each(['gz', 'zst'] as const)(
  'a file that was rotated and compressed (%s) while nobody looked is read on where it was left',
  async (kind) => {
    const path = await newLog();
    await writeFile(path, 'one\ntwo\n');
    const { checkpoint } = await readAll(path, {}, 1);
    await compress(path, kind, 'one\ntwo\nthree\n');
    await rename(`${path}.${kind}`, `${path}.2.${kind}`);
    await compress(`${path}.1`, kind, 'four\nfive');
    await writeFile(path, 'six\n');
    const after = await readAll(path, { checkpoint: checkpoint! });
    expect(after.lines).toEqual(['two', 'three', 'four', 'five', 'six']);
    expect(after.gaps).toEqual([]);
    expect(after.checkpoint).toMatchObject({ offset: 4 });
  },
);

test('inside a compressed file it goes on where it was too', async () => {
  const path = await newLog();
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  await compress(`${path}.1`, 'gz', `${lines.slice(0, 4990).join('\n')}\n`);
  await writeFile(path, `${lines.slice(4990).join('\n')}\n`);
  const options = { rotated: true, maxBatchRecords: 1000 };
  const first = await readAll(path, options, 3000);
  const second = await readAll(path, { ...options, checkpoint: first.checkpoint! });
  expect([...first.lines, ...second.lines]).toEqual(lines);
});

test('wherever it is stopped and whatever is compressed meanwhile, each line comes once', async () => {
  const kinds = fc.constantFrom('plain', 'gz', 'zst');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), kinds), { minLength: 1, maxLength: 5 }),
      fc.nat(40),
      async (files, stopAfter) => {
        const folder = await mkdtemp(join(tmpdir(), 'rotated-'));
        const path = join(folder, 'log');
        let written = 0;
        const contents = files.map(([size]) =>
          Array.from({ length: size }, () => `line ${written++}\n`).join(''),
        );
        try {
          for (const [index, content] of contents.entries())
            await writeFile(
              index === contents.length - 1 ? path : `${path}.${contents.length - 1 - index}`,
              content,
            );
          const before = await readAll(path, { rotated: true }, Math.max(1, Math.min(stopAfter, written)));
          // Everything is rotated once more, and the older ones are compressed.
          for (let number = contents.length; number >= 1; number--) {
            const [, kind] = files[contents.length - number]!;
            const old = number === 1 ? path : `${path}.${number - 1}`;
            if (kind === 'plain') await rename(old, `${path}.${number}`);
            else {
              await compress(`${path}.${number}`, kind, contents[contents.length - number]!);
              await unlink(old);
            }
          }
          await writeFile(path, 'last\n');
          const after = await readAll(path, { checkpoint: before.checkpoint! });
          expect([...before.lines, ...after.lines]).toEqual([
            ...Array.from({ length: written }, (_, index) => `line ${index}`),
            'last',
          ]);
          expect(after.gaps).toEqual([]);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a file that is compressed while it is still being read is followed by the one behind it', async () => {
  const path = await newLog();
  await writeFile(path, 'one\ntwo\n');
  const batches = followFile({ path, follow: true, pollMs: 1, settlePolls: 1, maxBatchRecords: 1 });
  const lines: string[] = [];
  for await (const batch of batches) {
    lines.push(...batch.records.map(({ text }) => text));
    if (lines.at(-1) === 'four') break;
    if (lines.length > 1) continue;
    await compress(path, 'gz', 'one\ntwo\n');
    await rename(`${path}.gz`, `${path}.2.gz`);
    await writeFile(`${path}.1`, 'three\n');
    await writeFile(path, 'four\n');
  }
  expect(lines).toEqual(['one', 'two', 'three', 'four']);
});

test('what was rotated before the first start is read when asked for, oldest first', async () => {
  const path = await newLog();
  await compress(`${path}.10`, 'gz', 'one\n');
  await writeFile(`${path}.9`, 'two\n');
  await writeFile(path, 'three\n');
  expect((await readAll(path)).lines).toEqual(['three']);
  expect((await readAll(path, { rotated: true })).lines).toEqual(['one', 'two', 'three']);
});

test.each([
  ['gz', gzipSync],
  ['zst', zstdCompressSync],
] as const)('of a %s file made of several parts all are read', async (kind, pack) => {
  const path = await newLog();
  await writeFile(
    `${path}.1.${kind}`,
    Buffer.concat(['one\n', 'two\nth', 'ree\n'].map((part) => pack(part))),
  );
  await writeFile(path, 'four\n');
  const { checkpoint, ...first } = await readAll(path, { rotated: true }, 2);
  expect(first.lines).toEqual(['one', 'two']);
  expect((await readAll(path, { checkpoint: checkpoint! })).lines).toEqual(['three', 'four']);
});

test('a file compressed in a way that is not read is told, and what comes behind it is read', async () => {
  const path = await newLog();
  await writeFile(`${path}.2.xz`, 'packed');
  await writeFile(`${path}.1`, 'two\n');
  await writeFile(path, 'three\n');
  const { lines, gaps } = await readAll(path, { rotated: true });
  expect(lines).toEqual(['two', 'three']);
  expect(gaps).toEqual([expect.stringContaining('log.2.xz (xz, 6 bytes)')]);
});

test('a compressed file that is cut off gives what is in it, tells the rest, and the next one is read', async () => {
  const path = await newLog();
  const noise = Array.from({ length: 4000 }, (_, index) => `${index} ${Math.sin(index)}\n`).join('');
  const packed = gzipSync(noise);
  await writeFile(`${path}.1.gz`, packed.subarray(0, packed.length / 2));
  await writeFile(path, 'last\n');
  const { lines, gaps } = await readAll(path, { rotated: true });
  expect(lines.length).toBeGreaterThan(1000);
  expect(lines.at(-1)).toBe('last');
  expect(gaps).toEqual([expect.stringContaining('cut off or damaged')]);
});

test('a small file that unpacks to very much is read up to a bound', async () => {
  const path = await newLog();
  await writeFile(`${path}.gz`, gzipSync(Buffer.alloc(32 << 20, 'x')));
  const file = await openCompressedLogFile(`${path}.gz`, 0, 'gzip', undefined, 1 << 20);
  let length = 0;
  let piece = await file?.read();
  for (; Buffer.isBuffer(piece); piece = await file?.read()) length += piece.length;
  await file?.close();
  expect(piece).toBe('damaged');
  expect(length).toBeLessThan(2 << 20);
});

test('records of an old file came in when it was written to last, which tells their year', async () => {
  const path = await newLog();
  await writeFile(`${path}.1`, 'old\n');
  await utimes(`${path}.1`, 1_600_000_000, 1_600_000_000);
  await writeFile(path, 'new\n');
  await utimes(path, 4_000_000_000, 4_000_000_000);
  const { records } = await readAll(path, { rotated: true, now: () => 1_795_219_200_000 });
  expect(records.map(({ receivedMs }) => receivedMs)).toEqual([1_600_000_000_000, 1_795_219_200_000]);
});

test('where the end was at the first start is kept: nothing written before the next start is skipped', async () => {
  const path = await newLog();
  await writeFile(path, 'old\n');
  const first = await readAll(path, { start: 'end' });
  expect(first.lines).toEqual([]);
  await appendFile(path, 'new\n');
  expect((await readAll(path, { start: 'end', checkpoint: first.checkpoint! })).lines).toEqual(['new']);
});
