import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBinary, toBinary } from '../native/binary-string.ts';
import { readTagList, readTenantSet, tagList, tenantNeedle, tenantSet } from './text-lists.ts';

const item = fc
  .oneof(
    fc.string({ maxLength: 6 }),
    fc.string({ unit: fc.constantFrom('\u001e', '\u001f', '^', '_', 'a'), maxLength: 5 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  .map((text) => text.toWellFormed());

it('lists come back as they were', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 5 }), (items) => {
      expect(readTagList(fromBinary(tagList(items.map(toBinary))))).toEqual(items);
      expect(readTenantSet(fromBinary(tenantSet(items)))).toEqual(items);
    }),
  );
});

it('a tenant is found in the set exactly when it is in the list', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 4 }), item, (tenants, tenant) => {
      const found = fromBinary(tenantSet(tenants)).includes(tenantNeedle(tenant));
      // The empty name is in any list of two: nothing is called so.
      if (tenant !== '') expect(found).toBe(tenants.includes(tenant));
    }),
  );
});
