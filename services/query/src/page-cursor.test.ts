import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createPageCursors } from './page-cursor.ts';

const cursors = createPageCursors(randomBytes(32));
const cursor = {
  after: { timeMs: -5, partition: 3, offset: 9_007_199_254_740_000 },
  asOf: new Map([
    [0, 12],
    [3, 99],
  ]),
};

test('a cursor read with its own question gives back what it was issued with', () => {
  expect(cursors.read(cursors.issue('q', cursor), 'q')).toEqual(cursor);
});

test('a cursor of another question is refused', () => {
  expect(cursors.read(cursors.issue('q', cursor), 'q2')).toBe('other-question');
});

test('a cursor signed with another secret, cut, changed or made up is refused', () => {
  const text = cursors.issue('q', cursor);
  const changed = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
  const foreign = createPageCursors(randomBytes(32)).issue('q', cursor);
  for (const bad of [foreign, changed, text.slice(0, -3), '', 'x', '💥', 'A'.repeat(100_000)])
    expect(cursors.read(bad, 'q')).toBe('damaged');
});
