import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTailCursors } from './tail-cursors.ts';

const secret = randomBytes(32);
const offset = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const positions = fc
  .array(fc.tuple(fc.nat({ max: 5_000 }), offset), { maxLength: 20 })
  .map((pairs) => new Map(pairs));
const place = fc.record(
  {
    next: positions,
    backfill: fc.record({ fromMs: fc.integer({ min: -1e13, max: 1e13 }), until: positions }),
  },
  { requiredKeys: ['next'] },
);

test('any place comes back from its cursor, in another process too', () => {
  const [one, other] = [createTailCursors(secret), createTailCursors(secret)];
  fc.assert(
    fc.property(place, fc.string(), (at, question) => {
      const cursor = one.issue(question, at);
      expect(one.read(cursor, question)).toEqual(at);
      expect(other.read(cursor, question)).toEqual(at);
    }),
  );
});

test('a cursor is good for its question only', () => {
  const cursors = createTailCursors(secret);
  const cursor = cursors.issue('failures', { next: new Map([[0, 7]]) });
  expect(cursors.read(cursor, 'all')).toBe('other-question');
});

test('a cursor of another secret, or with any byte changed, is damaged', () => {
  const cursors = createTailCursors(secret);
  const cursor = cursors.issue('all', { next: new Map([[0, 7]]) });
  expect(createTailCursors(randomBytes(32)).read(cursor, 'all')).toBe('damaged');
  const bytes = Buffer.from(cursor, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(cursors.read(changed.toString('base64url'), 'all')).toBe('damaged');
  }
});

test.each(['', 'x', '!!!!', 'A'.repeat(30), 'A'.repeat(200), 'A'.repeat(100_000)])(
  '%.20s… is no cursor',
  (text) => {
    expect(createTailCursors(secret).read(text, 'all')).toBe('damaged');
  },
);

test('two cursors of one place differ, so that nobody sees that nothing came between them', () => {
  const cursors = createTailCursors(secret);
  const at = { next: new Map([[0, 7]]) };
  expect(cursors.issue('all', at)).not.toBe(cursors.issue('all', at));
});
