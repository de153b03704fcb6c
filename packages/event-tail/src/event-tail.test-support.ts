/** A stream and a store with events in them, and a writer that moves them over when told to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLmdbStream,
  eventHeaders,
  eventKey,
  EVENTS_TOPIC,
  readBatchPlace,
  readEventHeaders,
  submissionHeaders,
  WRITER_GROUP,
} from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createChdbStore } from '@cadf-pipeline/event-store';
import type { EventStore, StoreRecord } from '@cadf-pipeline/event-store';
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { TestEvent } from '../../../test/support/events.ts';
import { createEventTail } from './event-tail.ts';
import type { EventTail, FollowOptions, TailEvent } from './interface.ts';
import { putMigratedStore } from '../../../test/support/migrated-store.ts';

export interface Submission {
  /** Or the texts of events, by id. */
  readonly events: readonly (TestEvent | { readonly id: string; readonly json: string })[];
  readonly source?: string;
  readonly tenants?: readonly string[];
  readonly receivedMs: number;
}

export interface TailPlaceOfWork {
  readonly stream: EventStream;
  readonly store: EventStore;
  readonly tail: EventTail;
  /** What the tail logged. */
  readonly said: string[];
  /** Appends the events of a submission together. */
  submit(submission: Submission): Promise<void>;
  /**
   * Moves what was appended so far, of these partitions, into the store, and says which events those are where it took all,
   * unless `isWholeSaid` is false.
   */
  write(partitions?: readonly number[], isWholeSaid?: boolean): Promise<void>;
}

export const ALL = { tenants: '*' } as const;

/** An embedded stream and store of their own. */
export async function placeOfWork(partitions = 1, now?: () => number): Promise<TailPlaceOfWork> {
  const path = mkdtempSync(join(tmpdir(), 'cadf-tail-'));
  const stream = createLmdbStream({ path: join(path, 'stream') });
  putMigratedStore(join(path, 'store'));
  const store = createChdbStore({ path: join(path, 'store') });
  onTestFinished(async () => {
    await stream.close();
    await store.close();
    rmSync(path, { recursive: true, force: true });
  });
  await stream.createTopics([{ name: EVENTS_TOPIC, partitions, cleanup: 'delete' }]);
  await store.migrate();
  return workOn(stream, store, partitions, now);
}

/** The same over any stream and store that are ready. */
export function workOn(
  stream: EventStream,
  store: EventStore,
  partitions: number,
  now: () => number = Date.now,
): TailPlaceOfWork {
  const said: string[] = [];
  const say = (_: object, message: string): void => void said.push(message);
  const tail = createEventTail({ stream, store, logger: { info: say, warn: say }, now });
  onTestFinished(() => tail.close());
  const all = Array.from({ length: partitions }, (_, index) => index);
  const next = new Map<number, number>();
  let owned = false;
  return {
    stream,
    store,
    tail,
    said,
    async submit({ events, source = 'nova', tenants = ['t1'], receivedMs }) {
      await stream.append(EVENTS_TOPIC, {
        headers: submissionHeaders({
          source,
          sourceType: 'cadf',
          submitter: 'key',
          profile: 'openstack',
          receivedMs,
        }),
        records: events.map((event) => {
          const value = Buffer.from(
            typeof event['json'] === 'string' ? event['json'] : JSON.stringify(event),
          );
          const digest = createHash('sha256').update(value).digest('hex');
          return { key: eventKey(source, event.id), value, headers: eventHeaders({ tenants, digest }) };
        }),
      });
    },
    async write(wanted = all, isWholeSaid = true) {
      if (!owned) await store.own(all);
      owned = true;
      const from = new Map(wanted.map((partition) => [partition, next.get(partition) ?? 0]));
      const records: StoreRecord[] = [];
      for await (const batch of stream.read(EVENTS_TOPIC, { from, follow: false }))
        for (const record of batch.records) {
          next.set(record.partition, record.offset + 1);
          records.push({
            partition: record.partition,
            offset: record.offset,
            value: record.value ?? Buffer.alloc(0),
            place: readBatchPlace(record.headers)?.place ?? 0,
            ...readEventHeaders(record.headers, record.timestampMs),
          });
        }
      const stored = records.length > 0 ? (await store.insert(records)).stored : 0;
      await stream.commit(EVENTS_TOPIC, WRITER_GROUP, new Map(next));
      const whole = new Map(
        [...next].map(([partition, end]) => [partition, { from: from.get(partition) ?? end, next: end }]),
      );
      tail.stored(isWholeSaid && stored === records.length ? whole : undefined);
    },
  };
}

/** What a reading gives, until there are so many, or it ends. */
export async function take(
  tail: EventTail,
  count: number,
  options: Partial<FollowOptions> = {},
): Promise<TailEvent[]> {
  const stop = new AbortController();
  const taken: TailEvent[] = [];
  if (count === 0) return taken;
  for await (const { events } of tail.follow({
    from: { next: new Map() },
    scope: () => ALL,
    signal: stop.signal,
    ...options,
  })) {
    taken.push(...events);
    if (taken.length >= count) break;
  }
  stop.abort();
  return taken;
}

export function idsOf(events: readonly { readonly text: Buffer }[]): string[] {
  return events.map(({ text }) => {
    const event: { readonly id: string } = JSON.parse(text.toString());
    return event.id;
  });
}
