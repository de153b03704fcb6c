/** Values of topics: one JSON object in each. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

export interface JsonRecord<Of> {
  readonly encode: (record: Of) => Buffer;
  /** Undefined for what is no such record. */
  readonly decode: (value: Buffer) => Of | undefined;
}

export function jsonRecord<S extends TSchema>(schema: S): JsonRecord<Static<S>> {
  const validator = Compile(schema);
  return {
    encode: (record) => Buffer.from(JSON.stringify(record)),
    decode(value) {
      try {
        const record: unknown = JSON.parse(value.toString());
        return validator.Check(record) ? record : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
