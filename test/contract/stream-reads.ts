/** Reading without a group. */
import { expect, test } from 'vitest';
import { appendNumbers, readAll, collect, randomBytes } from './stream-actions.ts';
import { MIB, type StreamSuite } from './stream-suite.ts';

export function describeReads(suite: StreamSuite): void {
  const { open, makeTopic } = suite;
  test('reading resumes from any position', async () => {
    const stream = open();
    const topic = await makeTopic(stream);
    for (let i = 0; i < 5; i += 1) await appendNumbers(stream, topic, i * 7, 7);
    for (const start of [0, 1, 6, 7, 20, 33, 34])
      expect(
        (await readAll(stream, topic, { from: new Map([[0, start]]) })).map(({ offset }) => offset),
      ).toEqual(Array.from({ length: 35 - start }, (_, i) => start + i));
    expect(await readAll(stream, topic, { from: new Map([[0, 35]]) })).toEqual([]);
    expect(await readAll(stream, topic, { from: new Map() })).toEqual([]);
  });

  test('only the partitions named are read', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 4 });
    await appendNumbers(stream, topic, 0, 100);
    const read = await readAll(stream, topic, { from: new Map([[2, 0]]) });
    expect(read.length).toBeGreaterThan(0);
    expect(new Set(read.map(({ partition }) => partition))).toEqual(new Set([2]));
  });

  test('reading without following ends at the ends seen at the call', async () => {
    const stream = open();
    const topic = await makeTopic(stream);
    await appendNumbers(stream, topic, 0, 10);
    const bounds = await stream.bounds(topic);
    const iterator = stream
      .read(topic, { from: new Map([[0, 0]]), follow: false, maxBatchBytes: 1 })
      [Symbol.asyncIterator]();
    const offsets: number[] = [];
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
      offsets.push(...step.value.records.map(({ offset }) => offset));
      if (offsets.length < 5) await appendNumbers(stream, topic, 100, 1);
    }
    expect(offsets).toEqual(Array.from({ length: bounds.get(0)!.next }, (_, i) => i));
  });

  test('a follower gets what is appended later, and ends when its signal aborts', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 2 });
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { records } of stream.read(topic, {
        from: new Map([0, 1].map((p) => [p, 0])),
        follow: true,
        signal: stop.signal,
      })) {
        seen.push(...records.map(({ value }) => String(value)));
        if (seen.length === 60) stop.abort();
      }
    })();
    for (let i = 0; i < 6; i += 1) await appendNumbers(stream, topic, i * 10, 10);
    await following;
    expect(seen.sort()).toEqual(Array.from({ length: 60 }, (_, i) => `value ${i}`).sort());
    const never = stream.read(topic, {
      from: new Map([[0, 0]]),
      follow: true,
      signal: AbortSignal.abort(),
    });
    expect(await collect(never)).toEqual([]);
  });

  test('batches are one partition, ascending, not empty, and within maxBatchBytes unless one record is larger', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 2 });
    const records = Array.from({ length: 40 }, (_, i) => ({
      key: `k${i}`,
      value: Buffer.alloc(i === 20 ? 9_000 : 1_000, i),
    }));
    await stream.append(topic, { records });
    let total = 0;
    for await (const batch of stream.read(topic, {
      from: new Map([0, 1].map((p) => [p, 0])),
      follow: false,
      maxBatchBytes: 3_500,
    })) {
      expect(batch.topic).toBe(topic);
      expect(batch.records.length).toBeGreaterThan(0);
      const bytes = batch.records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
      if (batch.records.length > 1) expect(bytes).toBeLessThanOrEqual(3_500);
      batch.records.forEach((record, i) => {
        expect(record.partition).toBe(batch.partition);
        if (i > 0) expect(record.offset).toBeGreaterThan(batch.records[i - 1]!.offset);
      });
      total += batch.records.length;
    }
    expect(total).toBe(40);
  });

  test('a slow reader holds at most its batch: nothing piles up in memory', async () => {
    const stream = open();
    const topic = await makeTopic(stream);
    for (let i = 0; i < 48; i += 1)
      await stream.append(topic, { records: [{ key: 'k', value: randomBytes(MIB, i) }] });
    const iterator = stream
      .read(topic, { from: new Map([[0, 0]]), follow: false, maxBatchBytes: MIB })
      [Symbol.asyncIterator]();
    await iterator.next();
    const before = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * MIB);
    let left = 0;
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next())
      left += step.value.records.length;
    expect(left).toBe(47);
  });
}
