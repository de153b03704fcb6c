import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameReader } from './frames.ts';
import type { Frame } from './frames.ts';

function read(pieces: readonly (string | Buffer)[], maxBytes = 1000, isOver = true): readonly string[] {
  const reader = createFrameReader(maxBytes);
  const frames = pieces.flatMap((piece) => reader.push(Buffer.from(piece)));
  return [...frames, ...reader.end(isOver)].map(tell);
}

function tell(frame: Frame): string {
  const text = frame.bytes.toString();
  if (frame.kind === 'message')
    return frame.cutFromBytes === undefined ? text : `${text}… of ${frame.cutFromBytes}`;
  return frame.kind === 'garbage' ? `garbage: ${text}` : `incomplete, ${frame.expectedBytes}: ${text}`;
}

test('lines are told from counted frames by how each begins, also within one connection', () => {
  expect(read(['<13>one\n9 <13>t\nwo\n<13>three\r\n7 <13>abc'])).toEqual([
    '<13>one',
    '<13>t\nwo',
    '<13>three',
    '<13>abc',
  ]);
});

test('a line that begins with a number is a line', () => {
  expect(read(['2026-11-21 10:00:00 up\n', '12 monkeys\n', '{"a":1}\n', '123456789 <x\n'])).toEqual([
    '2026-11-21 10:00:00 up',
    '12 monkeys',
    '{"a":1}',
    '123456789 <x',
  ]);
});

test('a byte at a time gives the same', () => {
  const text = '<1>a\n15 <13>host b 3 x\n11 <13>0123456\n<2>c\n13 <3>\u00e9nd of it';
  expect(read([...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(read([text]));
});

describe('bounds', () => {
  test('a long line and a long counted frame are cut and counted, what follows is whole', () => {
    expect(read([`<1>${'x'.repeat(50)}\n60 <2>${'y'.repeat(57)}<3>z\n`], 10)).toEqual([
      '<1>xxxxxxx… of 53',
      '<2>yyyyyyy… of 60',
      '<3>z',
    ]);
  });

  test('a length of more digits than any frame has is no length', () => {
    expect(read(['5 <1>ab', '123456789 <1>x'])).toEqual(['<1>ab', 'garbage: 123456789 <1>x']);
  });
});

describe('garbage', () => {
  test.each([
    ['a TLS hello', Buffer.from([0x16, 3, 1, 2])],
    ['what comes where a length should', '5 <1>abGET / HTTP/1.1'],
    ['a length without a space', '5 <1>ab17<1>x'],
  ])('%s ends the reading', (_name, bytes) => {
    const reader = createFrameReader(100);
    expect(reader.push(Buffer.from(bytes)).at(-1)?.kind).toBe('garbage');
    expect(reader.push(Buffer.from('<1>later\n'))).toEqual([]);
    expect(reader.end(true)).toEqual([]);
  });
});

describe('the end of a connection', () => {
  test('makes a line whole, unless it was cut off', () => {
    expect(read(['<1>a\n<1>b'])).toEqual(['<1>a', '<1>b']);
    expect(read(['<1>a\n<1>b'], 100, false)).toEqual(['<1>a', 'incomplete, 5: <1>b']);
  });

  test('in a counted frame leaves it incomplete', () => {
    expect(read(['20 <1>abc'])).toEqual(['incomplete, 20: <1>abc']);
    expect(read(['5 <1>ab', '12'])).toEqual(['<1>ab', 'incomplete, 3: 12']);
    expect(read(['12'])).toEqual(['12']);
  });
});

test('whatever is sent in whatever pieces: messages of both framings come out as they went in', () => {
  const text = fc.stringMatching(/^[ -~]{1,40}$/);
  fc.assert(
    fc.property(
      fc.array(fc.record({ text, isCounted: fc.boolean() }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 10 }),
      (messages, sizes) => {
        const wire = Buffer.from(
          messages
            .map(({ text, isCounted }) => (isCounted ? `${text.length + 3} <1>${text}` : `<1>${text}\n`))
            .join(''),
        );
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < wire.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          pieces.push(wire.subarray(at, at + size));
          at += size;
        }
        expect(read(pieces)).toEqual(messages.map(({ text }) => `<1>${text}`));
      },
    ),
  );
});

test('random bytes never throw, and what is kept is bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (pieces) => {
      const reader = createFrameReader(16);
      const frames = [...pieces.flatMap((piece) => reader.push(Buffer.from(piece))), ...reader.end(false)];
      for (const frame of frames) expect(frame.bytes.length).toBeLessThanOrEqual(4096);
      for (const frame of frames)
        if (frame.kind === 'message') expect(frame.bytes.length).toBeLessThanOrEqual(16);
    }),
  );
});
