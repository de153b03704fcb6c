/** What every place of files keeps to: packages/file-places/src/file-place.ts. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FilePlaceError } from '@cadf-pipeline/file-places';
import type { FilePlace, ListOptions, ReadOptions } from '@cadf-pipeline/file-places';
import { expect, test } from 'vitest';

export interface PlaceUnderTest {
  readonly place: FilePlace;
  /** Puts small files there by another way, quickly. */
  readonly fill: (names: readonly string[]) => Promise<void>;
  /** Anything a put that failed or was broken off left: uploads, other files. */
  readonly leftovers: () => Promise<readonly string[]>;
}

/** `open` gives a new, empty place each time, and lets go of it when the test ends. */
export function filePlaceSuite(open: () => Promise<PlaceUnderTest>): void {
  test.each([0, 1, 300_000, 12 * 1024 * 1024 + 1])(
    'a file of %i bytes is read as it was put',
    async (bytes) => {
      const { place } = await open();
      const content = randomBytes(bytes);
      const before = Date.now();
      await place.put('a/b/events.ndjson', parts(content, 100_000), { bytes, sha256: sha256(content) });
      expect(sha256(await readAll(place, 'a/b/events.ndjson'))).toBe(sha256(content));
      const facts = await place.stat('a/b/events.ndjson');
      expect(facts).toMatchObject({ name: 'a/b/events.ndjson', bytes, metadata: {} });
      // Some stores tell seconds.
      expect(facts.modifiedMs).toBeGreaterThan(before - 2000);
      expect(facts.modifiedMs).toBeLessThan(Date.now() + 2000);
      expect(await namesOf(place)).toEqual(['a/b/events.ndjson']);
    },
  );

  test('the same name again replaces', async () => {
    const { place } = await open();
    await place.put('file', [Buffer.from('the first, longer one')]);
    await place.put('file', [Buffer.from('second')]);
    expect((await readAll(place, 'file')).toString()).toBe('second');
  });

  test('of two puts at a time one is there, whole', async () => {
    const { place } = await open();
    const contents = [1, 2, 3, 4].map((n) => Buffer.alloc(400_000, n));
    await Promise.all(contents.map((content) => place.put('file', parts(content, 10_000))));
    expect(contents.map(sha256)).toContain(sha256(await readAll(place, 'file')));
  });

  test('a part of a file is read', async () => {
    const { place } = await open();
    await place.put('file', [Buffer.from('0123456789')]);
    await place.put('empty', []);
    const read = async (options: ReadOptions, name = 'file'): Promise<string> =>
      (await readAll(place, name, options)).toString();
    expect(await read({ from: 4 })).toBe('456789');
    expect(await read({ upTo: 3 })).toBe('012');
    expect(await read({ from: 3, upTo: 5 })).toBe('34');
    expect(await read({ from: 8, upTo: 50 })).toBe('89');
    expect(await read({ from: 10 })).toBe('');
    expect(await read({ from: 99 })).toBe('');
    expect(await read({ from: 5, upTo: 5 })).toBe('');
    expect(await read({ from: 1 }, 'empty')).toBe('');
    expect(await read({ upTo: 1 }, 'empty')).toBe('');
  });

  test('reading may end early', async () => {
    const { place } = await open();
    await place.put('file', parts(randomBytes(3_000_000), 100_000));
    for await (const part of place.read('file')) {
      expect(part.length).toBeGreaterThan(0);
      expect(part.length).toBeLessThanOrEqual(1024 * 1024);
      break;
    }
    expect((await readAll(place, 'file')).length).toBe(3_000_000);
  });

  test('a file that is not there is said to be so, and removing it is nothing', async () => {
    const { place } = await open();
    await place.put('folder/file', [Buffer.from('x')]);
    for (const name of ['none', 'folder', 'folder/none', 'none/file']) {
      await expect(readAll(place, name)).rejects.toMatchObject({ fault: 'not-found' });
      await expect(place.stat(name)).rejects.toMatchObject({ fault: 'not-found' });
      await place.remove(name);
    }
    await place.remove('folder/file');
    await place.remove('folder/file');
    expect(await namesOf(place)).toEqual([]);
  });

  test.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    './a',
    '.a',
    'a/.b',
    'a\\b',
    'a\0b',
    'a\nb',
    '\ud800',
    'a'.repeat(256),
    'a/'.repeat(40) + 'a',
    'ab/'.repeat(342),
  ])('the name %j is refused', async (name) => {
    const { place } = await open();
    const refused = { fault: 'name' };
    await expect(place.put(name, [Buffer.from('x')])).rejects.toMatchObject(refused);
    await expect(readAll(place, name)).rejects.toMatchObject(refused);
    await expect(place.stat(name)).rejects.toMatchObject(refused);
    await expect(place.remove(name)).rejects.toMatchObject(refused);
  });

  test('files are listed by the bytes of their names, from anywhere', async () => {
    const { place } = await open();
    const names = [
      'a',
      'a b+c%20',
      'a!',
      'a-b',
      'a.b',
      'a0/x',
      'a&<b>',
      'aß',
      'ab/c/d',
      'ab/c/e',
      'ab/f',
      'ab0',
      "b'(1)=@,:;*",
      'b/c',
      'b/😀',
    ];
    for (const [index, name] of names.entries()) await place.put(name, [Buffer.alloc(index)]);
    const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await namesOf(place)).toEqual(sorted);
    for (const prefix of ['a', 'ab', 'ab/', 'ab/c', 'ab/c/d', 'b/', 'none', ''])
      expect(await namesOf(place, { prefix })).toEqual(sorted.filter((name) => name.startsWith(prefix)));
    for (const [index, after] of sorted.entries()) {
      expect(await namesOf(place, { after })).toEqual(sorted.slice(index + 1));
      expect((await readAll(place, after)).length).toBe(names.indexOf(after));
    }
    expect(await namesOf(place, { prefix: 'ab/', after: 'ab/c/d' })).toEqual(['ab/c/e', 'ab/f']);
    expect(await namesOf(place, { prefix: 'ab/', after: 'a' })).toEqual(['ab/c/d', 'ab/c/e', 'ab/f']);
    expect(await namesOf(place, { prefix: 'ab/', after: 'b' })).toEqual([]);
  });

  test('a list of many files is whole, and may end early', async () => {
    const { place, fill } = await open();
    const names = Array.from({ length: 1201 }, (_, n) => `day=${n % 3}/${String(n).padStart(6, '0')}.json`);
    await fill(names);
    expect(await namesOf(place)).toEqual(names.toSorted());
    for await (const { name } of place.list()) {
      expect(name).toBe(names.toSorted()[0]);
      break;
    }
  });

  const BIG = 11 * 1024 * 1024;
  test.each([
    ['fewer bytes', 2, { bytes: 3 }],
    ['more bytes', 4, { bytes: 3 }],
    ['another hash', 3, { bytes: 3, sha256: '0'.repeat(64) }],
    ['another hash of much', BIG, { sha256: '0'.repeat(64) }],
    ['fewer bytes of much', BIG, { bytes: BIG + 1 }],
  ])('content that has %s than announced is not kept', async (_, bytes, options) => {
    const { place, leftovers } = await open();
    await place.put('file', [Buffer.from('before')]);
    const content = (): AsyncIterable<Buffer> => parts(Buffer.alloc(bytes), 1_000_000);
    await expect(place.put('file', content(), options)).rejects.toMatchObject({ fault: 'content-differs' });
    await expect(place.put('new', content(), options)).rejects.toMatchObject({ fault: 'content-differs' });
    expect((await readAll(place, 'file')).toString()).toBe('before');
    expect(await namesOf(place)).toEqual(['file']);
    expect(await leftovers()).toEqual([]);
  });

  test.each([5, BIG])(
    'content that fails after %i bytes is not kept, and its error is thrown',
    async (bytes) => {
      const { place, leftovers } = await open();
      const lost = new Error('the store went away');
      async function* failing(): AsyncGenerator<Buffer> {
        yield* parts(Buffer.alloc(bytes), 1_000_000);
        throw lost;
      }
      await expect(place.put('file', failing())).rejects.toBe(lost);
      expect(await namesOf(place)).toEqual([]);
      expect(await leftovers()).toEqual([]);
    },
  );

  test.each([5, BIG])('a put that is broken off after %i bytes leaves nothing', async (bytes) => {
    const { place, leftovers } = await open();
    const stop = new AbortController();
    const reason = new Error('stopped');
    let ended = false;
    async function* stuck(): AsyncGenerator<Buffer> {
      try {
        yield* parts(Buffer.alloc(bytes), 1_000_000);
        setTimeout(() => stop.abort(reason), 100);
        for (;;) {
          yield Buffer.alloc(1);
          await sleep(20);
        }
      } finally {
        ended = true;
      }
    }
    await expect(place.put('file', stuck(), { signal: stop.signal })).rejects.toBe(reason);
    expect(await namesOf(place)).toEqual([]);
    expect(await leftovers()).toEqual([]);
    await sleep(30);
    expect(ended).toBe(true);
    await expect(place.put('file', [], { signal: stop.signal })).rejects.toBe(reason);
    await expect(readAll(place, 'none', { signal: stop.signal })).rejects.toBeInstanceOf(Error);
  });

  test('what can be used is said to be so, and nothing is left of asking', async () => {
    const { place, leftovers } = await open();
    await place.check({ write: true });
    await place.check();
    expect(await namesOf(place)).toEqual([]);
    expect(await leftovers()).toEqual([]);
    expect(place.title).toMatch(/^(directory|bucket) /);
  });

  test('errors are of one kind', async () => {
    const { place } = await open();
    const error = await place.stat('none').catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(FilePlaceError);
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining('"none"') });
  });
}

export async function readAll(place: FilePlace, name: string, options: ReadOptions = {}): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of place.read(name, options)) all.push(part);
  return Buffer.concat(all);
}

export async function namesOf(place: FilePlace, options: ListOptions = {}): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of place.list(options)) names.push(name);
  return names;
}

async function* parts(content: Buffer, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += bytes) yield content.subarray(at, at + bytes);
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
