/** The values at paths of events, in SQL: what events are counted by. */
import type { Path } from '../filter.ts';
import { createBinder } from './bind.ts';
import { columnOf } from './columns.ts';
import { createJsonValues } from './json-values.ts';

export interface SqlValues {
  /** `expression AS name` over a column `text`, the event's JSON, by stage: each may use the stages before it. */
  readonly stages: readonly (readonly string[])[];
  /** Of each path an Array(String) over the names of the stages: texts of the leaves, as filters compare them. */
  readonly lists: readonly string[];
  /** Under names that begin `value_`. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** The typed column of `events` that holds the one leaf at the path, '' where there is none; undefined without one. */
export function sqlColumn(path: Path): string | undefined {
  return columnOf(path)?.sql;
}

/** The values at the paths as the events' texts say. */
export function sqlValues(paths: readonly Path[]): SqlValues {
  const { bind, params } = createBinder('value');
  const values = createJsonValues(bind);
  const lists = paths.map((path) => values.leaves(path));
  return { stages: values.stages, lists, params };
}
