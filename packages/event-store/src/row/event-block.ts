/** Collects the rows of one insert and encodes them as one Native block. */
import type { StoreRecord } from '../interface.ts';
import { toBinary } from '../native/binary-string.ts';
import { createNativeEncoder } from '../native/block.ts';
import type { Column } from '../native/column.ts';
import { createLowCardinalityColumn } from '../native/low-cardinality-column.ts';
import { createUnsignedColumn, createWideColumn } from '../native/number-column.ts';
import { createStringColumn } from '../native/string-column.ts';
import { createTextColumn } from '../native/text-column.ts';
import type { EventRow } from './event-row.ts';
import { MAX_TIME_MS, MIN_TIME_MS } from './event-time.ts';
import { TEXT_COLUMNS } from './text-columns.ts';
import { joinTexts, tagList, tenantSet } from './text-lists.ts';

/** A row's place among the versions of its event. */
export interface VersionColumns {
  readonly pending: boolean;
  /** Never shows as the merged event, whatever comes. */
  readonly hidden: boolean;
  /** Offset + 1 of the row of the same partition that this one takes the place of; 0: none. */
  readonly supersedes: number;
  /** Whether the row it takes the place of has a final outcome. */
  readonly overrules: boolean;
  /** Whether the reporter chains of earlier versions have to be joined to this one's. */
  readonly joinChains: boolean;
}

export interface EventBlock {
  readonly rows: number;
  /** Answers the row's number in the block. */
  add(record: StoreRecord, row: EventRow, place: VersionColumns): number;
  /** A row of this block whose place a later row of it took. */
  withdraw(row: number): void;
  /** Names of the columns in `encode`'s block. */
  readonly columnNames: readonly string[];
  /** The block; valid until the next call. */
  encode(): Buffer;
  clear(): void;
}

/** As the table writes it. */
const OBSERVER_REF = { '': 0, initiator: 1, target: 2, observer: 0 } as const;
const FIRST_MONTH_MS = Date.UTC(2000, 0, 1);
const LAST_MONTH_MS = Date.UTC(2200, 0, 1) - 1;

export function createEventBlock(): EventBlock {
  const encoder = createNativeEncoder();
  const month = createUnsignedColumn('month', 'UInt32');
  const partition = createUnsignedColumn('partition', 'UInt32');
  const offset = createWideColumn('offset', 'UInt64');
  const eventTime = createWideColumn('event_time', "DateTime64(3, 'UTC')");
  const received = createWideColumn('received', "DateTime64(3, 'UTC')");
  const source = createLowCardinalityColumn('source');
  const origin = createLowCardinalityColumn('origin');
  const tenants = createLowCardinalityColumn('tenant_set');
  const texts = TEXT_COLUMNS.map(createTextColumn);
  const observerRef = createUnsignedColumn('observer_ref', 'UInt8');
  const tags = createStringColumn('tag_list');
  const hidden = createUnsignedColumn('hidden', 'UInt8');
  const pending = createUnsignedColumn('pending', 'UInt8');
  const supersedes = createWideColumn('supersedes', 'UInt64');
  const overrules = createUnsignedColumn('overrules', 'UInt8');
  const joinChains = createUnsignedColumn('join_chains', 'UInt8');
  const hasChain = createUnsignedColumn('has_chain', 'UInt8');
  const odd = createUnsignedColumn('odd', 'UInt8');
  const moreWords = createStringColumn('more_words');
  const timeForm = createLowCardinalityColumn('time_form');
  const timeBelow = createUnsignedColumn('time_below', 'UInt32');
  // Shape ids are 64 bits wide, more than a number holds; there are few of them, so they travel as text.
  const shape = createLowCardinalityColumn('shape');
  const rest = createStringColumn('rest');
  const batchPlace = createUnsignedColumn('place', 'UInt32');
  const version = [hidden, pending, supersedes, overrules, joinChains, hasChain, odd];
  const all: Column[] = [month, partition, offset, eventTime, received, source, origin, tenants];
  all.push(...texts, observerRef, tags, ...version);
  all.push(timeForm, timeBelow, shape, rest, moreWords, batchPlace);
  let rows = 0;
  let latestMs = FIRST_MONTH_MS;

  /** Records beside each other mostly came in one submission. */
  let last: StoreRecord | undefined;
  let lastSource = '';
  let lastOrigin = '';

  function addOrigin(record: StoreRecord): void {
    if (last === undefined || !sameOrigin(record, last)) {
      last = record;
      lastSource = toBinary(record.source);
      lastOrigin = joinTexts(record.sourceType, record.submitter, record.profile);
    }
    source.add(lastSource);
    origin.add(lastOrigin);
    tenants.add(tenantSet(record.tenants));
  }

  return {
    get rows() {
      return rows;
    },
    add(record, row, place) {
      partition.add(record.partition);
      offset.add(record.offset);
      eventTime.add(row.time.ms);
      const receivedMs = clampTime(record.receivedMs);
      received.add(receivedMs);
      latestMs = Math.max(latestMs, receivedMs);
      addOrigin(record);
      for (let i = 0; i < texts.length; i++) texts[i]?.add(row.columns[i] ?? '');
      observerRef.add(OBSERVER_REF[row.observerRef]);
      tags.add(tagList(row.tags));
      hidden.add(place.hidden ? 1 : 0);
      pending.add(place.pending ? 1 : 0);
      supersedes.add(place.supersedes);
      overrules.add(place.overrules ? 1 : 0);
      joinChains.add(place.joinChains ? 1 : 0);
      hasChain.add(row.hasChain ? 1 : 0);
      odd.add(row.odd);
      moreWords.add(row.moreWords);
      timeForm.add(row.time.form);
      timeBelow.add(row.time.below);
      shape.add(row.shape?.id ?? '0');
      rest.add(row.rest);
      batchPlace.add(record.place ?? 0);
      return rows++;
    },
    withdraw: (row) => hidden.set(row, 1),
    columnNames: all.map((column) => column.name),
    encode() {
      const key = monthKey(latestMs);
      month.clear();
      for (let row = 0; row < rows; row++) month.add(key);
      return encoder.encode(all, rows);
    },
    clear() {
      for (const column of all) column.clear();
      rows = 0;
      latestMs = FIRST_MONTH_MS;
      last = undefined;
    },
  };
}

type Origin = Pick<StoreRecord, 'source' | 'sourceType' | 'submitter' | 'profile'>;

function sameOrigin(a: Origin, b: Origin): boolean {
  return (
    a.source === b.source &&
    a.submitter === b.submitter &&
    a.sourceType === b.sourceType &&
    a.profile === b.profile
  );
}

function clampTime(ms: number): number {
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(Math.trunc(ms), MIN_TIME_MS), MAX_TIME_MS);
}

/** Year and month, such as 202611: one value per block, so that a block is one part of the table and atomic. */
function monthKey(ms: number): number {
  const date = new Date(Math.min(ms, LAST_MONTH_MS));
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}
