import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openText, sealText } from './sealed-text.ts';

const key = randomBytes(32);

test('a sealed text opens with its key for its context only', () => {
  const sealed = sealText(key, 'dä 識', 'of a');
  expect(openText(key, sealed, 'of a')).toBe('dä 識');
  expect(openText(key, sealed, 'of b')).toBeUndefined();
  expect(openText(key, sealed)).toBeUndefined();
  expect(openText(randomBytes(32), sealed, 'of a')).toBeUndefined();
  expect(sealText(key, 'dä 識', 'of a')).not.toBe(sealed);
});

test('what was changed, cut off or never sealed does not open', () => {
  const bytes = Buffer.from(sealText(key, 'some text'), 'base64url');
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(openText(key, changed.toString('base64url'))).toBeUndefined();
    expect(openText(key, bytes.subarray(0, at).toString('base64url'))).toBeUndefined();
  }
  for (const text of ['', '!', 'A'.repeat(100)]) expect(openText(key, text)).toBeUndefined();
});
