import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrderOfAcceptance } from './order-of-acceptance.ts';

const stretch = fc
  .array(
    fc.record({
      partition: fc.nat({ max: 3 }),
      receivedMs: fc.nat({ max: 5 }),
      place: fc.nat({ max: 2 }),
    }),
    { maxLength: 30 },
  )
  .map((events) => events.map((event, offset) => ({ ...event, offset })));

test('the order follows from the events alone, however the partitions came in between each other', () => {
  fc.assert(
    fc.property(stretch, (events) => {
      const byPartition = events.toSorted((left, right) => left.partition - right.partition);
      const ordered = inOrderOfAcceptance(events);
      expect(ordered).toEqual(inOrderOfAcceptance(byPartition));
      for (const partition of [0, 1, 2, 3])
        expect(ordered.filter((event) => event.partition === partition)).toEqual(
          events.filter((event) => event.partition === partition),
        );
    }),
  );
});

test('what was received first comes first, then what is first in its batch', () => {
  const at = (partition: number, receivedMs: number, place: number) => ({ partition, receivedMs, place });
  const events = [at(0, 1, 1), at(0, 1, 2), at(0, 3, 0), at(1, 1, 0), at(1, 2, 0)];
  expect(inOrderOfAcceptance(events)).toEqual([
    at(1, 1, 0),
    at(0, 1, 1),
    at(0, 1, 2),
    at(1, 2, 0),
    at(0, 3, 0),
  ]);
});
