import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BATCH_HEADER, readBatchPlace, withBatchPlaces } from './batch-place.ts';
import type { AppendRecord } from './interface.ts';

const record: fc.Arbitrary<AppendRecord> = fc.record({
  key: fc.string({ maxLength: 6 }),
  value: fc.constant(Buffer.from('x')),
  headers: fc.constant({ own: '1' }),
});

test('each record of a topic of several partitions has its place, all else stays as it was', () => {
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      (records, partitions) => {
        const batch = { headers: { shared: 's' }, records };
        const placed = withBatchPlaces(batch, partitions);
        if (partitions === 1 || records.length === 0) {
          expect(placed).toBe(batch);
          return;
        }
        expect(placed.headers).toBe(batch.headers);
        const places = placed.records.map(({ headers }) => readBatchPlace(headers ?? {}));
        expect(places.map((place) => place?.index)).toEqual([...records.keys()]);
        expect(new Set(places.map((place) => `${place?.batch} ${place?.count}`)).size).toBe(1);
        expect(places[0]?.count).toBe(records.length);
        placed.records.forEach(({ headers, ...rest }, index) => {
          const { [BATCH_HEADER]: _, ...others } = headers ?? {};
          expect({ ...rest, headers: others }).toEqual(records[index]);
        });
        // What the caller gave is not changed.
        for (const { headers } of records) expect(headers).toEqual({ own: '1' });
      },
    ),
  );
});

test('the places of a later batch come after those of an earlier one', () => {
  const records = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, value: null }));
  const places = Array.from({ length: 3 }, () => withBatchPlaces({ records }, 4).records)
    .flat()
    .map(({ headers }) => readBatchPlace(headers ?? {})?.place ?? 0);
  expect(places).toEqual(Array.from({ length: 15 }, (_, index) => (places[0] ?? 0) + index));
});

test('two batches have different ids', () => {
  const records = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, value: null }));
  const ids = Array.from({ length: 50 }, () => {
    const [first] = withBatchPlaces({ records }, 4).records;
    return readBatchPlace(first?.headers ?? {})?.batch;
  });
  expect(new Set(ids).size).toBe(50);
});

test('a place that cannot be meant is none', () => {
  const read = { batch: 'a1b2c3d4', index: 1, count: 2 };
  expect(readBatchPlace({ [BATCH_HEADER]: 'a1b2c3d4.1.2.40' })).toEqual({ ...read, place: 41 });
  expect(readBatchPlace({ [BATCH_HEADER]: 'a1b2c3d4.1.2' })).toEqual({ ...read, place: 1 });
  expect(readBatchPlace({})).toBeUndefined();
  const odd = [
    '',
    'a1b2c3d4',
    'a1b2c3d4.2.2',
    'a1b2c3d4.-1.2',
    'a1b2c3d4.0.2.',
    'a1b2c3d4.1.2.4294967295',
    'A1B2C3D4.0.2',
    'a1b2c3d.0.2',
    'a1b2c3d4.0.1e3',
    'a1b2c3d4.0.12345678901',
    'a1b2c3d4..2',
  ];
  for (const header of odd) expect(readBatchPlace({ [BATCH_HEADER]: header }), header).toBeUndefined();
});
