import { expect, it } from 'vitest';
import { addDigest, createRecentKeys, MAX_DIGESTS } from './recent-keys.ts';

const version = (
  offset: number,
): { offset: number; row: number; block: number; pending: boolean; hasChain: boolean } => ({
  offset,
  row: offset % 100,
  block: 3,
  pending: offset % 2 === 0,
  hasChain: offset % 3 === 0,
});

it('remembers the last keys with what they were added with, and lets the oldest go', () => {
  const recent = createRecentKeys(40_000);
  for (let i = 0; i < 120_000; i++) recent.add(`key-${i}`, version(i), `digest-${i}`);
  for (let i = 80_000; i < 120_000; i += 977)
    expect(recent.find(`key-${i}`)).toEqual({
      currentOffset: i,
      currentRow: i % 100,
      block: 3,
      pending: i % 2 === 0,
      hasChain: i % 3 === 0,
      digests: [`digest-${i}`],
    });
  expect(recent.find('key-0')).toBeUndefined();
  expect(recent.find('no such key')).toBeUndefined();
  recent.clear();
  expect(recent.find('key-119999')).toBeUndefined();
});

it('answers the same state each time, so that what is changed in it stays, and keeps what is asked for', () => {
  const recent = createRecentKeys(20_000);
  recent.add('kept', version(1), 'a');
  recent.find('kept')?.digests.push('b');
  for (let i = 0; i < 200_000; i++) {
    recent.add(`key-${i}`, version(i), 'x');
    if (i % 10_000 === 0) expect(recent.find('kept')?.digests).toEqual(['a', 'b']);
  }
});

it('finds a key added after the map of its segment was made', () => {
  const recent = createRecentKeys(1000);
  for (let i = 0; i < 20; i++) recent.find(`missing-${i}`);
  recent.add('later', version(5), 'd');
  expect(recent.find('later')?.currentOffset).toBe(5);
});

it('keeps the newest digests of an event with too many versions', () => {
  const recent = createRecentKeys(10);
  recent.add('key', version(0), 'digest-0');
  const state = recent.find('key')!;
  for (let i = 1; i < 3 * MAX_DIGESTS; i++) addDigest(state, `digest-${i}`);
  expect(state.digests.length).toBeLessThanOrEqual(MAX_DIGESTS);
  expect(state.digests.at(-1)).toBe(`digest-${3 * MAX_DIGESTS - 1}`);
  expect(state.digests.length).toBeGreaterThanOrEqual(MAX_DIGESTS / 2);
});
