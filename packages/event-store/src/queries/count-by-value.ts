/**
 * Counts by the values of fields, in one statement: one pass over the columns for all fields that have one, and one
 * over the texts of events for all others. Both see the same parts of the table.
 */
import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { Row } from '../engine/rows.ts';
import { StoreError } from '../errors.ts';
import type { EventField, Facet, FacetQuery, Facets } from '../event-counts.ts';
import type { Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { createConditions } from './event-conditions.ts';
import { facetRows } from './facet-rows.ts';
import type { FacetSet } from './facet-rows.ts';
import { addFound } from './found-events.ts';
import { stagedTexts } from './text-places.ts';

const MAX_FIELDS = 20;
const MAX_TOP = 10_000;
const NOTHING: Facet = { values: [], other: 0, absent: 0, distinct: 0 };

export async function countByValue(
  engine: Engine,
  scope: Scope,
  { fields, texts, top, ...query }: FacetQuery,
  signal?: AbortSignal,
): Promise<Facets> {
  requireWithin('fields', fields.length, MAX_FIELDS);
  requireWithin('top', top, MAX_TOP);
  const conditions = createConditions();
  if (!addFound(conditions, scope, query)) return { total: 0, facets: fields.map(() => NOTHING) };
  const which = conditions.sql();
  const sets = fields.map((field, at) => facetSet(field, at, scope));
  const ofColumns = sets.filter(({ at }) => fields[at]?.kind !== 'text');
  const ofTexts = sets.filter(({ at }) => fields[at]?.kind === 'text');
  if (ofTexts.length > 0 && texts === undefined) throw new RangeError('fields of kind text need texts');
  const parts = [
    ...(ofColumns.length > 0 ? [facetRows(ofColumns, `events WHERE ${which}`, top)] : []),
    ...(ofTexts.length > 0 ? [facetRows(ofTexts, stagedTexts(which, texts?.stages ?? []), top)] : []),
  ];
  const rows = await engine.rows(
    {
      sql: parts.join(' UNION ALL '),
      params: {
        ...conditions.params,
        ...texts?.params,
        ...(scope.tenants === '*' ? {} : { store_seen: scope.tenants }),
      },
    },
    signal,
  );
  const byPlace = new Map(rows.map((row) => [numberAt(row, 0), row]));
  return {
    total: Math.max(0, ...rows.map((row) => numberAt(row, 1))),
    facets: fields.map((_, at) => readFacet(byPlace.get(at))),
  };
}

function facetSet(field: EventField, at: number, { tenants }: Scope): FacetSet {
  switch (field.kind) {
    case 'column':
      return { at, key: field.sql };
    case 'tags':
      return { at, key: 'tag_list', values: (key) => listed(items(key)) };
    case 'tenants':
      return {
        at,
        key: 'tenant_set',
        values: (key) =>
          listed(
            tenants === '*'
              ? items(key)
              : `arrayFilter(item -> has({store_seen: Array(String)}, item), ${items(key)})`,
          ),
      };
    case 'text':
      return { at, key: listed(field.sql), values: (key) => key };
  }
}

/** As `readTagList`. */
function items(list: string): string {
  return `arrayMap(item -> replaceAll(replaceAll(item, concat(char(30), '_'), char(31)), concat(char(30), '^'), char(30)),
    splitByChar(char(31), toString(${list})))`;
}

/** Each value that is not empty, once. */
function listed(values: string): string {
  return `arraySort(arrayDistinct(arrayFilter(value -> value != '', ${values})))`;
}

function readFacet(row: Row | undefined): Facet {
  if (row === undefined) return NOTHING;
  const top = row[5];
  if (!Array.isArray(top)) throw new StoreError('STORE_FAILED', 'the engine answered no list of values');
  return {
    distinct: numberAt(row, 2),
    absent: numberAt(row, 3),
    other: numberAt(row, 4),
    values: top.map(readValue),
  };
}

function readValue(pair: unknown): { value: string; count: number } {
  const [value, count]: readonly unknown[] = Array.isArray(pair) ? pair : [];
  if (typeof value !== 'string' || typeof count !== 'number')
    throw new StoreError('STORE_FAILED', 'the engine answered something else than a value and its count');
  return { value, count };
}
