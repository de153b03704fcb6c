import { expect, test } from 'vitest';
import { TailedEvent } from './tailed-event.ts';
import { createWaitingEvents } from './waiting-events.ts';
import type { WaitingEvents } from './waiting-events.ts';

function event(partition: number, offset: number, receivedMs: number, place = 0, source = 's'): TailedEvent {
  return new TailedEvent({ partition, offset, receivedMs, place, source, text: Buffer.from('{}') });
}

function released(waiting: WaitingEvents): string[] {
  const names: string[] = [];
  for (let next = waiting.release(); next !== undefined; next = waiting.release())
    names.push(`${next.partition}-${next.offset}`);
  return names;
}

function twoPartitions(): { readonly waiting: WaitingEvents; readonly pass: (ms: number) => void } {
  let now = 1_000_000;
  const waiting = createWaitingEvents(() => now);
  waiting.open(0, 0);
  waiting.open(1, 0);
  return { waiting, pass: (ms) => void (now += ms) };
}

test('what the store passed over is never released, and the cut moves over it', () => {
  const { waiting } = twoPartitions();
  for (const offset of [0, 1, 2, 3]) waiting.add(event(0, offset, offset), undefined, false);
  waiting.stored(0, [1], 3);
  expect(released(waiting)).toEqual(['0-1']);
  expect(waiting.cuts().get(0)).toBe(3);
  expect(waiting.unstored()).toEqual(new Map([[0, 3]]));
});

test('events of two partitions are released by time of receipt, then by place in the batch', () => {
  const { waiting } = twoPartitions();
  waiting.add(event(0, 0, 1_000_000, 1), { batch: 'a', index: 1, count: 3, place: 1 }, false);
  waiting.add(event(0, 1, 1_000_005), undefined, false);
  waiting.add(event(1, 0, 1_000_000, 0), { batch: 'a', index: 0, count: 3, place: 0 }, false);
  waiting.add(event(1, 1, 1_000_000, 2), { batch: 'a', index: 2, count: 3, place: 2 }, false);
  waiting.stored(0, [0, 1], 0);
  waiting.stored(1, [0, 1], 0);
  expect(released(waiting)).toEqual(['1-0', '0-0', '1-1', '0-1']);
});

test('an event waits behind an earlier one of another partition that is not stored yet, but not for long', () => {
  const { waiting, pass } = twoPartitions();
  waiting.add(event(0, 0, 1_000_000, 0, 'other'), undefined, false);
  waiting.add(event(1, 0, 1_000_001), undefined, false);
  waiting.stored(1, [0], 0);
  expect(released(waiting)).toEqual([]);
  pass(1_999);
  expect(released(waiting)).toEqual([]);
  pass(1);
  expect(released(waiting)).toEqual(['1-0']);
  waiting.stored(0, [0], 0);
  expect(released(waiting)).toEqual(['0-0']);
});

test('an event waits behind earlier ones of its source for as long as they are not stored, others do not', () => {
  const { waiting, pass } = twoPartitions();
  waiting.open(2, 0);
  waiting.add(event(0, 0, 1_000_001), undefined, false);
  waiting.add(event(1, 0, 1_000_000, 0, 'other'), undefined, false);
  waiting.add(event(1, 1, 1_000_002), undefined, false);
  waiting.add(event(1, 2, 1_000_003, 0, 'third'), undefined, false);
  waiting.add(event(2, 0, 1_000_004, 0, 'other'), undefined, false);
  waiting.add(event(2, 1, 1_000_005, 0, 'third'), undefined, false);
  waiting.stored(1, [0, 1, 2], 0);
  waiting.stored(2, [0, 1], 0);
  expect(released(waiting)).toEqual(['1-0']);
  pass(60_000);
  // Of the third source the later one waits behind the earlier one, which waits behind 1-1 in its partition.
  expect(released(waiting)).toEqual(['2-0']);
  expect(waiting.cuts()).toEqual(
    new Map([
      [0, 0],
      [1, 1],
      [2, 1],
    ]),
  );
  waiting.stored(0, [0], 0);
  expect(released(waiting)).toEqual(['0-0', '1-1', '1-2', '2-1']);
});

test('what a partition that is not read on may hold is waited for', () => {
  const { waiting, pass } = twoPartitions();
  waiting.add(event(0, 0, 1_000_001, 0, 'other'), undefined, false);
  waiting.add(event(1, 0, 1_000_000, 0, 'third'), undefined, false);
  waiting.add(event(1, 1, 1_000_002), undefined, false);
  waiting.paused(0, true);
  waiting.stored(1, [0, 1], 0);
  pass(60_000);
  expect(released(waiting)).toEqual(['1-0']);
  waiting.paused(0, false);
  expect(released(waiting)).toEqual(['1-1']);
});

test('what the stream holds of another partition and was not read yet is waited for, though not for ever', () => {
  const { waiting, pass } = twoPartitions();
  waiting.add(event(0, 0, 1_000_001), undefined, false);
  waiting.read(0, 1);
  waiting.ends(
    new Map([
      [0, 1],
      [1, 1],
    ]),
  );
  waiting.stored(0, [0], 0);
  pass(10_000);
  expect(released(waiting)).toEqual([]);
  waiting.add(event(1, 0, 1_000_000), undefined, false);
  waiting.read(1, 1);
  waiting.stored(1, [0], 0);
  expect(released(waiting)).toEqual(['1-0', '0-0']);
  waiting.add(event(0, 1, 1_000_002), undefined, false);
  waiting.read(0, 2);
  waiting.ends(
    new Map([
      [0, 2],
      [1, 2],
    ]),
  );
  waiting.stored(0, [1], 0);
  expect(released(waiting)).toEqual([]);
  pass(30_000);
  expect(released(waiting)).toEqual(['0-1']);
});

test('a batch of which a member was not seen yet holds back what comes after the member', () => {
  const { waiting } = twoPartitions();
  waiting.add(event(0, 0, 1_000_000, 0), { batch: 'a', index: 0, count: 3, place: 0 }, false);
  waiting.add(event(0, 1, 1_000_000, 2), { batch: 'a', index: 2, count: 3, place: 2 }, false);
  waiting.add(event(0, 2, 1_000_001), undefined, false);
  waiting.stored(0, [0, 1, 2], 0);
  expect(released(waiting)).toEqual(['0-0']);
  waiting.add(event(1, 0, 1_000_000, 1), { batch: 'a', index: 1, count: 3, place: 1 }, false);
  expect(released(waiting)).toEqual([]);
  waiting.stored(1, [0], 0);
  expect(released(waiting)).toEqual(['1-0', '0-1', '0-2']);
});

test('a batch whose members never come holds nothing back for long, nor one that began before the tail did', () => {
  const { waiting, pass } = twoPartitions();
  waiting.add(event(0, 0, 1_000_000, 1), { batch: 'a', index: 1, count: 3, place: 1 }, false);
  waiting.stored(0, [0], 0);
  expect(released(waiting)).toEqual([]);
  pass(2_000);
  expect(released(waiting)).toEqual(['0-0']);
  waiting.add(event(0, 1, 10, 1), { batch: 'b', index: 1, count: 3, place: 1 }, false);
  waiting.stored(0, [1], 0);
  expect(released(waiting)).toEqual(['0-1']);
});

test('says once that the cut moved over a gap', () => {
  const { waiting } = twoPartitions();
  waiting.add(event(0, 0, 1), undefined, false);
  waiting.add(event(0, 9, 2), undefined, true);
  waiting.stored(0, [0], 0);
  expect(released(waiting)).toEqual(['0-0']);
  expect(waiting.passedGap()).toBe(false);
  waiting.stored(0, [9], 0);
  expect(released(waiting)).toEqual(['0-9']);
  expect(waiting.passedGap()).toBe(true);
  expect(waiting.passedGap()).toBe(false);
});

test('of a stretch that the store holds whole also those are stored that are read later, and no others', () => {
  const waiting = createWaitingEvents(() => 1_000);
  waiting.open(0, 0);
  for (const offset of [0, 1, 2]) waiting.add(event(0, offset, 1), undefined, false);
  waiting.storedAll(0, { from: 0, next: 2 });
  expect([waiting.release()?.offset, waiting.release()?.offset, waiting.release()]).toEqual([
    0,
    1,
    undefined,
  ]);
  waiting.storedAll(0, { from: 2, next: 5 });
  for (const offset of [3, 4, 5]) waiting.add(event(0, offset, 1), undefined, false);
  expect([2, 3, 4].map(() => waiting.release()?.offset)).toEqual([2, 3, 4]);
  expect(waiting.release()).toBeUndefined();
  expect(waiting.unstored()).toEqual(new Map([[0, 5]]));
  // One that does not follow says nothing of what is between.
  waiting.storedAll(0, { from: 7, next: 9 });
  for (const offset of [6, 7]) waiting.add(event(0, offset, 1), undefined, false);
  expect(waiting.unstored()).toEqual(new Map([[0, 5]]));
  expect(waiting.release()).toBeUndefined();
});
