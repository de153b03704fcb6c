/** Topics: settings, retention, compaction. */
import { expect, test } from 'vitest';
import { readAll, collect, rejectionOf, replay } from './stream-actions.ts';
import { KIB, MIB, type StreamSuite } from './stream-suite.ts';

export function describeTopics(suite: StreamSuite): void {
  const { backend, open, makeTopic } = suite;
  test('creating a topic again changes its settings, adds partitions and takes none away', async () => {
    const stream = open();
    const { topicConfig } = backend();
    const topic = await makeTopic(stream, { partitions: 2 });
    await stream.createTopics([
      { name: topic, partitions: 3, cleanup: 'delete', retentionMs: 3_600_000, retentionBytes: 50 * MIB },
    ]);
    expect(await stream.partitions(topic)).toBe(3);
    await stream.createTopics([{ name: topic, partitions: 1, cleanup: 'delete', retentionMs: 7_200_000 }]);
    expect(await stream.partitions(topic)).toBe(3);
    if (topicConfig !== undefined)
      expect(Object.fromEntries(await topicConfig(topic))).toMatchObject({
        'cleanup.policy': 'delete',
        'retention.ms': '7200000',
        'retention.bytes': '-1',
        'max.message.bytes': String(3 * MIB),
      });
    await expect(
      stream.createTopics([{ name: 'no/slash', partitions: 1, cleanup: 'delete' }]),
    ).rejects.toThrow(RangeError);
    await expect(stream.createTopics([{ name: 'none', partitions: 0, cleanup: 'delete' }])).rejects.toThrow(
      RangeError,
    );
  });

  test('a topic that does not exist is an error of its own', async () => {
    const stream = open();
    const unknown = { code: 'STREAM_TOPIC_UNKNOWN', retryable: false };
    await expect(stream.append('nowhere', { records: [{ key: 'k', value: null }] })).rejects.toMatchObject(
      unknown,
    );
    await expect(stream.partitions('nowhere')).rejects.toMatchObject(unknown);
    await expect(stream.bounds('nowhere')).rejects.toMatchObject(unknown);
    await expect(
      rejectionOf(() => collect(stream.read('nowhere', { from: new Map([[0, 0]]), follow: false }))),
    ).resolves.toMatchObject(unknown);
    const topic = await makeTopic(stream);
    await expect(
      rejectionOf(() => collect(stream.read(topic, { from: new Map([[7, 0]]), follow: false }))),
    ).resolves.toMatchObject(unknown);
    expect(stream.pending().bytes).toBe(0);
  });

  test('retention by time and by size removes the oldest and keeps the offsets going', async () => {
    const stream = open();
    const { topicConfig, age } = backend();
    const byTime = await makeTopic(stream, { retentionMs: 60_000 });
    const bySize = await makeTopic(stream, { retentionBytes: 100 * KIB });
    for (const topic of [byTime, bySize])
      for (let i = 0; i < 30; i += 1)
        await stream.append(topic, { records: [{ key: 'k', value: Buffer.alloc(10 * KIB, i) }] });
    if (topicConfig !== undefined) {
      expect((await topicConfig(byTime)).get('retention.ms')).toBe('60000');
      expect((await topicConfig(bySize)).get('retention.bytes')).toBe(String(100 * KIB));
    }
    if (age === undefined) return;
    await age(stream, 0);
    expect((await stream.bounds(byTime)).get(0)).toEqual({ first: 0, next: 30 });
    const held = (await stream.bounds(bySize)).get(0)!;
    expect(held.next).toBe(30);
    expect(held.next - held.first).toBe(10);
    expect((await readAll(stream, bySize)).map(({ offset }) => offset)).toEqual(
      Array.from({ length: 10 }, (_, i) => 20 + i),
    );
    await age(stream, 61_000);
    expect((await stream.bounds(byTime)).get(0)).toEqual({ first: 30, next: 30 });
    expect(await readAll(stream, byTime)).toEqual([]);
    expect(await stream.append(byTime, { records: [{ key: 'k', value: Buffer.from('on') }] })).toEqual([
      { partition: 0, offset: 30 },
    ]);
  });

  test('a compacted topic replays to the newest record of each key, tombstones taking theirs away', async () => {
    const stream = open();
    const { topicConfig, age } = backend();
    const topic = await makeTopic(stream, { cleanup: 'compact' });
    for (let i = 0; i < 50; i += 1)
      await stream.append(topic, {
        records: [{ key: `key-${i % 5}`, value: Buffer.from(`v${i}`), headers: { n: String(i) } }],
      });
    await stream.append(topic, { records: [{ key: 'key-0', value: null }] });
    if (topicConfig !== undefined) expect((await topicConfig(topic)).get('cleanup.policy')).toBe('compact');
    const expected = new Map([1, 2, 3, 4].map((key) => [`key-${key}`, `v${45 + key}`]));
    expect(replay(await readAll(stream, topic))).toEqual(expected);
    if (age === undefined) return;
    await age(stream, 0);
    const compacted = await readAll(stream, topic);
    expect(
      compacted.map(({ key, offset, value, headers }) => [key, offset, value?.toString(), headers['n']]),
    ).toEqual([
      ['key-1', 46, 'v46', '46'],
      ['key-2', 47, 'v47', '47'],
      ['key-3', 48, 'v48', '48'],
      ['key-4', 49, 'v49', '49'],
      ['key-0', 50, undefined, undefined],
    ]);
    expect(await readAll(stream, topic, { from: new Map([[0, 48]]) })).toHaveLength(3);
    await age(stream, 48 * 3_600_000);
    expect((await readAll(stream, topic)).map(({ key }) => key)).toEqual([
      'key-1',
      'key-2',
      'key-3',
      'key-4',
    ]);
    expect(await stream.append(topic, { records: [{ key: 'key-1', value: Buffer.from('new') }] })).toEqual([
      { partition: 0, offset: 51 },
    ]);
    expect(replay(await readAll(stream, topic)).get('key-1')).toBe('new');
  });
}
