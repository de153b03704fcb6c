import type { ControlRecord, Versioned } from './control-record.ts';
import type { Entity, Kind } from './entities.ts';

/** What became of one record. */
export type Applied = 'applied' | 'stale' | 'faulty' | 'foreign';

/** The newest state of every thing, made by applying records in the order of the stream. */
export interface ControlTable {
  apply(record: ControlRecord): Applied;
  get<K extends Kind>(kind: K, id: string): Versioned<K> | undefined;
  /** In no particular order. */
  list<K extends Kind>(kind: K): readonly Versioned<K>[];
  count(kind: Kind): number;
  /** The version a deletion had, where one is remembered; else 0. */
  deletedVersion(kind: Kind, id: string): number;
  /** Things whose newest record was not the one that counted; to be written again. */
  overwritten(): readonly { readonly kind: Kind; readonly id: string }[];
}

/** Deletions remembered, to tell a change that raced with one. */
const MAX_DELETED = 100_000;

/**
 * The rule that makes every process agree, whoever wrote at the same time: a change counts only if it was made
 * from the version that is in force (`base`). The first of two such changes in the stream wins, the second is
 * *stale* and ignored by all.
 *
 * Compaction keeps the newest record of a key, so a stale record that stays newest would one day be the only
 * one. Therefore whoever wrote it, and anyone who starts and finds one, writes the state in force once more
 * (`overwritten`).
 *
 * A record that cannot be read removes the thing (a key no longer opens, a source no longer takes): after
 * compaction it is all there is, so older content must not outlive it anywhere.
 */
export function createControlTable(): ControlTable {
  const things: { readonly [K in Kind]: Map<string, Versioned<K>> } = {
    key: new Map(),
    tenant: new Map(),
    source: new Map(),
    rule: new Map(),
    query: new Map(),
    subscription: new Map(),
    export: new Map(),
    schedule: new Map(),
    feed: new Map(),
    federation: new Map(),
    import: new Map(),
  };
  const deleted = new Map<string, number>();
  const stale = new Map<string, { readonly kind: Kind; readonly id: string }>();

  return {
    apply(record) {
      if (record === undefined) return 'foreign';
      const { kind, id } = record;
      const name = `${kind}:${id}`;
      if ('fault' in record) {
        things[kind].delete(id);
        deleted.delete(name);
        stale.delete(name);
        return 'faulty';
      }
      if (isStale(record.base, record.content, things[kind].get(id), deleted.get(name))) {
        stale.set(name, { kind, id });
        return 'stale';
      }
      stale.delete(name);
      if (record.content === null) {
        const version = Math.max(record.base, things[kind].get(id)?.version ?? 0, deleted.get(name) ?? 0);
        things[kind].delete(id);
        deleted.delete(name);
        deleted.set(name, version);
        const oldest = deleted.keys().next();
        if (deleted.size > MAX_DELETED && oldest.done !== true) deleted.delete(oldest.value);
      } else {
        deleted.delete(name);
        put(things, kind, id, record.content);
      }
      return 'applied';
    },
    get: (kind, id) => things[kind].get(id),
    list: (kind) => [...things[kind].values()],
    count: (kind) => things[kind].size,
    deletedVersion: (kind, id) => deleted.get(`${kind}:${id}`) ?? 0,
    overwritten: () => [...stale.values()],
  };
}

function isStale(
  base: number,
  content: Versioned | null,
  current: Versioned | undefined,
  deletedVersion: number | undefined,
): boolean {
  if (current !== undefined) return base < current.version;
  // Deleted: a creation counts, a deletion once more does no harm, a change of what is gone is too late.
  return deletedVersion !== undefined && content !== null && base !== 0;
}

function put(
  things: { readonly [K in Kind]: Map<string, Versioned<K>> },
  kind: Kind,
  id: string,
  content: Versioned,
): void {
  // Decoding checked the entity against the schema of its kind.
  (things[kind] as Map<string, { readonly entity: Entity }>).set(id, content);
}
