import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { EventPlace, PageQuery, Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { addAsOf, addScope, createConditions } from './event-conditions.ts';
import type { ConditionBuilder } from './event-conditions.ts';
import { PLACE_SELECT, placeKey, PLACES, placesParams, readPlace } from './event-places.ts';
import { withoutIdleText } from './idle-text.ts';
import { rowsInOrder } from './rows-in-order.ts';
import { TEXT_SELECT } from './stored-text.ts';
import type { ReadStoredRows, StoredRow } from './stored-text.ts';
import { readTableEnds } from './table-ends.ts';
import type { TableEnds } from './table-ends.ts';
import { createTimeWindows } from './time-windows.ts';

const MAX_LIMIT = 10_000;
/** Places asked for at most at once when superseded rows have to be left out. */
const MAX_PLACES = 50_000;
/** Rows more than wanted that are looked at first, for those that turn out superseded. */
const SPARE_PLACES = 16;

/**
 * One page, in order. In steps, so that only what is on the page is looked up and read in full: where the table ends
 * now (rows that come later are left out of all steps), the places of the rows the query finds, window of time by
 * window, which of them were superseded (asked only for these, from their offsets on), the texts.
 */
export async function pageEvents(
  engine: Engine,
  readRows: ReadStoredRows,
  scope: Scope,
  query: PageQuery,
  signal?: AbortSignal,
): Promise<StoredRow[]> {
  requireWithin('limit', query.limit, MAX_LIMIT);
  if (!addScope(createConditions(), scope, query.tenant)) return [];
  const ends = await readTableEnds(engine, signal);
  const places = await pagePlaces(engine, scope, query, ends, signal);
  return readPlaces(engine, readRows, places, signal);
}

/** The places of one page, in order; of `query.limit`, as `pageEvents` checks it. */
export async function pagePlaces(
  engine: Engine,
  scope: Scope,
  query: PageQuery,
  ends: TableEnds,
  signal: AbortSignal | undefined,
): Promise<EventPlace[]> {
  const merged = query.versions !== 'all';
  const next = query.asOf ?? ends.next;
  const held = (conditions: ConditionBuilder): void => addAsOf(conditions, next);
  const windows = createTimeWindows(spanOf(query), query.order, ends, {
    isDear: isDearToPlan(query),
  });
  const places: EventPlace[] = [];
  let found: EventPlace[] = [];
  let wanted = query.limit + (merged ? SPARE_PLACES : 0);
  let { after } = query;
  let window = windows.next(0, wanted);
  while (window !== undefined && places.length < query.limit) {
    const missing = wanted - found.length;
    const part = { ...query, ...window, ...(after && { after }) };
    const cheaper = await withoutIdleText(engine, scope, part, held, signal);
    const here = await findPlaces(engine, scope, cheaper, missing, signal);
    // Rows that came after the table's end was read are not of this page.
    found.push(...here.filter(({ partition, offset }) => offset < (next.get(partition) ?? 0)));
    const more = here.length === missing;
    if (more) after = here.at(-1);
    else window = windows.next(here.length, missing - here.length);
    if (!more && window !== undefined) continue;
    const gone = merged ? await findSuperseded(engine, found, next, signal) : new Set<string>();
    for (const place of found) if (!gone.has(placeKey(place))) places.push(place);
    found = [];
    wanted = Math.min(MAX_PLACES, wanted * 4);
  }
  return places.slice(0, query.limit);
}

/** Planning what is asked of texts takes longer than finding the rows, where the columns leave few of them. */
function isDearToPlan({ where }: PageQuery): boolean {
  return where?.text?.undecided !== undefined && where.text.undecided !== '1';
}

/** What the query says of time, the place it goes on from included. */
export function spanOf({ fromMs = -Infinity, toMs = Infinity, after, order }: Omit<PageQuery, 'limit'>): {
  fromMs: number;
  toMs: number;
} {
  const span = { fromMs: Math.ceil(fromMs), toMs: Math.ceil(toMs) };
  if (after === undefined) return span;
  return order === 'asc'
    ? { ...span, fromMs: Math.max(span.fromMs, after.timeMs) }
    : { ...span, toMs: Math.min(span.toMs, after.timeMs + 1) };
}

async function findPlaces(
  engine: Engine,
  scope: Scope,
  query: PageQuery,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<EventPlace[]> {
  const { params, sql } = rowsInOrder(scope, query, limit);
  const rows = await engine.rows({ sql: `SELECT ${PLACE_SELECT} ${sql}`, params }, signal);
  return rows.map(readPlace);
}

/** A row that supersedes another comes later in the same partition, which bounds where it has to be looked for. */
export async function findSuperseded(
  engine: Engine,
  places: readonly EventPlace[],
  next: ReadonlyMap<number, number>,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  if (places.length === 0) return new Set();
  const first = new Map<number, number>();
  for (const { partition, offset } of places)
    first.set(partition, Math.min(first.get(partition) ?? offset, offset));
  const ranges = [...first].map(
    ([partition, offset]) =>
      `partition = ${Number(partition)} AND offset > ${Number(offset)} AND offset < ${Number(next.get(partition) ?? 0)}`,
  );
  const rows = await engine.rows(
    {
      sql: `SELECT partition, supersedes
        FROM events
        WHERE supersedes > 0 AND (${ranges.map((range) => `(${range})`).join(' OR ')})
          AND (partition, supersedes) IN (${PLACES})`,
      // As `supersedes` names them.
      params: placesParams(places, 1),
    },
    signal,
  );
  return new Set(rows.map((row) => `${numberAt(row, 0)}/${numberAt(row, 1) - 1}`));
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
