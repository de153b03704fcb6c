/** Events of a log, and single ones. */
import type { Condition, EventStore, ListedEvent, ListOrder, Scope } from '@cadf-pipeline/event-store';
import { ATTRIBUTE_SQL, eventAttributes } from './event-attributes.ts';
import type { EventKey } from './event-id.ts';
import { filterCondition, UnaskableFilter } from './filter-condition.ts';
import { invalid } from './list-options.ts';
import type { ListOptions, OrderStep } from './list-options.ts';
import type { CimiCollection, CimiResource } from './resource.ts';

/** Which events a log has: those of the scope, or of one source as far as the scope reaches. */
export interface LogReach {
  readonly scope: Scope;
  readonly source?: string;
}

const ORDERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['timestamp', ['event_time']],
  ['created', ['received']],
  ['id', ['source', 'id']],
  ['name', [ATTRIBUTE_SQL.name]],
  ['outcome', [ATTRIBUTE_SQL.outcome]],
  ['severity', [ATTRIBUTE_SQL.severityRank]],
  ['type', []],
]);

/** Throws REQUEST_INVALID for a filter or an order that Events cannot have. `withItems` false: only counted. */
export async function listEvents(
  store: EventStore,
  href: string,
  reach: LogReach,
  options: ListOptions,
  withItems: boolean,
  signal: AbortSignal,
): Promise<CimiCollection> {
  const where = conditionOf(reach, options);
  const orderBy = options.orderBy.flatMap(orderOf);
  const selection = where === undefined ? {} : { where };
  const [count, items] = await Promise.all([
    store.count(reach.scope, selection, signal),
    withItems && options.limit > 0
      ? store.list(reach.scope, { ...selection, orderBy, skip: options.skip, limit: options.limit }, signal)
      : [],
  ]);
  return {
    kind: 'collection',
    itemType: 'Event',
    plural: 'events',
    attributes: [
      ['id', href],
      ['count', count],
    ],
    items: items.map(eventAttributes),
  };
}

/** Undefined where there is none within the scope. */
export async function findEvent(
  store: EventStore,
  scope: Scope,
  { source, id }: EventKey,
  signal: AbortSignal,
): Promise<CimiResource | undefined> {
  const where = {
    sql: 'source = {cimi_source: String} AND id = {cimi_id: String}',
    params: { cimi_source: source, cimi_id: id },
  };
  const [event]: readonly ListedEvent[] = await store.list(
    scope,
    { where, orderBy: [], skip: 0, limit: 1 },
    signal,
  );
  return event === undefined
    ? undefined
    : { kind: 'resource', type: 'Event', attributes: eventAttributes(event) };
}

function conditionOf({ source }: LogReach, { filters }: ListOptions): Condition | undefined {
  const asked = askedBy(filters);
  if (source === undefined) return asked;
  const ofSource = { sql: 'source = {cimi_source: String}', params: { cimi_source: source } };
  if (asked === undefined) return ofSource;
  return { sql: `${ofSource.sql} AND ${asked.sql}`, params: { ...asked.params, ...ofSource.params } };
}

function askedBy(filters: ListOptions['filters']): Condition | undefined {
  try {
    return filterCondition(filters);
  } catch (error) {
    if (error instanceof UnaskableFilter)
      throw invalid(`$filter cannot be asked of Events: ${error.message}.`);
    throw error;
  }
}

function orderOf({ attribute, direction }: OrderStep): readonly ListOrder[] {
  const expressions = ORDERS.get(attribute);
  if (expressions === undefined)
    throw invalid(
      `$orderby names ${attribute.slice(0, 60)}: Events can be put in order by ${[...ORDERS.keys()].join(', ')}.`,
    );
  return expressions.map((sql) => ({ sql, direction }));
}
