import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoreRecord } from '../interface.ts';
import { packRecords, unpackRecords } from './packed-records.ts';

const record: fc.Arbitrary<StoreRecord> = fc.record({
  partition: fc.nat(2),
  offset: fc.maxSafeNat(),
  place: fc.nat(2 ** 32 - 1),
  receivedMs: fc.constantFrom(1, 2),
  source: fc.constantFrom('a', 'b'),
  sourceType: fc.constant('cadf'),
  submitter: fc.constantFrom('k', 'é'),
  profile: fc.constant('openstack'),
  tenants: fc.array(fc.constantFrom('t', '["t"]', '[]', '', 'ü,'), { maxLength: 3 }),
  digest: fc.oneof(fc.constant('0'.repeat(64)), fc.string({ maxLength: 64 })),
  value: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
});

test('what is packed comes out again, whatever the records share', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), (records) => {
      expect(unpackRecords(structuredClone(packRecords(records)))).toEqual(records);
    }),
  );
});
