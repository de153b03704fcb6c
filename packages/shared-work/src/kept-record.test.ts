import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { keptRecord } from './kept-record.ts';

const codec = keptRecord(Type.Object({ steps: Type.Integer({ minimum: 0 }) }));
const whole = { steps: 3, epoch: 2, owner: 'o', writtenMs: 5 };

test('a record is one JSON object and is read back as it was written, with what a later version adds', () => {
  expect(JSON.parse(codec.encode(whole).toString())).toEqual(whole);
  expect(codec.decode(codec.encode(whole))).toEqual(whole);
  const later = { ...whole, note: 'added' };
  expect(codec.decode(Buffer.from(JSON.stringify(later)))).toEqual(later);
});

test.each(['', 'null', '{}', '[]', '{"steps":3}', '{"epoch":2,"owner":"o"}'])('%j is no record', (text) => {
  expect(codec.decode(Buffer.from(text))).toBeUndefined();
});

test.each([{ epoch: -1 }, { owner: '' }, { steps: 'three' }, { writtenMs: 'now' }])(
  'nor is one with %j',
  (fault) => {
    expect(codec.decode(Buffer.from(JSON.stringify({ ...whole, ...fault })))).toBeUndefined();
  },
);
