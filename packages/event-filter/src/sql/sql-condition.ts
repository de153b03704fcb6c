/** A filter as a ClickHouse condition over the store's `events` table: exactly what the predicate answers. */
import type { Filter } from '../filter.ts';
import { createBinder } from './bind.ts';
import { columnBounds } from './column-bounds.ts';
import { createJsonValues } from './json-values.ts';
import { textCondition } from './text-condition.ts';

/** Expressions with `{name: Type}` placeholders; values are in `params` only, under names that begin `filter_`. */
export interface SqlCondition {
  /** Over the typed columns: holds wherever the filter passes; without `text`, nowhere else. */
  readonly sql: string;
  /** For the rows that the columns do not decide. */
  readonly text?: SqlTextCondition;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface SqlTextCondition {
  /** Over the typed columns: where it holds, the filter passes, and the text need not be asked. */
  readonly decided: string;
  /** Over the typed columns, cheap: holds of every row that passes `sql` and not `decided`, and of few others. */
  readonly undecided: string;
  /** `expression AS name` over a column `text`, the event's JSON, by stage: each may use the stages before it. */
  readonly stages: readonly (readonly string[])[];
  /** Over the names of the stages. */
  readonly sql: string;
}

/** The engine has to read numbers exactly: setting `precise_float_parsing`. */
export function sqlCondition(filter: Filter): SqlCondition {
  const { bind, params } = createBinder();
  const { necessary = '1', sufficient = '0', undecided } = columnBounds(filter, bind);
  if (necessary === sufficient) return { sql: necessary, params: used(params, [necessary]) };
  const values = createJsonValues(bind);
  const sql = textCondition(filter, values, bind);
  const text = { decided: sufficient, undecided, stages: values.stages, sql };
  return {
    sql: necessary,
    text,
    params: used(params, [necessary, sufficient, undecided, sql, ...values.stages.flat()]),
  };
}

/** Values of the bounds that were not needed are not sent. */
function used(
  params: Readonly<Record<string, unknown>>,
  texts: readonly string[],
): Readonly<Record<string, unknown>> {
  const names = new Set(
    texts.flatMap((text) => Array.from(text.matchAll(/\{(filter_\d+): /g), ([, name]) => name)),
  );
  return Object.fromEntries(Object.entries(params).filter(([name]) => names.has(name)));
}
