import { expect, test } from 'vitest';

import { createKeyId, createToken, hashKey, hashMatches, keyIdOf } from './api-key.ts';
import { withoutTokens } from './logger.ts';

test('a token holds its key id and 32 random bytes, and matches its own hash only', () => {
  const token = createToken('a-1');
  expect(token).toMatch(/^cadf_a-1_[A-Za-z0-9_-]{43}$/);
  expect(keyIdOf(token)).toBe('a-1');
  expect(createToken('a-1')).not.toBe(token);
  const stored = Buffer.from(hashKey(token), 'hex');
  expect(hashMatches(stored, token)).toBe(true);
  expect(hashMatches(stored, createToken('a-1'))).toBe(false);
});

test('what is no token has no key id, also with an underscore where the id ends', () => {
  for (const text of [
    '',
    'cadf_',
    'cadf_a_b',
    `cadf__${'x'.repeat(43)}`,
    `cadf_A_${'x'.repeat(43)}`,
    `x${createToken('a')}`,
  ]) {
    expect(keyIdOf(text)).toBeUndefined();
  }
  expect(keyIdOf(`cadf_a_${'_'.repeat(43)}`)).toBe('a');
});

test('an id that would not fit in a token is refused', () => {
  expect(() => createToken('a_b')).toThrow('does not fit');
  expect(keyIdOf(createToken(createKeyId()))).toMatch(/^[0-9a-f]{12}$/);
});

test('tokens are blotted out wherever they stand in a text', () => {
  const token = createToken('abc');
  expect(withoutTokens(`{"msg":"x${token}, then Bearer eyJhbGciOi.payload.sig"}`)).toBe(
    '{"msg":"x[redacted], then Bearer [redacted]"}',
  );
  expect(withoutTokens(`/cadf/v1/exports/x/signed/1793534400/${'aB-_'.repeat(11).slice(1)}/head.jws`)).toBe(
    '/cadf/v1/exports/x/signed/1793534400/[redacted]/head.jws',
  );
});
