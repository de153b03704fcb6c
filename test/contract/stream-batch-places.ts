/** What records of several partitions say of the append they came in. */
import { BATCH_HEADER, readBatchPlace } from '@cadf-pipeline/event-stream';
import type { StreamRecord } from '@cadf-pipeline/event-stream';
import { expect, test } from 'vitest';
import { readAll } from './stream-actions.ts';
import type { StreamSuite } from './stream-suite.ts';

function recordsOf(call: string, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    key: `${call}-${i}`,
    value: Buffer.from(`${i}`),
    headers: { own: `${call}-${i}` },
  }));
}

export function describeBatchPlaces({ open, makeTopic }: StreamSuite): void {
  test('records appended to several partitions together say which they were, and their places', async () => {
    const stream = open();
    const topic = await makeTopic(stream, { partitions: 4 });
    const calls = ['a', 'b', 'c'];
    await Promise.all(
      calls.map((call) => stream.append(topic, { headers: { shared: 's' }, records: recordsOf(call, 20) })),
    );
    const read = await readAll(stream, topic);
    const callOf = ({ key }: StreamRecord): string => key.split('-')[0] ?? '';
    const batches = new Map<string, Set<string>>();
    for (const record of read) {
      const place = readBatchPlace(record.headers);
      expect(place).toMatchObject({ index: Number(String(record.value)), count: 20 });
      expect(record.headers).toMatchObject({ shared: 's', own: record.key });
      batches.set(callOf(record), (batches.get(callOf(record)) ?? new Set()).add(place?.batch ?? ''));
    }
    expect([...batches.keys()].toSorted()).toEqual(calls);
    for (const ids of batches.values()) expect(ids.size).toBe(1);
    expect(new Set([...batches.values()].flatMap((ids) => [...ids])).size).toBe(3);
  });

  test('records that go to one of several partitions say it too; those of a topic of one partition nothing', async () => {
    const stream = open();
    const one = await makeTopic(stream);
    await stream.append(one, { records: recordsOf('a', 5) });
    for (const { headers } of await readAll(stream, one)) expect(headers).not.toHaveProperty(BATCH_HEADER);
    const several = await makeTopic(stream, { partitions: 4 });
    const [record] = recordsOf('a', 1);
    if (record !== undefined) await stream.append(several, { records: [record, record, record] });
    const places = (await readAll(stream, several)).map(({ headers }) => readBatchPlace(headers));
    expect(places.map((place) => [place?.index, place?.count])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
  });
}
