/** Names of what events are counted by: `source`, `tenant`, `tags`, or a path as in filters. */
import {
  maxPlanningCost,
  parseFilter,
  sqlColumn,
  sqlValues,
  valuesPlanningCost,
} from '@cadf-pipeline/event-filter';
import type { Path } from '@cadf-pipeline/event-filter';
import type { EventField, EventTexts } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { queryErrors } from './errors.ts';

export interface CountedFields {
  /** In the order of the names. */
  readonly fields: readonly EventField[];
  /** Where some have no column. */
  readonly texts?: EventTexts;
  /** Names of those that have none. */
  readonly textNames: readonly string[];
}

export type ColumnField = Extract<EventField, { kind: 'column' }>;

type Named = { readonly name: string } & (
  | { readonly field: EventField; readonly path?: undefined }
  | { readonly field?: undefined; readonly path: Path }
);

/** Throws QUERY_FIELD_INVALID. */
export function readFields(names: readonly string[]): CountedFields {
  const named = names.map(nameField);
  const ofTexts = named.flatMap((one) => (one.path === undefined ? [] : [one]));
  if (ofTexts.length === 0) return { fields: named.flatMap(({ field }) => field ?? []), textNames: [] };
  const paths = ofTexts.map(({ path }) => path);
  if (valuesPlanningCost(paths) > maxPlanningCost) throw tooManyNames(ofTexts.map(({ name }) => name));
  const { lists, ...texts } = sqlValues(paths);
  let next = 0;
  return {
    fields: named.map(({ field }) => field ?? { kind: 'text', sql: lists[next++] ?? '[]' }),
    texts,
    textNames: ofTexts.map(({ name }) => name),
  };
}

/** A field of which an event has one value at most. Throws QUERY_FIELD_INVALID. */
export function readColumnField(name: string): ColumnField {
  const { field } = nameField(name);
  if (field?.kind === 'column') return field;
  throw invalid(
    name,
    'is not one value of an event that is kept in a column; series can be of `source` or of a path such as `outcome`, `action` or `target/typeURI`',
  );
}

function nameField(name: string): Named {
  switch (name) {
    case 'source':
      return { name, field: { kind: 'column', sql: 'source' } };
    case 'tenant':
      return { name, field: { kind: 'tenants' } };
    case 'tags':
      return { name, field: { kind: 'tags' } };
  }
  // A path means the same wherever it stands; `exists` is the question that asks nothing of its values.
  const parsed = parseFilter(`${name} exists`);
  if (!parsed.ok) throw invalid(name, `is no path: ${parsed.fault.message}`);
  if (parsed.filter.kind !== 'exists') throw invalid(name, 'is more than a path');
  const { path } = parsed.filter;
  const sql = sqlColumn(path);
  return sql === undefined ? { name, path } : { name, field: { kind: 'column', sql } };
}

/** No limit of the engine ends the planning of a statement. */
function tooManyNames(names: readonly string[]): ProblemError {
  const shown = names.map((name) => name.slice(0, 100)).join(', ');
  return new ProblemError(queryErrors.QUERY_FIELD_INVALID, {
    detail: `${shown}: these paths have too many names together to be counted by at once: ask for fewer, or shorter ones.`,
  });
}

function invalid(name: string, why: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_FIELD_INVALID, {
    detail: `${JSON.stringify(name.slice(0, 100))} ${why}.`,
  });
}
