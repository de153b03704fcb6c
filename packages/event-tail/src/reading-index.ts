/**
 * Which readings an event may be for, found by what it is instead of by asking each reading: by its tenants, then by
 * its source, then by the keys that the reading's filter needs (`anchorsOf`). What an event costs does not grow with
 * readings that are not for it, except those whose filter needs nothing that can be looked up; and an event that is for none
 * is mostly not even parsed.
 */
import { createRawScan } from '@cadf-pipeline/event-filter';
import type { RawScan, RawValue } from '@cadf-pipeline/event-filter';
import { createFilterBucket } from './filter-bucket.ts';
import type { FilterBucket } from './filter-bucket.ts';
import type { IndexedReading, Slot } from './indexed-reading.ts';
import type { TailedEvent } from './tailed-event.ts';

export interface ReadingIndex {
  /** A reading is there once; added again, it is for these tenants. */
  set(reading: IndexedReading, tenants: '*' | readonly string[]): void;
  remove(reading: IndexedReading): void;
  /** Offers the event to each reading it may be for, once. */
  dispatch(event: TailedEvent): void;
}

interface TenantBucket {
  size: number;
  readonly anySource: FilterBucket;
  readonly bySource: Map<string, FilterBucket>;
}

/** A reading for more tenants is offered what comes for any. */
const MAX_TENANTS = 64;
/** To look for more names in the text of an event takes longer than to parse it. */
const MAX_NAMES = 40;

export function createReadingIndex(): ReadingIndex {
  const tenants = new Map<string, TenantBucket>();
  const slots = new Map<IndexedReading, Slot>();
  /** By how many kinds of anchors each name is wanted. */
  const names = new Map<string, number>();
  let scan: RawScan | undefined;
  /** Of the event under way. */
  let turn = 0;
  let asked: FilterBucket[] = [];
  let foundSlots: Slot[] = [];

  /** A reading is found once, for whatever reasons. */
  function found(slot: Slot): void {
    if (slot.turn === turn) return;
    slot.turn = turn;
    foundSlots.push(slot);
  }

  function useNames(those: readonly string[], change: 1 | -1): void {
    for (const name of those) {
      const uses = (names.get(name) ?? 0) + change;
      if (uses > 0) names.set(name, uses);
      else names.delete(name);
    }
    scan = undefined;
  }

  function bucketOf(tenant: TenantBucket, source: string | undefined): FilterBucket {
    if (source === undefined) return tenant.anySource;
    const bucket = tenant.bySource.get(source) ?? createFilterBucket({ found, useNames });
    tenant.bySource.set(source, bucket);
    return bucket;
  }

  function remove(reading: IndexedReading): void {
    const slot = slots.get(reading);
    if (slot === undefined) return;
    const { source } = reading;
    for (const name of slot.tenants) {
      const tenant = tenants.get(name);
      if (tenant === undefined) continue;
      const bucket = bucketOf(tenant, source);
      bucket.remove(slot);
      if (source !== undefined && bucket.isEmpty) tenant.bySource.delete(source);
      tenant.size -= 1;
      if (tenant.size === 0) tenants.delete(name);
    }
    slots.delete(reading);
  }

  function ask(tenant: TenantBucket | undefined, { source }: TailedEvent): void {
    if (tenant === undefined) return;
    asked.push(tenant.anySource);
    const bucket = tenant.bySource.size > 0 ? tenant.bySource.get(source) : undefined;
    if (bucket !== undefined) asked.push(bucket);
  }

  function see(name: string, value: RawValue): void {
    for (const bucket of asked) bucket.findByText(name, value);
  }

  /** False where the event has to be parsed; what was found is right all the same. */
  function findByText(event: TailedEvent): boolean {
    if (event.isParsed || names.size > MAX_NAMES || !asked.every(({ isTextEnough }) => isTextEnough))
      return false;
    scan ??= createRawScan([...names.keys()]);
    return scan(event.json, see);
  }

  return {
    set(reading, wanted) {
      remove(reading);
      const those = wanted === '*' || wanted.length > MAX_TENANTS ? [ANY] : [...new Set(wanted)].map(named);
      const slot: Slot = { reading, tenants: those, turn: 0 };
      slots.set(reading, slot);
      for (const name of those) {
        let tenant = tenants.get(name);
        if (tenant === undefined) {
          const anySource = createFilterBucket({ found, useNames });
          tenant = { size: 0, anySource, bySource: new Map() };
          tenants.set(name, tenant);
        }
        tenant.size += 1;
        bucketOf(tenant, reading.source).add(slot);
      }
    },
    remove,
    dispatch(event) {
      if (tenants.size === 0) return;
      turn += 1;
      asked = [];
      foundSlots = [];
      ask(tenants.get(ANY), event);
      for (const tenant of event.tenants) ask(tenants.get(named(tenant)), event);
      for (const bucket of asked) bucket.findOthers();
      if (asked.some(({ hasAnchors }) => hasAnchors) && !findByText(event))
        for (const bucket of asked) bucket.findByEvent(event.event);
      for (const { reading } of foundSlots) reading.offer(event);
    },
  };
}

const ANY = '*';

/** No tenant's name is that of all. */
function named(tenant: string): string {
  return `=${tenant}`;
}
