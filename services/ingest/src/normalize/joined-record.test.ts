import { expect, test } from 'vitest';
import { joinedRecord } from './joined-record.ts';

test('lines of one message are one text, with the place and time of the first', () => {
  const first = { text: 'a', receivedMs: 1, position: '1:0' };
  expect(joinedRecord([first])).toBe(first);
  expect(joinedRecord([first, { text: 'b', receivedMs: 2, position: '1:2' }])).toEqual({
    text: 'a\nb',
    receivedMs: 1,
    position: '1:0',
  });
});

test('bytes that a text does not tell stay', () => {
  const bytes = Buffer.from([0x61, 0xff]);
  const joined = joinedRecord([
    { text: 'x', receivedMs: 1 },
    { text: 'a\uFFFD', bytes, receivedMs: 1 },
  ]);
  expect(joined.bytes).toEqual(Buffer.concat([Buffer.from('x\n'), bytes]));
});

test('who sent it stays, and the bytes of the first line alone are not those of all', () => {
  const first = { text: 'a\uFFFD', bytes: Buffer.from([0x61, 0xff]), receivedMs: 1, address: '192.0.2.1' };
  const joined = joinedRecord([first, { text: '', receivedMs: 2 }]);
  expect(joined).toMatchObject({ text: 'a\uFFFD\n', address: '192.0.2.1', receivedMs: 1 });
  expect(joined.bytes).toEqual(Buffer.from([0x61, 0xff, 0x0a]));
  const envelope = { host: 'h1' };
  expect(
    joinedRecord([
      { text: 'a', receivedMs: 1, envelope },
      { text: 'b', receivedMs: 1 },
    ]).envelope,
  ).toBe(envelope);
});
