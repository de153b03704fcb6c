/** What the parts of the event store's contract share. */
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type {
  EventStore,
  PageQuery,
  QueryLimits,
  Scope,
  StoredEvent,
  StoreRecord,
} from '@cadf-pipeline/event-store';

/** An empty place for data. */
export interface StorePlace {
  /** A store on it. Where `exclusive`, the one before has to be closed first. */
  open(limits?: Partial<QueryLimits>): EventStore;
  /** What `insert-until-killed.ts` needs to open it in another process. */
  readonly child: Readonly<Record<string, unknown>>;
  /** A statement on the place's database, beside the store; answers the rows as JSONEachRow. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  dispose(): Promise<void>;
}

export interface StoreBackend {
  readonly kind: EventStore['kind'];
  /** One process at a time may have a place open. */
  readonly exclusive: boolean;
  /** Its tables may be there already; where `isEmpty`, they are not. */
  place(options?: { readonly isEmpty?: boolean }): Promise<StorePlace>;
  dispose(): Promise<void>;
}

export interface StoreSuite {
  readonly backend: () => StoreBackend;
  /** A fresh place; it goes at the end of the test. */
  readonly place: StoreBackend['place'];
  /** A migrated store on a fresh place, owning partition 0. */
  readonly store: (limits?: Partial<QueryLimits>) => Promise<EventStore>;
}

export function storeSuite(backend: () => StoreBackend): StoreSuite {
  async function place(options?: Parameters<StoreBackend['place']>[0]): Promise<StorePlace> {
    const made = await backend().place(options);
    onTestFinished(() => made.dispose());
    return made;
  }
  return {
    backend,
    place,
    async store(limits) {
      return opened(await place(), limits);
    },
  };
}

/** A migrated store that owns partition 0 and is closed at the end of the test. */
export async function opened(place: StorePlace, limits?: Partial<QueryLimits>): Promise<EventStore> {
  const store = place.open(limits);
  onTestFinished(() => store.close());
  await store.migrate();
  await store.own([0]);
  return store;
}

export const EVERYONE: Scope = { tenants: '*' };
export const ASCENDING: PageQuery = { order: 'asc', limit: 10_000 };

export function texts(events: readonly StoredEvent[]): string[] {
  return events.map((event) => event.text);
}

/** A record of an event (or of a text as it is). */
export function record(
  offset: number,
  event: unknown,
  changes: Partial<Omit<StoreRecord, 'value' | 'digest'>> = {},
): StoreRecord {
  const value = Buffer.isBuffer(event)
    ? event
    : Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));
  return {
    partition: 0,
    offset,
    receivedMs: Date.UTC(2026, 10, 1) + offset,
    source: 'source-a',
    sourceType: 'cadf',
    submitter: 'key-1',
    profile: 'openstack',
    tenants: ['tenant-a'],
    digest: createHash('sha256').update(value).digest('hex'),
    value,
    ...changes,
  };
}

/** Records of events at consecutive offsets. */
export function records(
  from: number,
  events: readonly unknown[],
  changes: Partial<Omit<StoreRecord, 'value' | 'digest'>> = {},
): StoreRecord[] {
  return events.map((event, index) => record(from + index, event, changes));
}
