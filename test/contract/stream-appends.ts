/** Appending: what comes back, where it is, bounds, and that an acknowledged record stays. */
import { type AppendBatch, type AppendRecord, partitionOf } from '@cadf-pipeline/event-stream';
import { expect, test } from 'vitest';
import { appendNumbers, readAll, randomBytes, appendUntilKilled } from './stream-actions.ts';
import { KIB, MIB, type StreamSuite } from './stream-suite.ts';

export function describeAppends(suite: StreamSuite): void {
  const { backend, open, makeTopic } = suite;
  test('records come back as they were appended: key, bytes, headers and time', async () => {
    const stream = open();
    const topic = await makeTopic(stream);
    const before = Date.now();
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const records: AppendRecord[] = [
      { key: 'plain', value: everyByte },
      {
        key: 'nul \u0000 é 漢 😀',
        value: Buffer.from('ü'),
        headers: { own: 'é 漢 😀', shared: 'own wins' },
      },
      { key: '', value: Buffer.alloc(0), headers: { empty: '' } },
      { key: 'k'.repeat(5000), value: Buffer.from('long key'), headers: { long: 'v'.repeat(5000) } },
    ];
    const positions = await stream.append(topic, {
      headers: { shared: 's', 'cadf-source': 'a\u0000b' },
      records,
    });
    expect(positions).toEqual([0, 1, 2, 3].map((offset) => ({ partition: 0, offset })));
    const read = await readAll(stream, topic);
    expect(read.map(({ key, offset, partition }) => ({ key, offset, partition }))).toEqual(
      records.map(({ key }, offset) => ({ key, offset, partition: 0 })),
    );
    expect(read.map(({ value }) => value?.toString('hex'))).toEqual(
      records.map(({ value }) => Buffer.from(value ?? []).toString('hex')),
    );
    expect(read.map(({ headers }) => ({ ...headers }))).toEqual(
      records.map((record) => ({ shared: 's', 'cadf-source': 'a\u0000b', ...record.headers })),
    );
    for (const { timestampMs } of read) {
      expect(timestampMs).toBeGreaterThanOrEqual(before - 1000);
      expect(timestampMs).toBeLessThanOrEqual(Date.now() + 1000);
    }
  });

  test('records of one key are in one partition in order of append, over many appends at once', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 4 });
    const keys = Array.from({ length: 20 }, (_, i) => `key-${i}`);
    const appends: Promise<unknown>[] = [];
    for (let round = 0; round < 30; round += 1)
      appends.push(
        stream.append(topic, {
          records: keys.map((key) => ({ key, value: Buffer.from(`${key}/${round}`) })),
        }),
      );
    await Promise.all(appends);
    const read = await readAll(stream, topic);
    expect(read).toHaveLength(600);
    const seen = new Map<string, string[]>();
    for (const { key, value, partition } of read) {
      expect(partition).toBe(partitionOf(key, 4));
      seen.set(key, [...(seen.get(key) ?? []), String(value)]);
    }
    for (const key of keys)
      expect(seen.get(key)).toEqual(Array.from({ length: 30 }, (_, i) => `${key}/${i}`));
    expect(new Set(read.map(({ partition }) => partition)).size).toBe(4);
  });

  test('each append answers where its records are, in the order given', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 3 });
    const batches = Array.from({ length: 10 }, (_, b) =>
      Array.from({ length: 7 }, (_2, r) => ({ key: `${b}-${r}`, value: Buffer.from(`value ${b}-${r}`) })),
    );
    const answers = await Promise.all(batches.map((records) => stream.append(topic, { records })));
    const read = await readAll(stream, topic);
    const at = new Map(read.map((record) => [`${record.partition}/${record.offset}`, String(record.value)]));
    batches.forEach((records, b) => {
      expect(answers[b]?.map(({ partition, offset }) => at.get(`${partition}/${offset}`))).toEqual(
        records.map(({ value }) => value.toString()),
      );
    });
    expect(await stream.append(topic, { records: [] })).toEqual([]);
  });

  test('records of 1 MiB pass, and of maxRecordBytes; a larger one is refused and nothing is taken', async () => {
    const stream = open({ maxRecordBytes: 2 * MIB });
    const topic = await makeTopic(stream);
    // Random bytes: compression must not be what makes them fit.
    const big = [1, 1, 1, 2].map((size, i) => ({ key: `big-${i}`, value: randomBytes(size * MIB, i) }));
    await stream.append(topic, { records: big });
    const read = await readAll(stream, topic);
    expect(read.map(({ value }) => value?.length)).toEqual(big.map(({ value }) => value.length));
    expect(read.every(({ value }, i) => value?.equals(big[i]!.value))).toBe(true);
    const tooBig = stream.append(topic, {
      records: [
        { key: 'fits', value: Buffer.from('x') },
        { key: 'does not', value: Buffer.alloc(2 * MIB + 1) },
      ],
    });
    await expect(tooBig).rejects.toMatchObject({ code: 'STREAM_RECORD_TOO_LARGE', retryable: false });
    const tooManyHeaders = stream.append(topic, {
      records: [{ key: 'k', value: null, headers: { h: 'x'.repeat(65 * KIB) } }],
    });
    await expect(tooManyHeaders).rejects.toMatchObject({ code: 'STREAM_RECORD_TOO_LARGE' });
    expect((await stream.bounds(topic)).get(0)).toEqual({ first: 0, next: 4 });
    expect(stream.pending().bytes).toBe(0);
  });

  test('past maxPendingBytes an append is refused, nothing of it is taken, and later ones pass again', async () => {
    const stream = open({ maxPendingBytes: 64 * KIB });
    const topic = await makeTopic(stream);
    const record = (i: number): AppendBatch => ({
      records: [{ key: `k${i}`, value: Buffer.alloc(10 * KIB) }],
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => stream.append(topic, record(i))),
    );
    const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(taken).toBe(6);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ name: 'StreamError', code: 'STREAM_OVERLOADED', retryable: true });
    expect(stream.pending()).toEqual({ bytes: 0, limitBytes: 64 * KIB });
    await stream.append(topic, record(99));
    expect((await readAll(stream, topic)).map(({ key }) => key)).toEqual([
      'k0',
      'k1',
      'k2',
      'k3',
      'k4',
      'k5',
      'k99',
    ]);
  });

  test('what was acknowledged survives the process being killed right after', async () => {
    const setup = backend().open();
    const topic = await makeTopic(setup, { partitions: 3 });
    await setup.close();
    const acknowledged = await appendUntilKilled({ ...backend().child, topic }, 25);
    const stream = open();
    const values = (await readAll(stream, topic)).map(({ value }) => String(value));
    expect(acknowledged.length).toBeGreaterThanOrEqual(25 * 20);
    expect(values).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(values).size).toBe(values.length);
    await appendNumbers(stream, topic, 0, 10);
    expect(await readAll(stream, topic)).toHaveLength(values.length + 10);
  });

  test('what was appended is there when the stream is opened again', async () => {
    const first = backend().open();
    const topic = await makeTopic(first, { partitions: 2 });
    await appendNumbers(first, topic, 0, 50);
    await first.commit(topic, 'g', new Map([[1, 3]]));
    const bounds = await first.bounds(topic);
    await first.close();
    const second = open();
    expect(await second.partitions(topic)).toBe(2);
    expect(await second.bounds(topic)).toEqual(bounds);
    expect(await readAll(second, topic)).toHaveLength(50);
    expect(await second.committed(topic, 'g')).toEqual(new Map([[1, 3]]));
  });
}
