/** The conditions that reads of events share: whose (to be added first), when, which, and as of when. */
import type { Condition, EventPlace, EventQuery, Scope } from '../interface.ts';
import { tenantNeedle } from '../row/text-lists.ts';
import { textPlaces } from './text-places.ts';

/** A condition being put together; parameter names are the store's own, prefixed so that a filter's cannot meet them. */
export interface ConditionBuilder {
  add(sql: string, params?: Readonly<Record<string, unknown>>): void;
  readonly params: Readonly<Record<string, unknown>>;
  /** All of them, in brackets, or `1` when there are none. */
  sql(): string;
  readonly empty: boolean;
}

export function createConditions(): ConditionBuilder {
  const parts: string[] = [];
  const params: Record<string, unknown> = {};
  return {
    add(sql, more = {}) {
      parts.push(`(${sql})`);
      Object.assign(params, more);
    },
    params,
    sql: () => (parts.length === 0 ? '1' : parts.join(' AND ')),
    get empty() {
      return parts.length === 0;
    },
  };
}

/** The engine's search for several texts at once takes so many. */
const MAX_NEEDLES = 255;

/** Adds what a principal may see. Answers false when that is nothing. */
export function addScope(conditions: ConditionBuilder, scope: Scope, tenant: string | undefined): boolean {
  if (scope.tenants === '*') {
    if (tenant !== undefined) addTenants(conditions, [tenant]);
    return true;
  }
  if (tenant !== undefined && !scope.tenants.includes(tenant)) return false;
  if (scope.tenants.length === 0) return false;
  // Within the scope, one tenant is the narrower condition.
  addTenants(conditions, tenant === undefined ? scope.tenants : [tenant]);
  return true;
}

/** Has at least one of them. Asked of each different `tenant_set` once, not of each row. */
export function addTenants(
  conditions: ConditionBuilder,
  tenants: readonly string[],
  prefix = 'store_tenants',
): void {
  const needles = tenants.map(tenantNeedle);
  const params: Record<string, unknown> = {};
  const parts: string[] = [];
  for (let from = 0; from < needles.length; from += MAX_NEEDLES) {
    const name = `${prefix}_${parts.length}`;
    parts.push(`multiSearchAny(tenant_set, {${name}: Array(String)})`);
    params[name] = needles.slice(from, from + MAX_NEEDLES);
  }
  conditions.add(parts.join(' OR '), params);
}

export function addEventQuery(conditions: ConditionBuilder, query: EventQuery): void {
  if (query.fromMs !== undefined)
    conditions.add(`event_time >= ${time('store_from')}`, { store_from: Math.ceil(query.fromMs) });
  if (query.toMs !== undefined)
    conditions.add(`event_time < ${time('store_to')}`, { store_to: Math.ceil(query.toMs) });
  if (query.source !== undefined)
    conditions.add('source = {store_source: String}', { store_source: query.source });
  if (query.where !== undefined) addWhere(conditions, query.where);
}

/** Where a condition looks at the different values of a column, it leaves room so for which rows are meant. */
const AMONG = '1 /* among */';

function addWhere(conditions: ConditionBuilder, where: Condition): void {
  const clash = Object.keys(where.params).find((name) => name.startsWith('store_'));
  if (clash !== undefined)
    throw new RangeError(`parameter names starting with store_ are the store's: ${clash}`);
  const among = conditions.sql();
  const narrowed = (sql: string): string => sql.replaceAll(AMONG, among);
  const { text } = where;
  if (text === undefined) {
    conditions.add(narrowed(where.sql), where.params);
    return;
  }
  const undecided = text.undecided ?? '1';
  // A constant before the rows are looked for. Mostly 0: then the columns alone are asked, and once. One row is enough.
  const some =
    undecided === '1'
      ? '1'
      : `(SELECT count() FROM (SELECT 1 FROM events WHERE ${among} AND ${narrowed(undecided)} LIMIT 1)) > 0`;
  const [necessary, decided] = [narrowed(where.sql), narrowed(text.decided)];
  // Whose, when and what the columns say: only such texts are asked.
  const which = `${among} AND ${narrowed(undecided)} AND (${necessary}) AND NOT (${decided})`;
  const places = `(partition, offset) IN (${textPlaces(which, text)})`;
  conditions.add(
    `(NOT ${some} OR (${necessary})) AND ((${decided}) OR (${some} AND ${places}))`,
    where.params,
  );
}

/** With the parameters that `addAsOf` adds. */
export const AS_OF =
  'offset < transform(partition, {store_parts: Array(UInt32)}, {store_nexts: Array(UInt64)}, 0)';

/** Only rows before the snapshot; partitions it does not name had none. */
export function addAsOf(conditions: ConditionBuilder, asOf: ReadonlyMap<number, number>): void {
  // transform() wants at least one pair.
  const entries = asOf.size === 0 ? [[0, 0] as const] : [...asOf];
  conditions.add(AS_OF, {
    store_parts: entries.map(([partition]) => partition),
    store_nexts: entries.map(([, next]) => next),
  });
}

/** Partitions whose bounds are written out, so that the engine finds the rows by the primary key; more would be a long statement. */
const MAX_BOUNDS_WRITTEN = 256;

/** Only rows from these offsets on; of partitions it does not name, all. */
export function addSince(conditions: ConditionBuilder, since: ReadonlyMap<number, number>): void {
  const bounds = [...since].filter(([, offset]) => offset > 0);
  if (bounds.length === 0) return;
  if (bounds.length > MAX_BOUNDS_WRITTEN) {
    conditions.add(
      'offset >= transform(partition, {store_since_parts: Array(UInt32)}, {store_since_offsets: Array(UInt64)}, 0)',
      {
        store_since_parts: bounds.map(([partition]) => partition),
        store_since_offsets: bounds.map(([, offset]) => offset),
      },
    );
    return;
  }
  const named = bounds.map(([partition]) => Number(partition)).join(',');
  const from = bounds.map(
    ([partition, offset]) => `(partition = ${partition} AND offset >= ${Number(offset)})`,
  );
  conditions.add(`${from.join(' OR ')} OR partition NOT IN (${named})`);
}

/** Only what comes after a place. The bare bound on the time lets the engine skip by its index. */
export function addAfter(conditions: ConditionBuilder, after: EventPlace, order: 'asc' | 'desc'): void {
  const sign = order === 'asc' ? '>' : '<';
  const at = time('store_after_time');
  conditions.add(
    `event_time ${sign}= ${at} AND (event_time, partition, offset) ${sign} (${at}, {store_after_partition: UInt32}, {store_after_offset: UInt64})`,
    {
      store_after_time: after.timeMs,
      store_after_partition: after.partition,
      store_after_offset: after.offset,
    },
  );
}

function time(parameter: string): string {
  return `fromUnixTimestamp64Milli({${parameter}: Int64}, 'UTC')`;
}
