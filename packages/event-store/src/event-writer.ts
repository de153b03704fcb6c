/**
 * Puts records into the `events` table with the effect of exactly once.
 *
 * States: *not loaded* (at first, and after an insert that failed: what the store holds is then unknown, and what is in
 * memory may be ahead of it) and *loaded*. Owning partitions, or the first insert, loads: next offsets and the key filter
 * come from the store. A block is one part of the table, so it is stored whole or not at all, together with what it
 * says of earlier versions; memory is changed while a block is built and is thrown away when its insert fails.
 */
import { createHash } from 'node:crypto';
import { createShapeSplitter } from '@cadf-pipeline/event-shape';
import type { Engine } from './engine/engine.ts';
import type { InsertResult, StoreRecord } from './interface.ts';
import { toBinary } from './native/binary-string.ts';
import { putShapes } from './queries/put-shapes.ts';
import type { ReadStoredRows } from './queries/stored-text.ts';
import { isPending } from './row/event-columns.ts';
import { createEventBlock } from './row/event-block.ts';
import { createEventReader } from './row/event-row.ts';
import type { EventRow } from './row/event-row.ts';
import { COLUMN_POINTERS, columnIndex } from './row/text-columns.ts';
import { createKnownShapes } from './row/known-shapes.ts';
import { eventKey, hashKey } from './versions/key-hash.ts';
import { loadPartitions } from './versions/owned-partitions.ts';
import type { OwnedPartitions } from './versions/owned-partitions.ts';
import { firstVersion, placeVersion } from './versions/place-version.ts';
import { addDigest, createRecentKeys } from './versions/recent-keys.ts';
import type { EventState } from './versions/recent-keys.ts';
import { readStoredStates } from './versions/stored-states.ts';
import type { SoughtKey } from './versions/stored-states.ts';

export interface EventWriter {
  own(partitions: readonly number[]): Promise<void>;
  insert(records: readonly StoreRecord[]): Promise<InsertResult>;
  /** What is known of the next offset of an owned partition. */
  nextOffset(partition: number): number | undefined;
}

export interface EventWriterOptions {
  /** Events whose last versions are kept in memory at least. */
  readonly recentKeys: number;
}

const ID = columnIndex('id');
const OUTCOME = columnIndex('outcome');

interface Deferred {
  readonly record: StoreRecord;
  readonly row: EventRow;
  readonly key: string;
}

export function createEventWriter(
  engine: Engine,
  readRows: ReadStoredRows,
  options: EventWriterOptions,
): EventWriter {
  const shapes = createKnownShapes();
  const readEvent = createEventReader(createShapeSplitter({ columnPointers: COLUMN_POINTERS }));
  const recent = createRecentKeys(options.recentKeys);
  const block = createEventBlock();
  const hashes = { first: 0, second: 0 };
  let blockNumber = 0;
  let owned = new Set<number>();
  let loaded: OwnedPartitions | undefined;
  let unsettled = false;

  async function load(): Promise<OwnedPartitions> {
    if (unsettled) {
      await engine.settleInserts();
      unsettled = false;
    }
    recent.clear();
    loaded = undefined;
    loaded = await loadPartitions(engine, [...owned]);
    return loaded;
  }

  async function insert(records: readonly StoreRecord[]): Promise<InsertResult> {
    const before = owned.size;
    for (const record of records) owned.add(record.partition);
    const partitions = loaded === undefined || owned.size > before ? await load() : loaded;
    try {
      return await insertBlock(records, partitions);
    } catch (error) {
      loaded = undefined;
      throw error;
    } finally {
      block.clear();
    }
  }

  async function insertBlock(
    records: readonly StoreRecord[],
    { next, filter }: OwnedPartitions,
  ): Promise<InsertResult> {
    const unreadable: { record: StoreRecord; reason: string }[] = [];
    const deferred: Deferred[] = [];
    const sought = new Map<string, SoughtKey>();
    let duplicates = 0;
    blockNumber += 1;

    const lastOffsets = new Map<number, number>();

    for (const record of records) {
      const { partition, offset } = record;
      // Out of order it would be taken for stored: a fault of the caller that must not cost a record.
      if (offset <= (lastOffsets.get(partition) ?? -1))
        throw new RangeError(`offset ${offset} of partition ${partition} does not ascend`);
      lastOffsets.set(partition, offset);
      if (offset < (next.get(partition) ?? 0)) {
        duplicates += 1;
        continue;
      }
      const row = readEvent(record.value);
      if (row.reason !== undefined) {
        unreadable.push({ record, reason: row.reason });
        continue;
      }
      const source = toBinary(record.source);
      const id = row.columns[ID] ?? '';
      const key = eventKey(source, id);
      hashKey(key, hashes);
      if (!filter.has(hashes.first, hashes.second)) {
        filter.add(hashes.first, hashes.second);
        addFirst(record, row, key);
        continue;
      }
      const state = sought.has(key) ? undefined : recent.find(key);
      if (state === undefined) {
        sought.set(key, { partition, source, id });
        deferred.push({ record, row, key });
      } else if (!addNext(record, row, state)) duplicates += 1;
    }

    if (sought.size > 0) {
      const states = await readStoredStates(engine, readRows, [...sought.values()]);
      for (const [key, state] of states) recent.put(key, state);
    }
    for (const { record, row, key } of deferred) {
      const state = recent.find(key);
      if (state === undefined) addFirst(record, row, key);
      else if (!addNext(record, row, state)) duplicates += 1;
    }

    const stored = block.rows;
    if (stored > 0) {
      const fresh = shapes.fresh();
      unsettled = true;
      if (fresh.length > 0) await putShapes(engine, fresh);
      shapes.stored(fresh);
      await engine.insert('events', block.columnNames, block.encode());
      unsettled = false;
    }
    for (const [partition, offset] of lastOffsets)
      next.set(partition, Math.max(next.get(partition) ?? 0, offset + 1));
    return { stored, duplicates, unreadable };
  }

  function addFirst(record: StoreRecord, row: EventRow, key: string): void {
    const pending = isPending(row.columns[OUTCOME] ?? '');
    const number = block.add(record, row, firstVersion(pending));
    if (row.shape !== undefined) shapes.use(row.shape);
    recent.add(
      key,
      {
        offset: record.offset,
        row: number,
        block: blockNumber,
        pending,
        hasChain: row.hasChain,
      },
      digestOf(record),
    );
  }

  /** Answers false for a repetition of a version. */
  function addNext(record: StoreRecord, row: EventRow, state: EventState): boolean {
    const digest = digestOf(record);
    if (state.digests.includes(digest)) return false;
    addDigest(state, digest);
    const pending = isPending(row.columns[OUTCOME] ?? '');
    const version = { offset: record.offset, pending, hasChain: row.hasChain };
    const placement = placeVersion(state, version, blockNumber);
    const number = block.add(record, row, placement);
    if (row.shape !== undefined) shapes.use(row.shape);
    if (placement.withdraw >= 0) block.withdraw(placement.withdraw);
    if (!placement.hidden) {
      state.currentRow = number;
      state.block = blockNumber;
    }
    return true;
  }

  return {
    async own(partitions) {
      owned = new Set(partitions);
      await load();
    },
    insert,
    nextOffset: (partition) => loaded?.next.get(partition),
  };
}

/** Header of a record another producer wrote may lack it. */
function digestOf(record: StoreRecord): string {
  return record.digest.length === 64
    ? record.digest
    : createHash('sha256').update(record.value).digest('hex');
}
