import { expect, test } from 'vitest';

import { createAttemptLimiter } from './attempt-limiter.ts';

test('an address may fail as often as the burst, then once per refill', () => {
  let nowMs = 0;
  const limiter = createAttemptLimiter({ burst: 2, refillMs: 1000, maxAddresses: 10 }, () => nowMs);
  expect(limiter.waitSeconds('a')).toBe(0);
  limiter.failed('a');
  expect(limiter.waitSeconds('a')).toBe(0);
  limiter.failed('a');
  expect(limiter.waitSeconds('a')).toBe(1);
  expect(limiter.waitSeconds('b')).toBe(0);
  nowMs = 999;
  expect(limiter.waitSeconds('a')).toBe(1);
  nowMs = 1000;
  expect(limiter.waitSeconds('a')).toBe(0);
  limiter.failed('a');
  expect(limiter.waitSeconds('a')).toBe(1);
  nowMs = 1_000_000;
  limiter.failed('a');
  expect(limiter.waitSeconds('a')).toBe(0);
});

test('an IPv6 host cannot change its address within its /64, and a mapped IPv4 address is the IPv4 one', () => {
  const limiter = createAttemptLimiter({ burst: 1, refillMs: 1000, maxAddresses: 10 }, () => 0);
  limiter.failed('2001:db8:0:1::1');
  expect(limiter.waitSeconds('2001:0db8::1:ffff:ffff:ffff:ffff')).toBe(1);
  expect(limiter.waitSeconds('2001:db8:0:2::1')).toBe(0);
  limiter.failed('::ffff:192.0.2.1');
  expect(limiter.waitSeconds('192.0.2.1')).toBe(1);
  limiter.failed('fe80::1%eth0');
  expect(limiter.waitSeconds('fe80::2%eth0')).toBe(1);
});

test('the memory is bounded: the address that failed longest ago is forgotten first', () => {
  const limiter = createAttemptLimiter({ burst: 1, refillMs: 1000, maxAddresses: 2 }, () => 0);
  for (const address of ['a', 'b', 'a', 'c']) limiter.failed(address);
  expect(['a', 'b', 'c'].map((address) => limiter.waitSeconds(address))).toEqual([1, 0, 1]);
});
