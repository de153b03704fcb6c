import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSpool } from './spool.ts';
import type { Spool } from './spool.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'cadf-spool-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const open = (dir: string, maxBytes = 64 * 1024): Spool => openSpool({ dir, maxBytes }, () => {});

async function addAll(spool: Spool, texts: readonly string[]): Promise<void> {
  await Promise.all(texts.map((text) => spool.append(Buffer.from(text))));
}

async function takeAll(spool: Spool, maxEvents = 10, maxBytes = 4096): Promise<string[]> {
  const texts: string[] = [];
  for (
    let batch = await spool.read(maxEvents, maxBytes);
    batch;
    batch = await spool.read(maxEvents, maxBytes)
  ) {
    expect(batch.lines.length).toBeLessThanOrEqual(maxEvents);
    texts.push(...batch.lines.map(String), ...batch.damaged.map((line) => `damaged ${line}`));
    await spool.done(batch, []);
  }
  return texts;
}

const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `{"id":"é${from + at}"}`);

describe('a spool', () => {
  test('gives events in the order in which they were added, also after it was opened again', async () => {
    const dir = folder();
    let spool = open(dir);
    await addAll(spool, numbered(25));
    const first = await spool.read(10, 4096);
    expect(first?.lines.map(String)).toEqual(numbered(10));
    // Read and not done: it comes again.
    await spool.close();
    spool = open(dir);
    await addAll(spool, numbered(5, 25));
    const again = await spool.read(10, 4096);
    expect(again?.lines.map(String)).toEqual(numbered(10));
    await spool.done(again!, []);
    await spool.close();
    spool = open(dir);
    expect(spool.empty).toBe(false);
    expect(await takeAll(spool)).toEqual(numbered(20, 10));
    expect(spool.empty).toBe(true);
    await spool.close();
    spool = open(dir);
    expect(await spool.read(1, 1024)).toBeUndefined();
    await addAll(spool, ['{}']);
    expect(await takeAll(spool)).toEqual(['{}']);
    await spool.close();
  });

  test('drops what was being written when the process ended, and nothing before it', async () => {
    const dir = folder();
    const spool = open(dir);
    await addAll(spool, numbered(3));
    await spool.close();
    const file = join(
      dir,
      readdirSync(dir).find((name) => name.endsWith('.spool'))!,
    );
    appendFileSync(file, '01234567 {"half":');
    const after = open(dir);
    await addAll(after, numbered(1, 3));
    expect(await takeAll(after)).toEqual(numbered(4));
    await after.close();
  });

  test('whatever the last write left behind, what was promised is given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (rest) => {
        const dir = mkdtempSync(join(tmpdir(), 'cadf-spool-'));
        try {
          const spool = open(dir);
          await addAll(spool, numbered(3));
          await spool.close();
          appendFileSync(join(dir, '0000000001.spool'), rest);
          const after = open(dir);
          const taken = await takeAll(after);
          expect(taken.filter((text) => !text.startsWith('damaged'))).toEqual(numbered(3));
          await after.close();
        } finally {
          rmSync(dir, { recursive: true });
        }
      }),
      { numRuns: 30 },
    );
  });

  test('tells of a line that the disk did not keep, and gives the others', async () => {
    const dir = folder();
    const spool = open(dir);
    await addAll(spool, numbered(3));
    await spool.close();
    const file = join(dir, '0000000001.spool');
    writeFileSync(file, readFileSync(file, 'utf8').replace('é1', 'é7'));
    const after = open(dir);
    const texts = await takeAll(after);
    expect(texts.filter((text) => !text.startsWith('damaged'))).toEqual(['{"id":"é0"}', '{"id":"é2"}']);
    expect(texts.filter((text) => text.startsWith('damaged'))).toHaveLength(1);
    await after.close();
  });

  test('tells of the last line, too, where the disk did not keep it: it was promised', async () => {
    const dir = folder();
    const spool = open(dir);
    await addAll(spool, numbered(3));
    await spool.close();
    const file = join(dir, '0000000001.spool');
    writeFileSync(file, readFileSync(file, 'utf8').replace('é2', 'é7'));
    const after = open(dir);
    const texts = await takeAll(after);
    expect(texts.slice(0, 2)).toEqual(numbered(2));
    expect(texts.slice(2)).toEqual([expect.stringMatching(/^damaged .*é7/)]);
    await after.close();
  });

  test.each([
    '{"segment":1,"offset":9999}',
    '{"segment":7,"offset":3}',
    '{"segment":9007199254740991,"offset":0}',
    '{"segment":-1,"offset":-1}',
    '{"segment"',
  ])('gives everything again where the place it kept is %s', async (place) => {
    const dir = folder();
    let spool = open(dir);
    await addAll(spool, numbered(3));
    await spool.close();
    writeFileSync(join(dir, 'place.json'), place);
    spool = open(dir);
    await addAll(spool, numbered(1, 3));
    await spool.close();
    spool = open(dir);
    expect(await takeAll(spool)).toEqual(numbered(4));
    await spool.close();
  });

  test('finds what it wrote after a place with a number that was damaged', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'place.json'), '{"segment":9007199254740991,"offset":0}');
    let spool = open(dir);
    await addAll(spool, numbered(2));
    await spool.close();
    spool = open(dir);
    expect(await takeAll(spool)).toEqual(numbered(2));
    await spool.close();
  });

  test('goes on behind a file that somebody made shorter while it was open', async () => {
    const dir = folder();
    const spool = open(dir);
    await addAll(spool, numbered(3));
    truncateSync(join(dir, '0000000001.spool'), 0);
    expect(await takeAll(spool)).toEqual(['damaged ']);
    await spool.close();
  });

  test('is bounded: refuses what is too much, and has room again when events are done', async () => {
    const dir = folder();
    const spool = open(dir, 64 * 1024);
    const text = `"${'x'.repeat(1000)}"`;
    let added = 0;
    await expect(
      (async () => {
        for (;;) {
          await spool.append(Buffer.from(text));
          added++;
        }
      })(),
    ).rejects.toMatchObject({ code: 'CLIENT_FULL' });
    expect(added).toBe(64);
    expect(await takeAll(spool)).toHaveLength(64);
    expect(spool.bytes).toBeLessThan(64 * 1024 * 0.2);
    // What was done is gone from the disk, too.
    expect(readdirSync(dir).filter((name) => name.endsWith('.spool')).length).toBeLessThanOrEqual(1);
    await addAll(spool, [text]);
    await spool.close();
  });

  test('keeps what was rejected, counts it, and gives an event that is longer than a batch', async () => {
    const dir = folder();
    const spool = open(dir);
    const long = `"${'x'.repeat(9000)}"`;
    await addAll(spool, [long, '{}']);
    expect(await takeAll(spool, 10, 1024)).toEqual([long, '{}']);
    await addAll(spool, ['{"bad":1}']);
    const batch = await spool.read(10, 1024);
    const before = spool.bytes;
    await spool.done(batch!, [{ code: 'CADF_ID_MISSING', detail: 'No id.', path: '/id', text: '{"bad":1}' }]);
    const line = readFileSync(join(dir, 'rejected.ndjson'), 'utf8');
    expect(JSON.parse(line)).toMatchObject({ code: 'CADF_ID_MISSING', text: '{"bad":1}', path: '/id' });
    expect(spool.bytes).toBe(before + Buffer.byteLength(line));
    await spool.close();
  });

  test('belongs to one at a time, and to the next when that one is gone', async () => {
    const dir = folder();
    const spool = open(dir);
    expect(() => open(dir)).toThrow(expect.objectContaining({ code: 'CLIENT_SPOOL_FAILED' }));
    await spool.close();
    // One that lives and one of the same number that started at another time.
    const parent = { pid: process.ppid, started: '' };
    writeFileSync(join(dir, 'lock'), JSON.stringify(parent));
    expect(() => open(dir)).toThrow(/in use by process/);
    if (process.platform === 'linux') {
      writeFileSync(join(dir, 'lock'), JSON.stringify({ ...parent, started: '1' }));
      await open(dir).close();
    }
    for (const left of ['', '{"pid":', JSON.stringify({ pid: 2 ** 22 + 1, started: '' })]) {
      writeFileSync(join(dir, 'lock'), left);
      await open(dir).close();
    }
  });

  test('says that it cannot be where a file is', () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    expect(() => open(file)).toThrow(expect.objectContaining({ code: 'CLIENT_SPOOL_FAILED' }));
  });
});
