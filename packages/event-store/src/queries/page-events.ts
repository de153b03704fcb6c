import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { EventPlace, PageQuery, Scope } from '../interface.ts';
import {
  addAfter,
  addAsOf,
  addEventQuery,
  addScope,
  asOfParams,
  asOfSql,
  createConditions,
} from './event-conditions.ts';
import { TEXT_SELECT } from './stored-text.ts';
import type { ReadStoredRows, StoredRow } from './stored-text.ts';

const MAX_LIMIT = 10_000;
/** Keys asked for at most at once when superseded rows have to be left out. */
const MAX_KEYS = 50_000;

/**
 * One page, in order. In three steps, so that only what is on the page is looked up and read in full: the places of the
 * rows the query finds, which of them were superseded (asked only for these, from their offsets on), the texts.
 */
export async function pageEvents(
  engine: Engine,
  readRows: ReadStoredRows,
  scope: Scope,
  query: PageQuery,
  signal?: AbortSignal,
): Promise<StoredRow[]> {
  if (!Number.isInteger(query.limit) || query.limit < 1 || query.limit > MAX_LIMIT)
    throw new RangeError(`limit must be 1 to ${MAX_LIMIT}, not ${query.limit}`);
  const merged = query.versions !== 'all';
  const places: EventPlace[] = [];
  let after = query.after;
  let wanted = merged ? query.limit + 16 : query.limit;
  for (;;) {
    const found = await findPlaces(
      engine,
      scope,
      { ...query, ...(after === undefined ? {} : { after }) },
      wanted,
      signal,
    );
    const gone = merged ? await findSuperseded(engine, found, query.asOf, signal) : new Set<string>();
    places.push(...found.filter((place) => !gone.has(placeKey(place))));
    if (found.length < wanted || places.length >= query.limit) break;
    after = found.at(-1);
    wanted = Math.min(MAX_KEYS, wanted * 4);
  }
  return readPlaces(engine, readRows, places.slice(0, query.limit), signal);
}

async function findPlaces(
  engine: Engine,
  scope: Scope,
  query: PageQuery,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<EventPlace[]> {
  const conditions = createConditions();
  if (!addScope(conditions, scope, query.tenant)) return [];
  addEventQuery(conditions, query);
  if (query.after !== undefined) addAfter(conditions, query.after, query.order);
  if (query.asOf !== undefined) addAsOf(conditions, query.asOf);
  if (query.versions !== 'all') conditions.add('current = 1');
  const order = query.order === 'asc' ? 'ASC' : 'DESC';
  const rows = await engine.rows(
    {
      sql: `SELECT toUnixTimestamp64Milli(event_time), partition, offset
        FROM events
        WHERE ${conditions.sql()}
        ORDER BY event_time ${order}, partition ${order}, offset ${order}
        LIMIT {store_limit: UInt32}`,
      params: { ...conditions.params, store_limit: limit },
    },
    signal,
  );
  return rows.map((row) => ({
    timeMs: numberAt(row, 0),
    partition: numberAt(row, 1),
    offset: numberAt(row, 2),
  }));
}

/** A row that supersedes another comes later in the same partition, which bounds where it has to be looked for. */
async function findSuperseded(
  engine: Engine,
  places: readonly EventPlace[],
  asOf: ReadonlyMap<number, number> | undefined,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  if (places.length === 0) return new Set();
  const first = new Map<number, number>();
  for (const { partition, offset } of places)
    first.set(partition, Math.min(first.get(partition) ?? offset, offset));
  const ranges = [...first].map(
    ([partition, offset]) => `partition = ${Number(partition)} AND offset > ${Number(offset)}`,
  );
  const rows = await engine.rows(
    {
      sql: `SELECT partition, supersedes - 1
        FROM events
        WHERE supersedes > 0 AND (${ranges.join(' OR ')}) AND (partition, supersedes) IN (${PLACES_PLUS_ONE})
          ${asOf === undefined ? '' : `AND ${asOfSql('offset')}`}`,
      params: { ...placesParams(places), ...(asOf === undefined ? {} : asOfParams(asOf)) },
    },
    signal,
  );
  return new Set(rows.map((row) => `${numberAt(row, 0)}/${numberAt(row, 1)}`));
}

async function readPlaces(
  engine: Engine,
  readRows: ReadStoredRows,
  places: readonly EventPlace[],
  signal: AbortSignal | undefined,
): Promise<StoredRow[]> {
  if (places.length === 0) return [];
  const rows = await engine.rows(
    {
      sql: `SELECT ${TEXT_SELECT} FROM events WHERE (partition, offset) IN (${PLACES})`,
      params: placesParams(places),
    },
    signal,
  );
  const byPlace = new Map((await readRows(rows, signal)).map((row) => [placeKey(row), row]));
  return places.flatMap((place) => byPlace.get(placeKey(place)) ?? []);
}

const PLACES =
  'SELECT arrayJoin(arrayZip({store_place_parts: Array(UInt32)}, {store_place_offsets: Array(UInt64)}))';
/**
 * The places as `supersedes` names them. Not `supersedes - 1` on the other side: the engine may compute that for rows
 * that supersede nothing as well, and refuses to look for -1 among unsigned numbers.
 */
const PLACES_PLUS_ONE =
  'SELECT arrayJoin(arrayZip({store_place_parts: Array(UInt32)}, arrayMap(at -> at + 1, {store_place_offsets: Array(UInt64)})))';

function placesParams(places: readonly EventPlace[]): Record<string, unknown> {
  return {
    store_place_parts: places.map(({ partition }) => partition),
    store_place_offsets: places.map(({ offset }) => offset),
  };
}

function placeKey({ partition, offset }: { readonly partition: number; readonly offset: number }): string {
  return `${partition}/${offset}`;
}
