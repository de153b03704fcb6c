import { expect, test } from 'vitest';
import { decodeProgress, encodeProgress } from './progress-record.ts';
import type { ProgressRecord } from './progress-record.ts';
import { createProgressTable } from './progress-table.ts';

function record(epoch: number, owner: string, delivered = 0): ProgressRecord {
  return { generation: 1, epoch, owner, place: { next: { 0: 1 } }, state: 'active', resumed: 0, delivered };
}

test('the newest of the last owner counts; what an earlier one still writes does not', () => {
  const table = createProgressTable();
  expect(table.apply('s', record(1, 'a'))).toBe('applied');
  expect(table.apply('s', record(1, 'a', 5))).toBe('applied');
  expect(table.apply('s', record(2, 'b', 5))).toBe('applied');
  expect(table.apply('s', record(1, 'a', 9))).toBe('older');
  expect(table.get('s')).toEqual(record(2, 'b', 5));
});

test('of two that took over at the same time the first in the log counts', () => {
  const table = createProgressTable();
  table.apply('s', record(2, 'b'));
  expect(table.apply('s', record(2, 'c'))).toBe('older');
  expect(table.get('s')?.owner).toBe('b');
});

test('what is forgotten begins anew', () => {
  const table = createProgressTable();
  table.apply('s', record(7, 'b'));
  table.apply('s', null);
  expect([...table.ids()]).toEqual([]);
  expect(table.apply('s', record(1, 'c'))).toBe('applied');
});

test('a record is read back as it was written; what is none is not read', () => {
  const whole: ProgressRecord = {
    ...record(3, 'a', 12),
    place: { next: { 0: 4, 11: 9 }, backfill: { fromMs: 1.5e12, until: { 0: 8 } } },
    inFlight: {
      id: 'msg_1',
      upto: { next: { 0: 5 } },
      question: 'q',
      target: 't',
      mark: 'm',
      attempt: 2,
      failures: 1,
      firstAttemptMs: 1,
      nextAttemptMs: 2,
      events: 3,
      bytes: 9,
      oldestMs: 4,
    },
    lastDeliveredMs: 5,
    lastFailure: { atMs: 6, reason: 'r', answer: { status: 500, text: 'x' } },
  };
  expect(decodeProgress(encodeProgress(whole))).toEqual(whole);
  for (const text of ['', 'null', '{}', JSON.stringify({ ...whole, epoch: -1 })])
    expect(decodeProgress(Buffer.from(text))).toBeUndefined();
});
