import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recordId } from './record-id.ts';

test('it is a UUID of version 5, checked against another implementation', () => {
  // Python: uuid5(uuid5(NAMESPACE_URL, 'http://schemas.dmtf.org/cloud/audit/1.0/event'), '1:a3:é2')
  expect(recordId(['a', 'é2'])).toBe('f3bf7cf5-0bcf-5ceb-9725-0a5c9677a734');
});

test('the same parts give the same id, other parts another, also when they join to the same text', () => {
  const parts = fc.array(fc.string(), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(parts, parts, (left, right) => {
      expect(recordId([...left])).toBe(recordId([...left]));
      if (JSON.stringify(left) !== JSON.stringify(right)) expect(recordId(left)).not.toBe(recordId(right));
    }),
  );
  expect(recordId(['ab', 'c'])).not.toBe(recordId(['a', 'bc']));
});
