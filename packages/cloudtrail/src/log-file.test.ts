import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';
import { TrailFileError } from './trail-file.ts';
import type { TrailLimits } from './trail-file.ts';
import { collected } from './trail.test-support.ts';

async function read(
  content: string | Buffer,
  size = 1 << 16,
  limits?: Partial<TrailLimits>,
): Promise<string[]> {
  const bytes = Buffer.from(content);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  return collected(openLogFile(pieces, limits));
}

test('records come as they were written, wherever the pieces of the file end', async () => {
  const record = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  const other = fc.dictionary(
    fc.string().filter((name) => name !== 'Records'),
    fc.jsonValue({ maxDepth: 3 }),
    { maxKeys: 2 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { maxLength: 4 }),
      other,
      fc.constantFrom(0, 1, 2),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (records, beside, indent, size, isPacked) => {
        const text = JSON.stringify({ ...beside, Records: records }, undefined, indent);
        const content = isPacked ? gzipSync(text) : Buffer.from(text);
        const found = await read(content, size);
        expect(found.map((one) => JSON.parse(one) as unknown)).toEqual(
          (JSON.parse(text) as { Records: unknown[] }).Records,
        );
        for (const one of found) expect(text).toContain(one);
      },
    ),
    { numRuns: 100 },
  );
});

test.each([
  ['', 'not-a-log-file'],
  ['[]', 'not-a-log-file'],
  ['{"Record":[{}]}', 'not-a-log-file'],
  ['{"Records":{}}', 'not-a-log-file'],
  ['{"Records":[1]}', 'not-a-log-file'],
  ['{"Records":[[{}]]}', 'not-a-log-file'],
  ['{"Records":["{}"]}', 'not-a-log-file'],
  ['{"Records":[{}', 'not-a-log-file'],
  ['{"Records":[{}]', 'not-a-log-file'],
  ['{"Records":[{}}}', 'not-a-log-file'],
  ['{"Records":[]}{"Records":[]}', 'not-a-log-file'],
  ['{"Records":[],"Records":[{}]}', 'not-a-log-file'],
  ['{"Records":[]}}', 'not-a-log-file'],
  [`{"Records":[${'['.repeat(70)}`, 'not-a-log-file'],
  [`{"Records":[{"a":${'['.repeat(70)}`, 'not-a-log-file'],
  [
    Buffer.concat([Buffer.from('{"Records":[{"a":"'), Buffer.from([0xff]), Buffer.from('"}]}')]),
    'not-a-log-file',
  ],
  [gzipSync('{"Records":[]}').subarray(0, 20), 'damaged'],
  [`{"Records":[{"a":"${'x'.repeat(2000)}"}]}`, 'too-large'],
  [gzipSync(`{"Records":[]${' '.repeat(20_000)}}`), 'too-large'],
])('case %#: what is no log file is refused', async (content, code) => {
  for (const size of [1, 7, 1 << 16]) {
    const fault: unknown = await read(content, size, { maxRecordBytes: 1000, maxContentBytes: 10_000 }).catch(
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(TrailFileError);
    expect(fault).toMatchObject({ code });
  }
});

test('an escaped name is the same name; a member of a record is not', async () => {
  expect(await read('{"\\u0052ecords":[{"Records":[{"a":1}]}]}')).toEqual(['{"Records":[{"a":1}]}']);
});

test('a failure of the place is not taken for a fault of the file', async () => {
  async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
    await Promise.resolve();
    yield gzipSync('{"Records":[]}').subarray(0, 12);
    throw new Error('connection lost');
  }
  await expect(collected(openLogFile(failing()))).rejects.toThrow('connection lost');
});
