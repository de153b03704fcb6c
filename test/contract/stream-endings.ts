/** Closing, health, and brokers that go away. */
import { expect, test } from 'vitest';
import { appendNumbers, background, readAll, collect, rejectionOf, until } from './stream-actions.ts';
import { KIB, type StreamSuite } from './stream-suite.ts';

export function describeEndings(suite: StreamSuite): void {
  const { backend, open, makeTopic } = suite;
  test('closing waits for appends under way, ends readers with an error, and is idempotent', async () => {
    const stream = backend().open();
    const topic = await makeTopic(stream);
    const reading = rejectionOf(() => collect(stream.read(topic, { from: new Map([[0, 0]]), follow: true })));
    const consuming = rejectionOf(() =>
      collect(
        stream.consume(topic, {
          group: 'g',
          signal: new AbortController().signal,
          startAt: async () => new Map(),
        }),
      ),
    );
    const appending = Array.from({ length: 5 }, (_, i) => appendNumbers(stream, topic, i, 1));
    await Promise.all([stream.close(), stream.close()]);
    await Promise.all(appending);
    await expect(reading).resolves.toMatchObject({ code: 'STREAM_CLOSED' });
    await expect(consuming).resolves.toMatchObject({ code: 'STREAM_CLOSED' });
    await stream.close();
    await expect(stream.append(topic, { records: [] })).rejects.toMatchObject({
      code: 'STREAM_CLOSED',
      retryable: false,
    });
    await expect(stream.partitions(topic)).rejects.toMatchObject({ code: 'STREAM_CLOSED' });
    await expect(
      rejectionOf(() => collect(stream.read(topic, { from: new Map(), follow: false }))),
    ).resolves.toMatchObject({ code: 'STREAM_CLOSED' });
    expect((await stream.health()).ok).toBe(false);
    const again = open();
    expect(await readAll(again, topic)).toHaveLength(5);
  });

  test('health is good while the backend answers', async () => {
    const stream = open();
    expect(await stream.health()).toEqual({ ok: true, reason: '' });
  });

  for (const how of ['pause', 'kill'] as const)
    test(
      `an outage (${how}) of the brokers loses nothing and keeps the order of keys`,
      { timeout: 260_000 },
      async (context) => {
        const { outage } = backend();
        if (outage === undefined) {
          await context.annotate('there are no brokers that could go away');
          return;
        }
        const stream = open({ requestTimeoutMs: 3_000, deliveryTimeoutMs: 60_000 });
        const topic = await makeTopic(stream, { partitions: 2 });
        const stop = new AbortController();
        const follow = async (into: string[]): Promise<void> => {
          const from = new Map([
            [0, 0],
            [1, 0],
          ]);
          for await (const { records } of stream.read(topic, { from, follow: true, signal: stop.signal }))
            into.push(...records.map(({ value }) => String(value)));
        };
        const followed: string[] = [];
        const following = background(() => follow(followed));
        const consume = async (group: string, into: string[]): Promise<void> => {
          const next = new Map<number, number>();
          const startAt = async (): Promise<ReadonlyMap<number, number>> => new Map(next);
          for await (const { partition, records } of stream.consume(topic, {
            // A group of its own: members that other tests left behind are waited for until their sessions end.
            group: `${group}-${topic}`,
            signal: stop.signal,
            startAt,
          })) {
            into.push(...records.map(({ value }) => String(value)));
            next.set(partition, records.at(-1)!.offset + 1);
          }
        };
        const consumed: string[] = [];
        const consuming = background(() => consume('g', consumed));
        let running = true;
        let appended = 0;
        const appending = background(async () => {
          while (running) {
            await appendNumbers(stream, topic, appended, 10);
            appended += 10;
          }
        });
        await until(() => appended >= 50);
        await outage.begin(how);
        // Who begins to read while nobody answers waits as well.
        const followedLate: string[] = [];
        const consumedLate: string[] = [];
        const readers = [
          following,
          consuming,
          background(() => follow(followedLate)),
          background(() => consume('late', consumedLate)),
        ];
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        expect((await stream.health()).ok).toBe(false);
        await outage.end();
        const before = appended;
        await until(() => appended >= before + 50, 100_000);
        running = false;
        await appending;
        // A member that missed its session is let in again only when that has run out (30 s).
        const delivered = [followed, consumed, followedLate, consumedLate];
        const all = until(() => delivered.every(({ length }) => length >= appended), 100_000);
        // A reader that gave up says why.
        await Promise.race([all, Promise.all(readers).then(() => all)]);
        for (const values of delivered) expect(new Set(values).size).toBe(appended);
        expect(consumed).toHaveLength(appended);
        expect(consumedLate).toHaveLength(appended);
        stop.abort();
        await Promise.all(readers);
        const read = await readAll(stream, topic);
        expect(new Set(read.map(({ value }) => String(value))).size).toBe(appended);
        expect(read).toHaveLength(appended);
        const perKey = new Map<string, number[]>();
        for (const { key, value } of read)
          perKey.set(key, [...(perKey.get(key) ?? []), Number(String(value).slice(6))]);
        for (const numbers of perKey.values()) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        expect(await stream.health()).toEqual({ ok: true, reason: '' });
      },
    );

  test(
    'while the brokers are away appends pile up to the limit, then fail when their time is up',
    { timeout: 60_000 },
    async (context) => {
      const { outage } = backend();
      if (outage === undefined) {
        await context.annotate('there are no brokers that could go away');
        return;
      }
      const stream = open({
        maxPendingBytes: 64 * KIB,
        deliveryTimeoutMs: 4_000,
        requestTimeoutMs: 2_000,
      });
      const topic = await makeTopic(stream);
      await appendNumbers(stream, topic, 0, 1);
      await outage.begin('pause');
      const waiting = Array.from({ length: 5 }, (_, i) =>
        rejectionOf(() =>
          stream.append(topic, { records: [{ key: `k${i}`, value: Buffer.alloc(12 * KIB) }] }),
        ),
      );
      expect(stream.pending().bytes).toBeGreaterThan(5 * 12 * KIB);
      await expect(
        stream.append(topic, { records: [{ key: 'k', value: Buffer.alloc(12 * KIB) }] }),
      ).rejects.toMatchObject({ code: 'STREAM_OVERLOADED' });
      for (const error of await Promise.all(waiting))
        expect(error).toMatchObject({ code: 'STREAM_UNAVAILABLE', retryable: true });
      expect(stream.pending().bytes).toBe(0);
      await outage.end();
      await until(async () => (await stream.health()).ok, 30_000);
      // As many as failed together: brokers must not take these for those.
      await appendNumbers(stream, topic, 1, 5);
      const values = (await readAll(stream, topic))
        .map(({ value }) => String(value))
        .filter((value) => value.startsWith('value'));
      expect(values).toEqual([0, 1, 2, 3, 4, 5].map((n) => `value ${n}`));
    },
  );
}
