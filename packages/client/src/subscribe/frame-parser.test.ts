import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameParser } from './frame-parser.ts';
import type { Frame } from './frame-parser.ts';

function framesOf(...pieces: readonly string[]): readonly Frame[] {
  const parser = createFrameParser();
  return pieces.flatMap((piece) => parser.feed(piece));
}

describe('frames of a stream', () => {
  test('have id, type and data; comments and unknown fields are passed over', () => {
    expect(framesOf(': hello\nretry: 3000\nfoo: bar\n\nid: c1\ndata: {"a":\ndata: 1}\n\n')).toEqual([
      { id: 'c1', type: 'message', data: '{"a":\n1}' },
    ]);
    expect(framesOf('event: end\ndata: {}\nid:c2\n\n')).toEqual([{ id: 'c2', type: 'end', data: '{}' }]);
  });

  test('an id without data is told, as a place to go on from', () => {
    expect(framesOf(':\n\nid: c7\n\n')).toEqual([{ id: 'c7', type: 'message', data: undefined }]);
  });

  test('a frame without an id keeps the last one; a half frame is not given', () => {
    expect(framesOf('id: a\ndata: 1\n\ndata: 2\n\nid: b\ndata: 3\n')).toEqual([
      { id: 'a', type: 'message', data: '1' },
      { id: 'a', type: 'message', data: '2' },
    ]);
  });

  test('a byte order mark at the start and every kind of line end are understood', () => {
    expect(framesOf('\uFEFFdata: 1\r', '\n\r', '\ndata: 2\r\rdata: 3\n\n')).toMatchObject([
      { data: '1' },
      { data: '2' },
      { data: '3' },
    ]);
  });

  test('what has no end is refused at the bound', () => {
    const parser = createFrameParser(100);
    expect(() => {
      for (let at = 0; at < 30; at++) parser.feed('data: 1234567\n');
    }).toThrow(RangeError);
    const line = createFrameParser(100);
    line.feed('data: ');
    expect(() => {
      for (let at = 0; at < 30; at++) line.feed('xxxxxxxxxx');
    }).toThrow(RangeError);
  });

  test('frames are the same however the stream is cut', () => {
    const line = fc.constantFrom(
      'data: x',
      'data:',
      'data:  two',
      'data',
      'event: end',
      'event',
      ': comment',
      'id: 7',
      'id:8',
      'nonsense',
      '',
      '',
    );
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')))
      .map((lines) => lines.map(([text, end]) => text + end).join(''));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(60), { maxLength: 5 }), (text, cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, at) => text.slice(places[at], Math.max(end, places[at]!)));
        const data = (frames: readonly Frame[]): readonly Frame[] =>
          frames.filter((frame) => frame.data !== undefined);
        expect(data(framesOf(...pieces))).toEqual(data(framesOf(text)));
        expect(framesOf(...pieces).at(-1)?.id).toBe(framesOf(text).at(-1)?.id);
      }),
    );
  });
});
