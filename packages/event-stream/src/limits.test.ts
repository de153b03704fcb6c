import { expect, test } from 'vitest';
import { checkTopicSettings, MAX_HEADERS, MAX_RECORD_TEXT, measureBatch } from './limits.ts';

const record = { key: 'k', value: Buffer.alloc(10) };
const headers = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`h${i}`, 'v']));

test('a batch costs its values and more, and grows with every record', () => {
  const one = measureBatch({ records: [record] }, 100);
  expect(one).toBeGreaterThan(10);
  expect(measureBatch({ records: [record, record] }, 100)).toBe(2 * one);
  expect(measureBatch({ records: [{ key: '', value: null }] }, 100)).toBeGreaterThan(0);
});

test('what is too large is refused with the place and the limit', () => {
  const refused = (batch: Parameters<typeof measureBatch>[0]): unknown => {
    try {
      return measureBatch(batch, 100);
    } catch (error) {
      return error;
    }
  };
  const tooLarge = (message: RegExp): object =>
    expect.objectContaining({ code: 'STREAM_RECORD_TOO_LARGE', message: expect.stringMatching(message) });
  expect(refused({ records: [record, { key: 'k', value: Buffer.alloc(101) }] })).toEqual(
    tooLarge(/record 1 has 101 bytes, the limit is 100/),
  );
  expect(refused({ records: [{ key: 'k'.repeat(MAX_RECORD_TEXT + 1), value: null }] })).toEqual(
    tooLarge(/record 0 .*key and headers/),
  );
  expect(refused({ headers: headers(MAX_HEADERS + 1), records: [record] })).toEqual(
    tooLarge(/the batch has 65 headers/),
  );
  expect(refused({ records: [{ ...record, headers: headers(MAX_HEADERS + 1) }] })).toEqual(
    tooLarge(/record 0 has 65 headers/),
  );
  expect(refused({ records: [{ ...record, headers: { ['n'.repeat(2000)]: '' } }] })).toEqual(
    tooLarge(/name of 2000 characters/),
  );
  const shared = { big: 'x'.repeat(MAX_RECORD_TEXT) };
  expect(refused({ headers: shared, records: [record] })).toEqual(tooLarge(/record 0 .*key and headers/));
});

test('topic settings that cannot be meant are refused by name', () => {
  const topic = { name: 'cadf.events', partitions: 4, cleanup: 'delete' } as const;
  expect(() => checkTopicSettings(topic)).not.toThrow();
  expect(() => checkTopicSettings({ ...topic, name: 'a b' })).toThrow(/topic name "a b"/);
  expect(() => checkTopicSettings({ ...topic, name: '..' })).toThrow(RangeError);
  expect(() => checkTopicSettings({ ...topic, partitions: 1.5 })).toThrow(
    /partitions must be 1 to 4096, not 1.5/,
  );
  expect(() => checkTopicSettings({ ...topic, retentionMs: -1 })).toThrow(/retentionMs/);
  expect(() => checkTopicSettings({ ...topic, retentionBytes: Number.NaN })).toThrow(/retentionBytes/);
});
