import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { createKeyedHash } from './keyed-hash.ts';

test('is HMAC-SHA-256 of the UTF-8 text, for keys and texts of any length', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ minLength: 300, maxLength: 2000 }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 200 }), text, (key, value) => {
      const expected = createHmac('sha256', key).update(value).digest('base64url');
      const hash = createKeyedHash(key);
      expect([hash(value), hash(value)]).toEqual(Array(2).fill(`hmac-sha256:${expected}`));
    }),
    { numRuns: 200 },
  );
});
