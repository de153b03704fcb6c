import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Framing, RawRecord } from '../source.ts';
import { chooseFraming, frameBody } from './frame-body.ts';
import type { FrameOptions } from './frame-body.ts';

const ALL: readonly Framing[] = ['lines', 'json', 'xml'];

function frame(body: string | Buffer, options: Partial<FrameOptions> = {}): RawRecord[] {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return [...frameBody(bytes, { framings: ALL, receivedMs: 1, maxRecordBytes: 1 << 20, ...options })];
}
const texts = (body: string | Buffer, options?: Partial<FrameOptions>): string[] =>
  frame(body, options).map(({ text }) => text);
const places = (body: string | Buffer, options?: Partial<FrameOptions>): (string | undefined)[] =>
  frame(body, options).map(({ position }) => position);

test.each([
  ['{"a":1}', 'json'],
  [' \n[ {"a":1} ]', 'json'],
  ['[1,2]\n', 'json'],
  ['[20261121T10:00:00.000Z| info|host', 'lines'],
  ['[    0.123456] audit: type=2500', 'lines'],
  ["[2026-11-21 10:00:00.000 'App' 123 info] x", 'lines'],
  ['{not json}', 'lines'],
  ['<134>1 - host prog', 'lines'],
  ['<?xml version="1.0"?><a/>', 'xml'],
  ['\n <Event xmlns="x">', 'xml'],
  ['\u001E{"a":1}', 'json'],
])('a body that begins %j is %s', (start, framing) => {
  expect(chooseFraming(start, ALL)).toBe(framing);
});

test('a framing the source does not take is not chosen, but entries of the journal are taken for each', () => {
  expect(chooseFraming('{"a":1}', ['lines'])).toBe('lines');
  expect(chooseFraming('{"__CURSOR":"s=1"}', ['lines'])).toBe('json');
  expect(chooseFraming('<a/>', ['json'])).toBe('json');
});

test('lines end at line feeds only, and empty ones are none', () => {
  expect(texts('a\u001Db\r\n\n c\u2028d \nlast')).toEqual(['a\u001Db', ' c\u2028d ', 'last']);
  expect(places('a\n\nb\n')).toEqual(['line 1', 'line 3']);
});

test('a byte order mark belongs to no record', () => {
  expect(texts('\uFEFFa\nb')).toEqual(['a', 'b']);
  expect(texts('\uFEFF{"a":1}')).toEqual(['{"a":1}']);
});

test('lines joined again are the text, whatever it is', () => {
  const piece = fc.constantFrom('a', ' ', '\t', '\u001D', '\u0085', 'é', '𝄞', '\r', '{', '<', '"');
  fc.assert(
    fc.property(fc.array(fc.array(piece, { minLength: 1 }).map((parts) => parts.join(''))), (lines) => {
      const found = texts(lines.map((line) => `${line}\n`).join(''), { framings: ['lines'] });
      const expected = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
      expect(found).toEqual(expected.filter((line) => line !== ''));
    }),
  );
});

test('each line of bytes that are no UTF-8 keeps its own bytes, and the others carry none', () => {
  const lineBytes = fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 || byte === 13 ? 0xe2 : byte))));
  fc.assert(
    fc.property(fc.array(lineBytes, { minLength: 1, maxLength: 8 }), (lines) => {
      const body = Buffer.concat([Buffer.from('x\n'), ...lines.flatMap((line) => [line, Buffer.from('\n')])]);
      const found = frame(body, { framings: ['lines'] });
      expect(found.map(({ bytes, text }) => bytes ?? Buffer.from(text))).toEqual([
        Buffer.from('x'),
        ...lines,
      ]);
      expect(found.map(({ text }) => text)).toEqual(['x', ...lines.map((line) => line.toString('utf8'))]);
    }),
    { numRuns: 500 },
  );
});

test('a record longer than the bound is cut at a whole character, and tells how long it was', () => {
  const [record] = frame('aéé', { maxRecordBytes: 4 });
  expect(record).toMatchObject({ text: 'aé', cutFromBytes: 5 });
  expect(frame('aéé', { maxRecordBytes: 5 })[0]).not.toHaveProperty('cutFromBytes');
});

test('UTF-16 as Windows tools write it is read, and its bytes are kept', () => {
  const text = '<Event><System/>é</Event>\r\n<Event/>';
  const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const big = Buffer.from(little).swap16();
  for (const body of [little, big, little.subarray(2), big.subarray(2)]) {
    const records = frame(body);
    expect(records.map((record) => record.text)).toEqual(['<Event><System/>é</Event>', '<Event/>']);
    const again = frame(records[0]?.bytes ?? Buffer.alloc(0));
    expect(again.map((record) => record.text)).toEqual(['<Event><System/>é</Event>']);
  }
});

test('server-sent events are taken for what their data is', () => {
  const body = ': hello\nid: 1\ndata: {"MESSAGE":"a"}\n\ndata: {"MESSAGE":\ndata: "b"}\n\n';
  expect(texts(body, { mediaType: 'text/event-stream' })).toEqual(['{"MESSAGE":"a"}', '{"MESSAGE":\n"b"}']);
  expect(texts('data: {"a":1}\n\n')).toEqual(['{"a":1}']);
});
