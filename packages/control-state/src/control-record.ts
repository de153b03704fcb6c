/**
 * A record of the control topic. Key: `<kind>:<id>`. Value: JSON of `StoredEntity`, null for a deletion.
 * Header `cadf-base`: the version the change was made from, 0 for a creation.
 */

import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';

import type { AppendRecord, StreamRecord } from '@cadf-pipeline/event-stream';

import { SCHEMAS } from './entities.ts';
import type { Entity, Kind } from './entities.ts';

/** A thing with what is known of its last change. */
export interface Versioned<K extends Kind = Kind> {
  readonly entity: Entity<K>;
  /** Grows with every change of this id, also over a deletion. */
  readonly version: number;
  /** Milliseconds since 1970 UTC. */
  readonly changedMs: number;
  /** Id of the principal. */
  readonly changedBy: string;
}

/** What one record says. */
export type ControlRecord =
  | { readonly kind: Kind; readonly id: string; readonly base: number; readonly content: Versioned | null }
  | { readonly kind: Kind; readonly id: string; readonly fault: string }
  /** A kind this version does not know: written by a newer one, not ours to judge. */
  | undefined;

/** Most bytes of a record's value. */
export const MAX_CONTROL_BYTES = 1024 * 1024;

const envelope = <K extends Kind>(kind: K) =>
  Compile(
    Type.Object({
      version: Type.Integer({ minimum: 1 }),
      changedMs: Type.Integer({ minimum: 0 }),
      changedBy: Type.String({ maxLength: 256 }),
      entity: SCHEMAS[kind],
    }),
  );

const ENVELOPES: Readonly<Record<Kind, Validator>> = {
  key: envelope('key'),
  tenant: envelope('tenant'),
  source: envelope('source'),
  rule: envelope('rule'),
  query: envelope('query'),
  subscription: envelope('subscription'),
  export: envelope('export'),
  schedule: envelope('schedule'),
  feed: envelope('feed'),
  federation: envelope('federation'),
  import: envelope('import'),
};

/** Makes the record of a change. `content` null deletes. */
export function encodeControlRecord(
  kind: Kind,
  id: string,
  base: number,
  content: Versioned | null,
): AppendRecord {
  return {
    key: `${kind}:${id}`,
    value: content === null ? null : Buffer.from(JSON.stringify(content)),
    headers: { 'cadf-base': String(base) },
  };
}

/** Says what does not fit in a thing before it is written: sentences that start with a JSON Pointer. */
export function faultsOf(kind: Kind, content: unknown): readonly string[] {
  const validator = ENVELOPES[kind];
  if (validator.Check(content)) return [];
  return validator
    .Errors(content)
    .slice(0, 20)
    .map((error) => `${error.instancePath || '/'} ${error.message}`);
}

/** Reads a record. Never throws: what cannot be read is a fault. */
export function decodeControlRecord(record: StreamRecord): ControlRecord {
  const colon = record.key.indexOf(':');
  const kind = record.key.slice(0, colon);
  const id = record.key.slice(colon + 1);
  if (!isKind(kind)) return undefined;
  // A record without a base is taken as it is: it was not written by a version that compares.
  const base = Number(record.headers['cadf-base'] ?? Number.MAX_SAFE_INTEGER);
  if (record.value === null) return { kind, id, base, content: null };
  if (record.value.length > MAX_CONTROL_BYTES)
    return { kind, id, fault: `${record.value.length} bytes are too many` };
  let content: unknown;
  try {
    content = JSON.parse(record.value.toString('utf8'));
  } catch (error) {
    return { kind, id, fault: error instanceof Error ? error.message : String(error) };
  }
  const fault = faultsOf(kind, content)[0];
  if (fault !== undefined) return { kind, id, fault };
  // The validator of this kind has just accepted it.
  const versioned = content as Versioned;
  return versioned.entity.id === id
    ? { kind, id, base, content: versioned }
    : { kind, id, fault: `/entity/id is ${JSON.stringify(versioned.entity.id)}` };
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(SCHEMAS, kind);
}
