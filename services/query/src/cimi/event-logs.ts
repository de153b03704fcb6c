/** EventLog and its collection (DSP0263 5.17.3): what a log is about, and how many events of which severity it holds. */
import type { EventStore, SeverityCounts } from '@cadf-pipeline/event-store';
import type { Principal } from '@cadf-pipeline/service-kit';
import { listEvents } from './events.ts';
import { listInMemory } from './in-memory.ts';
import { DEFAULT_PAGE } from './list-options.ts';
import type { ListOptions, Names } from './list-options.ts';
import { reference } from './resource.ts';
import type { Attributes, CimiCollection, CimiResource, CimiValue } from './resource.ts';
import { logHref, reachOf } from './visible-logs.ts';
import type { EventLog } from './visible-logs.ts';

/** What of a log is wanted: attributes that are not are not asked of the store. */
export interface LogWishes {
  readonly names: Names;
  readonly expandEvents: boolean;
}

export interface LogReader {
  readonly store: EventStore;
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/** Logs on a page whose events are put in: each is a page of events. */
const MAX_EXPANDED = 20;
const NO_COUNTS: SeverityCounts = { low: 0, medium: 0, high: 0, critical: 0 };

export async function readLogs(
  reader: LogReader,
  logs: readonly EventLog[],
  options: ListOptions,
  wishes: LogWishes,
): Promise<CimiCollection> {
  const limit = wishes.expandEvents ? Math.min(MAX_EXPANDED, options.limit) : options.limit;
  const { count, items } = listInMemory(logs, (log) => ({ id: logHref(log), name: log.name }), {
    ...options,
    limit,
  });
  return {
    kind: 'collection',
    itemType: 'EventLog',
    plural: 'eventLogs',
    attributes: [
      ['id', 'eventLogs'],
      ['count', count],
    ],
    items: await attributesOf(reader, items, wishes),
  };
}

export async function readLog(reader: LogReader, log: EventLog, wishes: LogWishes): Promise<CimiResource> {
  const [attributes = []] = await attributesOf(reader, [log], wishes);
  return { kind: 'resource', type: 'EventLog', attributes };
}

async function attributesOf(
  reader: LogReader,
  logs: readonly EventLog[],
  { expandEvents, names }: LogWishes,
): Promise<Attributes[]> {
  const { principal, signal, store } = reader;
  const isWanted = (name: string): boolean => names?.has(name) ?? true;
  const summaries = new Map<EventLog, SeverityCounts>();
  if (isWanted('summary'))
    for (const by of ['tenant', 'source'] as const) {
      const some = logs.filter((log) => log.by === by);
      if (some.length === 0) continue;
      const of = some.map((log) => log.of);
      const counted = await store.severities({ tenants: principal.tenants }, { by, of }, signal);
      for (const log of some) summaries.set(log, counted.get(log.of) ?? NO_COUNTS);
    }
  const described: Attributes[] = [];
  for (const log of logs) {
    const href = logHref(log);
    const events = `${href}/events`;
    const page =
      expandEvents && isWanted('events')
        ? await listEvents(store, events, reachOf(log, principal), FIRST_PAGE, true, signal)
        : undefined;
    const summary = summaries.get(log);
    described.push([
      ['id', href],
      ['name', log.name],
      ['targetResource', reference(`urn:cadf-pipeline:${log.by}:${encodeURIComponent(log.of)}`)],
      ['events', reference(events, page)],
      ...(summary === undefined ? [] : [['summary', summaryOf(summary)] as const]),
    ]);
  }
  return described;
}

const FIRST_PAGE: ListOptions = { filters: [], orderBy: [], skip: 0, limit: DEFAULT_PAGE };

function summaryOf({ critical, high, low, medium }: SeverityCounts): CimiValue {
  return {
    kind: 'struct',
    members: [
      ['low', low],
      ['medium', medium],
      ['high', high],
      ['critical', critical],
    ],
  };
}
