import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLmdbStream, type LmdbStream, type LmdbStreamOptions } from './lmdb-stream.ts';

const MIB = 1024 * 1024;

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'cadf-lmdb-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function open(path: string, options: Omit<LmdbStreamOptions, 'path'> = {}): LmdbStream {
  const stream = createLmdbStream({ path, sweepIntervalMs: 0, ...options });
  onTestFinished(() => stream.close());
  return stream;
}

async function append(stream: LmdbStream, bytes: number, key = 'k'): Promise<void> {
  await stream.append('t', { records: [{ key, value: Buffer.alloc(bytes, key) }] });
}

test('past maxBytes nothing is taken until retention has made room', async () => {
  let aheadMs = 0;
  const stream = open(directory(), { maxBytes: MIB, now: () => Date.now() + aheadMs });
  await stream.createTopics([{ name: 't', partitions: 1, cleanup: 'delete', retentionMs: 60_000 }]);
  for (let i = 0; i < 9; i += 1) await append(stream, 100_000);
  const refused = expect.objectContaining({
    code: 'STREAM_UNAVAILABLE',
    message: expect.stringContaining('maxBytes'),
  });
  await append(stream, 100_000);
  await expect(append(stream, 100_000)).rejects.toEqual(refused);
  await stream.sweep();
  await expect(append(stream, 100_000)).rejects.toEqual(refused);
  aheadMs = 61_000;
  expect(await stream.sweep()).toBeGreaterThan(1_000_000);
  await append(stream, 100_000);
  expect((await stream.bounds('t')).get(0)).toEqual({ first: 10, next: 11 });
});

test('what is held is counted again when the directory is opened again', async () => {
  const path = directory();
  const first = open(path, { maxBytes: MIB });
  await first.createTopics([{ name: 't', partitions: 2, cleanup: 'delete' }]);
  for (let i = 0; i < 10; i += 1) await append(first, 100_000, `k${i}`);
  await first.close();
  await expect(append(open(path, { maxBytes: MIB }), 100_000)).rejects.toMatchObject({
    code: 'STREAM_UNAVAILABLE',
  });
});

test('the file stays in proportion to what is held, however much passes through', async () => {
  const path = directory();
  const stream = open(path);
  await stream.createTopics([{ name: 't', partitions: 2, cleanup: 'delete', retentionBytes: 4 * MIB }]);
  for (let round = 0; round < 30; round += 1) {
    await Promise.all(Array.from({ length: 20 }, (_, i) => append(stream, 200_000 + i * 1_000, `k${i}`)));
    await stream.sweep();
  }
  // 126 MB passed; two partitions hold 4 MiB each, and a round of 4.2 MB comes before it is swept.
  expect(statSync(join(path, 'log.mdb')).size).toBeLessThan(40 * MIB);
});

test('a compacted topic stays in proportion to its keys, and its offsets survive being emptied', async () => {
  const path = directory();
  let aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  const stream = open(path, { now });
  await stream.createTopics([{ name: 't', partitions: 1, cleanup: 'compact' }]);
  for (let round = 0; round < 10; round += 1)
    await stream.append('t', {
      records: Array.from({ length: 100 }, (_, i) => ({ key: `k${i}`, value: Buffer.alloc(1_000, round) })),
    });
  const removed = await stream.sweep();
  expect(removed).toBeGreaterThan(9 * 100 * 1_000);
  expect(await stream.sweep()).toBe(0);
  await stream.append('t', {
    records: Array.from({ length: 100 }, (_, i) => ({ key: `k${i}`, value: null })),
  });
  aheadMs = 48 * 3600_000;
  await stream.sweep();
  expect((await stream.bounds('t')).get(0)).toEqual({ first: 1100, next: 1100 });
  await stream.close();
  const again = open(path, { now });
  expect((await again.bounds('t')).get(0)).toEqual({ first: 1100, next: 1100 });
  expect(await again.append('t', { records: [{ key: 'k', value: null }] })).toEqual([
    { partition: 0, offset: 1100 },
  ]);
});

test('readers get the same records from memory and from the disk', async () => {
  const path = directory();
  const read = async (stream: LmdbStream): Promise<unknown[]> => {
    const all: unknown[] = [];
    for await (const { records } of stream.read('t', { from: new Map([[0, 0]]), follow: false }))
      all.push(...records);
    return all;
  };
  const stream = open(path, { now: () => 123 });
  await stream.createTopics([{ name: 't', partitions: 1, cleanup: 'delete' }]);
  for (let i = 0; i < 5; i += 1)
    await stream.append('t', {
      headers: { a: 'é', b: String(i) },
      records: [
        { key: `k${i}`, value: new Uint8Array([i, 255]), headers: { b: 'own', c: '' } },
        { key: '', value: null },
      ],
    });
  const fromMemory = await read(stream);
  await stream.close();
  const fromDisk = await read(open(path, { tailCacheBytes: 0 }));
  expect(fromDisk).toEqual(fromMemory);
  expect(fromDisk).toHaveLength(10);
});

test(
  'a disk that takes no more is an error of the append, not the end of the process',
  { timeout: 60_000 },
  () => {
    const path = directory();
    const program = `
    import { createLmdbStream } from ${JSON.stringify(new URL('lmdb-stream.ts', import.meta.url).href)};
    const stream = createLmdbStream({ path: ${JSON.stringify(path)}, sweepIntervalMs: 0 });
    await stream.createTopics([{ name: 't', partitions: 1, cleanup: 'delete', retentionBytes: 100_000 }]);
    let taken = 0, code = '';
    while (code === '') {
      try {
        await stream.append('t', { records: [{ key: 'k', value: Buffer.alloc(200_000) }] });
        taken += 1;
      } catch (error) {
        code = error.code;
      }
    }
    const sick = (await stream.health()).ok;
    await stream.sweep();
    const [{ offset }] = await stream.append('t', { records: [{ key: 'k', value: Buffer.from('after') }] });
    const last = [];
    for await (const { records } of stream.read('t', { from: new Map([[0, offset]]), follow: false })) last.push(...records);
    process.stdout.write(JSON.stringify({ taken, code, sick, offset, last: String(last[0].value), well: (await stream.health()).ok }));
    await stream.close();`;
    // The shell limits the size of files (in KiB) and has the signal for it ignored, so that writing fails as on a full disk.
    const limited = `trap '' XFSZ; ulimit -f 8192; exec "$0" --input-type=module -e "$1"`;
    const child = spawnSync('bash', ['-c', limited, process.execPath, program], { encoding: 'utf8' });
    expect(child.status, child.stderr).toBe(0);
    const answer: { taken: number } = JSON.parse(child.stdout);
    expect(answer).toEqual({
      taken: answer.taken,
      code: 'STREAM_UNAVAILABLE',
      sick: false,
      offset: answer.taken,
      last: 'after',
      well: true,
    });
    expect(answer.taken).toBeGreaterThan(20);
  },
);
