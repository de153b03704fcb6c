import { expect, it } from 'vitest';
import { createKeyFilter } from './key-filter.ts';
import { hashKey } from './key-hash.ts';

const hashes = { first: 0, second: 0 };
const keyOf = (number: number): string =>
  `openstack-a/0b5a4c3e-1111-4222-8333-${String(number).padStart(12, '0')}`;

it.each([
  ['in one link', 300_000],
  ['in a chain of links', 1],
])('knows every key and hardly ever another: %s', (_, expected) => {
  const filter = createKeyFilter(expected);
  for (let number = 0; number < 300_000; number++) {
    hashKey(keyOf(number), hashes);
    filter.add(hashes.first, hashes.second);
  }
  expect(filter.size).toBe(300_000);
  let missing = 0;
  let wrong = 0;
  for (let number = 0; number < 300_000; number++) {
    hashKey(keyOf(number), hashes);
    if (!filter.has(hashes.first, hashes.second)) missing += 1;
    hashKey(keyOf(1_000_000 + number), hashes);
    if (filter.has(hashes.first, hashes.second)) wrong += 1;
  }
  expect(missing).toBe(0);
  expect(wrong).toBeLessThan(30);
});
