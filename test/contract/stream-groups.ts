/** Groups: committed offsets, starting places, members that share partitions. */
import { type EventStream } from '@cadf-pipeline/event-stream';
import { expect, test } from 'vitest';
import { appendNumbers, collect, rejectionOf, until } from './stream-actions.ts';
import { type StreamSuite } from './stream-suite.ts';

export function describeGroups(suite: StreamSuite): void {
  const { backend, open, makeTopic } = suite;
  test('commit and committed are per group and per partition', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 3 });
    expect(await stream.committed(topic, 'a')).toEqual(new Map());
    await stream.commit(
      topic,
      'a',
      new Map([
        [0, 4],
        [2, 9],
      ]),
    );
    await stream.commit(topic, 'a', new Map([[0, 5]]));
    await stream.commit(topic, 'b/é', new Map([[1, 1]]));
    expect(await stream.committed(topic, 'a')).toEqual(
      new Map([
        [0, 5],
        [2, 9],
      ]),
    );
    expect(await stream.committed(topic, 'b/é')).toEqual(new Map([[1, 1]]));
  });

  test('a group starts where startAt says, else at the committed offset, else at the first', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 3 });
    await appendNumbers(stream, topic, 0, 120);
    await stream.commit(
      topic,
      'g',
      new Map([
        [0, 1],
        [1, 5],
      ]),
    );
    const asked: number[][] = [];
    const first = new Map<number, number>();
    const stop = new AbortController();
    const bounds = await stream.bounds(topic);
    let left = [...bounds].reduce((sum, [partition, { next }]) => sum + next - [2, 5, 0][partition]!, 0);
    const consuming = stream.consume(topic, {
      group: 'g',
      signal: stop.signal,
      startAt: async (partitions) => {
        asked.push([...partitions].toSorted((a, b) => a - b));
        return new Map([[0, 2]]);
      },
    });
    for await (const { partition, records } of consuming) {
      expect(asked).not.toEqual([]);
      if (!first.has(partition)) first.set(partition, records[0]!.offset);
      left -= records.length;
      if (left === 0) {
        // Another process can take the partitions of a member that is not heard of.
        expect(stream.membershipAgeMs(topic, 'g')).toBeLessThan(30_000);
        await stream.commit(topic, 'g', new Map([[0, 7]]));
        stop.abort();
      }
    }
    expect(asked).toEqual([[0, 1, 2]]);
    expect(first).toEqual(
      new Map([
        [0, 2],
        [1, 5],
        [2, 0],
      ]),
    );
    expect((await stream.committed(topic, 'g')).get(0)).toBe(7);
  });

  test('a group whose startAt fails delivers nothing: the reading ends with that error', async () => {
    const stream = open();
    const topic = await makeTopic(stream);
    await appendNumbers(stream, topic, 0, 5);
    const consuming = stream.consume(topic, {
      group: 'g',
      signal: AbortSignal.timeout(20_000),
      startAt: () => Promise.reject(new TypeError('the store does not answer')),
    });
    await expect(collect(consuming)).rejects.toThrow('the store does not answer');
    expect(await stream.committed(topic, 'g')).toEqual(new Map());
  });

  test('a reader of a group that is slow keeps its partitions and gets nothing twice', async () => {
    const stream = open({ sessionTimeoutMs: 2_000 });
    const topic = await makeTopic(stream);
    for (let i = 0; i < 3; i += 1) await appendNumbers(stream, topic, i * 10, 10);
    const stop = new AbortController();
    const seen: number[] = [];
    let assignments = 0;
    const consuming = stream.consume(topic, {
      group: 'g',
      signal: stop.signal,
      maxBatchBytes: 80,
      startAt: async () => {
        assignments += 1;
        return new Map();
      },
    });
    for await (const { records } of consuming) {
      // Longer than the session: only a heartbeat from elsewhere keeps the membership.
      if (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(stream.membershipAgeMs(topic, 'g')).toBeLessThan(2_000);
      seen.push(...records.map(({ offset }) => offset));
      if (seen.length === 30) stop.abort();
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(assignments).toBe(1);
  });

  test('two members share the partitions; the first lets go before the second starts', async (context) => {
    if (!backend().shared) {
      const stream = open();
      const topic = await makeTopic(stream);
      const stop = new AbortController();
      const options = { group: 'g', signal: stop.signal, startAt: async () => new Map<number, number>() };
      const first = collect(stream.consume(topic, options));
      await expect(rejectionOf(() => collect(stream.consume(topic, options)))).resolves.toMatchObject({
        code: 'STREAM_UNAVAILABLE',
      });
      stop.abort();
      await first;
      await context.annotate('one process has every partition: a second member is refused');
      return;
    }
    const [one, two] = [open({ sessionTimeoutMs: 6_000 }), open({ sessionTimeoutMs: 6_000 })];
    const topic = await makeTopic(one, { partitions: 4 });
    const log: string[] = [];
    const owned = { one: new Set<number>(), two: new Set<number>() };
    const seen = new Map<string, number>();
    const stop = { one: new AbortController(), two: new AbortController() };
    const member = async (who: 'one' | 'two', stream: EventStream): Promise<void> => {
      const batches = stream.consume(topic, {
        group: 'g',
        signal: stop[who].signal,
        startAt: async (partitions) => {
          for (const partition of partitions) {
            expect(owned[who === 'one' ? 'two' : 'one'].has(partition)).toBe(false);
            owned[who].add(partition);
          }
          log.push(`${who} has ${partitions.length}`);
          // Where the store would say: after what was seen.
          const next = new Map<number, number>();
          for (const [place, count] of seen) {
            const [partition, offset] = place.split('/').map(Number);
            if (count > 0) next.set(partition!, Math.max(next.get(partition!) ?? 0, offset! + 1));
          }
          return next;
        },
        revoked: async (partitions) => {
          // A writer finishes what it holds: the partitions are not handed over before.
          await new Promise((resolve) => setTimeout(resolve, 200));
          for (const partition of partitions) owned[who].delete(partition);
          log.push(`${who} lost ${partitions.length}`);
        },
      });
      for await (const { partition, records } of batches)
        for (const { offset } of records) {
          expect(owned[who].has(partition)).toBe(true);
          seen.set(`${partition}/${offset}`, (seen.get(`${partition}/${offset}`) ?? 0) + 1);
        }
    };
    const first = member('one', one);
    await appendNumbers(one, topic, 0, 100);
    await until(() => seen.size === 100);
    const second = member('two', two);
    await until(() => owned.one.size === 2 && owned.two.size === 2);
    await appendNumbers(one, topic, 100, 100);
    await until(() => seen.size === 200);
    stop.one.abort();
    await first;
    owned.one.clear();
    await until(() => owned.two.size === 4);
    await appendNumbers(two, topic, 200, 100);
    await until(() => seen.size === 300);
    stop.two.abort();
    await second;
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
    expect(log.indexOf('one lost 4')).toBeLessThan(log.indexOf('two has 2'));
  });
  test('a member that waits for its partitions can leave before another has let go of them', async (context) => {
    if (!backend().shared) return void (await context.annotate('one process has every partition'));
    const [one, two] = [open(), open()];
    const topic = await makeTopic(one, { partitions: 2 });
    const stop = { one: new AbortController(), two: new AbortController() };
    const left = Promise.withResolvers<void>();
    let isAsked = false;
    const first = collect(
      one.consume(topic, {
        group: 'g',
        signal: stop.one.signal,
        startAt: async () => new Map(),
        revoked: async () => {
          isAsked = true;
          await left.promise;
        },
      }),
    );
    await until(() => one.membershipAgeMs(topic, 'g') < Infinity);
    const second = collect(
      two.consume(topic, { group: 'g', signal: stop.two.signal, startAt: async () => new Map() }),
    );
    await until(() => isAsked);
    stop.two.abort();
    await second;
    left.resolve();
    stop.one.abort();
    await first;
  });
}
