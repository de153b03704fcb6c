import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';

function split(
  chunks: readonly Buffer[],
  maxLineBytes = 1000,
  start = 0,
): { text: string; start: number; end: number; length: number }[] {
  const splitter = createLineSplitter(maxLineBytes, start);
  const lines = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
  const rest = splitter.rest();
  if (rest !== undefined) lines.push(rest);
  return lines.map(({ bytes, ...place }) => ({ text: bytes.toString('utf8'), ...place }));
}

test('only a line feed ends a line', () => {
  const text = 'a\u001Db\u0085c\u2028d\re\n';
  expect(split([Buffer.from(text)]).map((line) => line.text)).toEqual([text.slice(0, -1)]);
});

test('however the bytes are cut, the lines and their offsets are the same', () => {
  const lines = fc.array(
    fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '|')),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(lines, fc.array(fc.nat(40)), fc.nat(1000), (texts, cuts, start) => {
      const bytes = Buffer.from(`${texts.join('\n')}\n`);
      const chunks: Buffer[] = [];
      let from = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(from, from + cut));
        from += cut;
      }
      chunks.push(bytes.subarray(from));
      const found = split(chunks, 10_000, start);
      expect(found.map((line) => line.text)).toEqual(texts);
      expect(found[0]?.start).toBe(start);
      expect(found.at(-1)?.end).toBe(start + bytes.length);
      for (const [index, line] of found.entries()) expect(found[index + 1]?.start ?? line.end).toBe(line.end);
    }),
  );
});

test('of a line over the bound the beginning is kept and the length told', () => {
  const lines = split([Buffer.from('abc'), Buffer.from('defgh'), Buffer.from('ij\nk\nl')], 4);
  expect(lines).toEqual([
    { text: 'abcd', length: 10, start: 0, end: 11 },
    { text: 'k', length: 1, start: 11, end: 13 },
    { text: 'l', length: 1, start: 13, end: 14 },
  ]);
});
