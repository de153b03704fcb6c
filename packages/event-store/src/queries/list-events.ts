/** Events by their place in an order, for interfaces that page so (`$first`, `$last` of CIMI). */
import type { Engine } from '../engine/engine.ts';
import { numberAt, stringAt } from '../engine/rows.ts';
import type { Row } from '../engine/rows.ts';
import type { EventPlace, ListedEvent, ListOrder, ListQuery, Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { addEventQuery, addScope, createConditions } from './event-conditions.ts';
import { PLACE_SELECT, placeKey, PLACES, placesParams, readPlace } from './event-places.ts';
import { joinChains } from './join-chains.ts';
import { NOT_SUPERSEDED } from './merged.ts';
import { pagePlaces } from './page-events.ts';
import { TEXT_SELECT, TEXT_SELECT_WIDTH } from './stored-text.ts';
import type { ReadStoredRows } from './stored-text.ts';
import { readTableEnds } from './table-ends.ts';

const MAX_LIMIT = 20_000;
/** Up to this place, pages by time are looked for in windows of time. */
const MAX_BY_WINDOWS = 10_000;
const BY_TIME = 'event_time';
const COLUMNS = 'toUnixTimestamp64Milli(received), event_type, outcome, severity, name';

/**
 * In steps, so that only what is asked for is read in full: the places, then the texts. By time and not far behind, the
 * places are looked for in windows of time; else all that the query finds is put in order, `skip + limit` kept at a time.
 */
export async function listEvents(
  engine: Engine,
  readRows: ReadStoredRows,
  scope: Scope,
  query: ListQuery,
  signal?: AbortSignal,
): Promise<ListedEvent[]> {
  const { limit, skip } = query;
  requireWithin('limit', limit, MAX_LIMIT);
  if (!Number.isSafeInteger(skip) || skip < 0) throw new RangeError(`skip must be 0 or more, not ${skip}`);
  if (!addScope(createConditions(), scope, query.tenant)) return [];
  const places = await findPlaces(engine, scope, query, signal);
  if (places.length === 0) return [];
  const rows = await engine.rows(
    {
      sql: `SELECT ${TEXT_SELECT}, ${COLUMNS} FROM events WHERE (partition, offset) IN (${PLACES})`,
      params: placesParams(places),
    },
    signal,
  );
  const texts = await joinChains(engine, readRows, scope, await readRows(rows, signal), signal);
  const byPlace = new Map<string, ListedEvent>();
  for (const [index, { timeMs, partition, offset, source, id, text }] of texts.entries()) {
    const stored = { timeMs, partition, offset, source, id, text };
    byPlace.set(placeKey(stored), { ...stored, ...columnsOf(rows[index] ?? []) });
  }
  return places.flatMap((place) => byPlace.get(placeKey(place)) ?? []);
}

async function findPlaces(
  engine: Engine,
  scope: Scope,
  query: ListQuery,
  signal: AbortSignal | undefined,
): Promise<EventPlace[]> {
  const { limit, orderBy, skip, ...which } = query;
  const steps: readonly ListOrder[] = orderBy.length === 0 ? [{ sql: BY_TIME, direction: 'desc' }] : orderBy;
  const order = steps[0]?.direction ?? 'desc';
  if (steps.length === 1 && steps[0]?.sql === BY_TIME && skip + limit <= MAX_BY_WINDOWS) {
    const ends = await readTableEnds(engine, signal);
    const page = await pagePlaces(engine, scope, { ...which, order, limit: skip + limit }, ends, signal);
    return page.slice(skip);
  }
  const conditions = createConditions();
  addScope(conditions, scope, query.tenant);
  addEventQuery(conditions, which);
  const by = [
    ...steps,
    { sql: 'partition', direction: order } as const,
    { sql: 'offset', direction: order } as const,
  ].map(({ sql, direction }) => `${sql} ${direction === 'asc' ? 'ASC' : 'DESC'}`);
  const rows = await engine.rows(
    {
      sql: `SELECT ${PLACE_SELECT}
        FROM events
        WHERE ${conditions.sql()} AND ${NOT_SUPERSEDED}
        ORDER BY ${by.join(', ')}
        LIMIT {store_limit: UInt32} OFFSET {store_skip: UInt64}`,
      params: { ...conditions.params, store_limit: limit, store_skip: skip },
    },
    signal,
  );
  return rows.map(readPlace);
}

function columnsOf(row: Row): Omit<ListedEvent, 'source' | 'id' | 'text' | keyof EventPlace> {
  const at = TEXT_SELECT_WIDTH;
  return {
    receivedMs: numberAt(row, at),
    eventType: stringAt(row, at + 1),
    outcome: stringAt(row, at + 2),
    severity: stringAt(row, at + 3),
    name: stringAt(row, at + 4),
  };
}
