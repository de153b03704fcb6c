import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLines } from './split-lines.ts';
import type { Line } from './split-lines.ts';

async function linesOf(chunks: readonly Buffer[], maxLineBytes: number): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const some of splitLines(
    (async function* () {
      yield* chunks;
    })(),
    maxLineBytes,
  )) {
    lines.push(...some);
  }
  return lines;
}

test('lines come out whole and numbered, however the input is cut into chunks', async () => {
  const parts = fc.array(fc.constantFrom('\n', 'a', 'é\u2028', 'long line '), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      parts,
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      async (texts, sizes) => {
        const text = texts.join('');
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        const lines = await linesOf(chunks, 10);
        expect(lines.map(({ number }) => number)).toEqual(expected.map((_, index) => index + 1));
        expect(lines.map(({ length }) => length)).toEqual(expected.map((line) => Buffer.byteLength(line)));
        expect(lines.map(({ bytes: line }) => line?.toString())).toEqual(
          expected.map((line) => (Buffer.byteLength(line) > 10 ? undefined : line)),
        );
      },
    ),
  );
});

test('of a line that is too long only its length is kept, and the next line is read', async () => {
  const chunk = Buffer.alloc(1000, 'x');
  const [long, next] = await linesOf([...Array.from({ length: 50 }, () => chunk), Buffer.from('\nok')], 1500);
  expect(long).toEqual({ number: 1, bytes: undefined, length: 50_000 });
  expect(next?.bytes?.toString()).toBe('ok');
});

test('a byte order mark is no part of the first line', async () => {
  const [first] = await linesOf([Buffer.from('\ufeff{}\n')], 10);
  expect(first?.bytes?.toString()).toBe('{}');
});
