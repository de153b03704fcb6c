/** The value of a record of the topic: what the work says of an item, and the claim of who wrote it, in one JSON object. */
import { Type } from 'typebox';
import type { Static, TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Kept } from './interface.ts';
import { jsonRecord } from './json-record.ts';
import type { JsonRecord } from './json-record.ts';

const Claim = Type.Object({
  epoch: Type.Integer({ minimum: 0 }),
  owner: Type.String({ minLength: 1, maxLength: 100 }),
  writtenMs: Type.Optional(Type.Number()),
});
const claim = Compile(Claim);

export function keptRecord<S extends TObject>(schema: S): JsonRecord<Kept<Static<S>>> {
  const { decode, encode } = jsonRecord(schema);
  return {
    encode,
    decode(value) {
      const record = decode(value);
      return claim.Check(record) ? record : undefined;
    },
  };
}
