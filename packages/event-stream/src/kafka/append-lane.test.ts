import { expect, test } from 'vitest';
import type { AppendBatch } from '../interface.ts';
import { partitionOf } from '../partition.ts';
import { createAppendLane } from './append-lane.ts';
import type { ProduceBatch } from './client.ts';

interface Request {
  readonly batches: readonly ProduceBatch[];
  answer(): void;
  fail(error: Error): void;
}

/** A lane over brokers that answer when told, each partition counting its offsets. */
function setUp({ partitions = 1, maxRequestBytes = 1_000, maxPartitionBytes = 1_000 } = {}) {
  const requests: Request[] = [];
  const next = new Map<number, number>();
  const lane = createAppendLane({
    partitions: async () => partitions,
    produce: (batches) =>
      new Promise((resolve, reject) => {
        requests.push({
          batches,
          answer: () =>
            resolve(
              batches.map(({ partition, records }) => {
                const base = next.get(partition) ?? 0;
                next.set(partition, base + records.length);
                return base;
              }),
            ),
          fail: reject,
        });
      }),
    lingerMs: 0,
    maxRequestBytes,
    maxPartitionBytes,
  });
  const sent = async (count: number): Promise<Request> => {
    while (requests.length < count) await new Promise((resolve) => setImmediate(resolve));
    return requests[count - 1]!;
  };
  return { lane, requests, sent };
}

function batch(...keys: string[]): AppendBatch {
  return { records: keys.map((key) => ({ key, value: Buffer.alloc(100) })) };
}

const keysOf = ({ batches }: Request): string[][] =>
  batches.map(({ records }) => records.map(({ record }) => record.key));

test('appends made at once go in one request, those made meanwhile in the next', async () => {
  const { lane, requests, sent } = setUp();
  const first = [lane.append(batch('a')), lane.append(batch('b', 'c'))];
  const one = await sent(1);
  expect(keysOf(one)).toEqual([['a', 'b', 'c']]);
  const second = [lane.append(batch('d')), lane.append(batch('e'))];
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(requests).toHaveLength(1);
  one.answer();
  const two = await sent(2);
  expect(keysOf(two)).toEqual([['d', 'e']]);
  two.answer();
  expect(await Promise.all([...first, ...second])).toEqual(
    [[0], [1, 2], [3], [4]].map((offsets) => offsets.map((offset) => ({ partition: 0, offset }))),
  );
});

test('a request stays within its limits; a record larger than them goes alone', async () => {
  const { lane, sent } = setUp({ maxRequestBytes: 350, maxPartitionBytes: 250 });
  const appended = lane.append({
    records: [
      ...batch('a', 'b', 'c').records,
      { key: 'big', value: Buffer.alloc(5_000) },
      ...batch('d').records,
    ],
  });
  const requests: string[][][] = [];
  for (let i = 1; i <= 4; i += 1) {
    const request = await sent(i);
    requests.push(keysOf(request));
    request.answer();
  }
  expect(requests).toEqual([[['a', 'b']], [['c']], [['big']], [['d']]]);
  expect((await appended).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
});

test('under load every partition gets its turn, and the order of each is kept', async () => {
  const { lane, sent } = setUp({ partitions: 4, maxRequestBytes: 300, maxPartitionBytes: 300 });
  const keys = Array.from({ length: 60 }, (_, i) => `key-${i}`);
  const appended = lane.append(batch(...keys));
  const seen = new Map<number, string[]>();
  const firstTurns = new Set<number>();
  for (let i = 1; [...seen.values()].flat().length < 60; i += 1) {
    const request = await sent(i);
    for (const { partition, records } of request.batches) {
      if (i <= 8) firstTurns.add(partition);
      seen.set(partition, [...(seen.get(partition) ?? []), ...records.map(({ record }) => record.key)]);
    }
    request.answer();
  }
  await appended;
  expect(firstTurns.size).toBe(4);
  for (const [partition, list] of seen)
    expect(list).toEqual(keys.filter((key) => partitionOf(key, 4) === partition));
});

test('a request that fails rejects the appends in it, and no others', async () => {
  const { lane, sent } = setUp();
  const lost = lane.append(batch('a'));
  const request = await sent(1);
  const kept = lane.append(batch('b'));
  request.fail(new Error('gone'));
  await expect(lost).rejects.toThrow('gone');
  (await sent(2)).answer();
  expect(await kept).toEqual([{ partition: 0, offset: 0 }]);
});

test('a topic whose partitions cannot be told takes nothing', async () => {
  const lane = createAppendLane({
    partitions: () => Promise.reject(new Error('no such topic')),
    produce: () => Promise.reject(new Error('never called')),
    lingerMs: 0,
    maxRequestBytes: 1,
    maxPartitionBytes: 1,
  });
  await expect(lane.append(batch('a'))).rejects.toThrow('no such topic');
});
