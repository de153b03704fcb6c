/** The events of a source are given in the order in which it sent them, whichever partitions they are in. */
import { eventKey, partitionOf } from '@cadf-pipeline/event-stream';
import { expect, test } from 'vitest';
import { testEvent } from '../../../test/support/events.ts';
import { idsOf, placeOfWork, take } from './event-tail.test-support.ts';

test('the order holds where history ends and what is in memory begins', { timeout: 120_000 }, async () => {
  const work = await placeOfWork(2);
  const ids: string[] = [];
  // More than is kept in memory, first of one partition, then of the other.
  for (const partition of [1, 0]) {
    const mine: string[] = [];
    for (let number = 0; mine.length < 6000; number++) {
      const id = `p${partition}-${number}`;
      if (partitionOf(eventKey('nova', id), 2) === partition) mine.push(id);
    }
    for (let at = 0; at < mine.length; at += 1000)
      await work.submit({
        events: mine.slice(at, at + 1000).map((id) => testEvent({ id })),
        receivedMs: 1_000_000 * (2 - partition) + at,
      });
    ids.push(...mine);
  }
  await work.write();
  expect(idsOf(await take(work.tail, ids.length))).toEqual(ids);
});

test('batches that were received in the same millisecond are not put into one another', async () => {
  const work = await placeOfWork(3);
  const sent = new Map<string, string[]>();
  const live = take(work.tail, 500);
  for (let round = 0; round < 20; round++)
    for (const [source, count] of [
      ['five', 5],
      ['twenty', 20],
    ] as const) {
      const events = Array.from({ length: count }, (_, index) =>
        testEvent({ id: `${source}-${round}-${index}` }),
      );
      sent.set(source, [...(sent.get(source) ?? []), ...events.map(({ id }) => id)]);
      await work.submit({ events, source, receivedMs: 1_000_000 + Math.floor(round / 2) });
    }
  await work.write();
  for (const given of [await live, await take(work.tail, 500)])
    for (const [source, ids] of sent)
      expect(idsOf(given.filter((event) => event.source === source))).toEqual(ids);
});
