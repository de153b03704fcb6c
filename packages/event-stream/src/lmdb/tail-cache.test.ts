import { expect, test } from 'vitest';
import type { RecordSink } from './record-sink.ts';
import {
  createPartitionTail,
  createTailCache,
  deliverTail,
  findInTail,
  type TailFrame,
} from './tail-cache.ts';

function frame(base: number, count: number, cost = 100): TailFrame {
  const records = Array.from({ length: count }, (_, i) => ({
    key: `k${base + i}`,
    value: Buffer.from(`v${base + i}`),
  }));
  return { base, records, headers: { shared: 's' }, timestampMs: 5, delivered: [], cost };
}

test('an offset is found in the frame that holds it', () => {
  const cache = createTailCache(10_000);
  const tail = createPartitionTail();
  for (let base = 10; base < 100; base += 10) cache.add(tail, frame(base, 10));
  for (const offset of [10, 19, 20, 55, 99])
    expect(findInTail(tail, offset)?.base).toBe(Math.floor(offset / 10) * 10);
  expect(findInTail(tail, 9)).toBeUndefined();
  expect(findInTail(tail, 100)).toBeUndefined();
});

test('past its limit the cache forgets what it got first, whatever the partition', () => {
  const cache = createTailCache(1_000);
  const tails = [createPartitionTail(), createPartitionTail()] as const;
  for (let i = 0; i < 3_000; i += 1) {
    cache.add(tails[i % 2]!, frame(Math.floor(i / 2), 1));
    expect(cache.bytes).toBeLessThanOrEqual(1_000);
  }
  for (const tail of tails) {
    expect(findInTail(tail, 1_494)).toBeUndefined();
    expect(findInTail(tail, 1_495)?.base).toBe(1_495);
    // What was forgotten is not held by the arrays either.
    expect(tail.frames.filter((held) => held !== undefined)).toHaveLength(5);
    expect(tail.frames.length).toBeLessThan(600);
  }
});

test('what retention removed is dropped, and forgetting goes on as before', () => {
  const cache = createTailCache(1_000);
  const tail = createPartitionTail();
  for (let base = 0; base < 10; base += 1) cache.add(tail, frame(base, 1));
  cache.dropBelow(tail, 7);
  expect(cache.bytes).toBe(300);
  expect(findInTail(tail, 6)).toBeUndefined();
  expect(findInTail(tail, 7)?.base).toBe(7);
  for (let base = 10; base < 30; base += 1) cache.add(tail, frame(base, 1));
  expect(cache.bytes).toBe(1_000);
  expect(findInTail(tail, 19)).toBeUndefined();
  expect(findInTail(tail, 20)?.base).toBe(20);
});

test('records are delivered as they were appended, up to the limits of the batch', () => {
  const sink: RecordSink = { records: [], bytes: 0, full: false, maxBytes: 6, maxRecords: 100 };
  expect(deliverTail(frame(10, 5), 3, 11, sink)).toBe(13);
  expect(sink.records).toEqual(
    [11, 12].map((offset) => ({
      partition: 3,
      offset,
      key: `k${offset}`,
      value: Buffer.from(`v${offset}`),
      headers: { shared: 's' },
      timestampMs: 5,
    })),
  );
});

test('every reader gets the same records: they are made once', () => {
  const cached = frame(10, 5);
  const sinks = [11, 10].map((from) => {
    const sink: RecordSink = { records: [], bytes: 0, full: false, maxBytes: 1_000, maxRecords: 100 };
    deliverTail(cached, 3, from, sink);
    return sink;
  });
  expect(sinks[1]?.records.map(({ offset }) => offset)).toEqual([10, 11, 12, 13, 14]);
  for (const [index, record] of (sinks[0]?.records ?? []).entries())
    expect(sinks[1]?.records[index + 1]).toBe(record);
});
