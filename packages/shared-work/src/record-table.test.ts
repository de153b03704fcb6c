import { expect, test } from 'vitest';
import { createRecordTable } from './record-table.ts';

function record(epoch: number, owner: string, done = 0) {
  return { epoch, owner, done };
}

test('the newest of the last owner counts; what an earlier one still writes does not', () => {
  const table = createRecordTable<ReturnType<typeof record>>();
  expect(table.apply('s', record(1, 'a'))).toBe('applied');
  expect(table.apply('s', record(1, 'a', 5))).toBe('applied');
  expect(table.apply('s', record(2, 'b', 5))).toBe('applied');
  expect(table.apply('s', record(1, 'a', 9))).toBe('older');
  expect(table.get('s')).toEqual(record(2, 'b', 5));
});

test('of two that took over at the same time the first in the log counts', () => {
  const table = createRecordTable<ReturnType<typeof record>>();
  table.apply('s', record(2, 'b'));
  expect(table.apply('s', record(2, 'c'))).toBe('older');
  expect(table.get('s')?.owner).toBe('b');
});

test('what is forgotten begins anew', () => {
  const table = createRecordTable<ReturnType<typeof record>>();
  table.apply('s', record(7, 'b'));
  table.apply('s', null);
  expect([...table.ids()]).toEqual([]);
  expect(table.apply('s', record(1, 'c'))).toBe('applied');
});
