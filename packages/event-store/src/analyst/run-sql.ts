/** Runs a statement of an analyst within its scope and bounds. */
import type { Engine } from '../engine/engine.ts';
import { EngineFault } from '../engine/store-failure.ts';
import type { SqlQuery, SqlResult, SqlValue } from './sql-query.ts';
import type { Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { MAX_TIME_MS, MIN_TIME_MS } from '../row/event-time.ts';
import { escapeItem } from '../row/text-lists.ts';
import { SEPARATOR } from '../row/references.ts';
import { toSqlFault } from './engine-fault.ts';
import { readResult } from './read-result.ts';
import { readStatement } from './read-statement.ts';
import { parameterName } from './primary.ts';
import { SqlFault } from './sql-fault.ts';

const MAX_ROWS = 10_000;
/** The view looks for so many; a key has at most 1,000. */
const MAX_TENANTS = 1020;
const MAX_PARAMETERS = 100;
const MAX_PARAMETER_CHARS = 100_000;
/** The first moment behind all that the store keeps: what `to` is at most. */
const END_MS = MAX_TIME_MS + 1;
/** Of the names and types of the columns, beside the rows. */
const MAX_HEAD_BYTES = 1024 * 1024;

export async function runSql(
  engine: Engine,
  scope: Scope,
  query: SqlQuery,
  signal?: AbortSignal,
): Promise<SqlResult> {
  requireWithin('maxRows', query.maxRows, MAX_ROWS);
  const statement = readStatement(query.sql);
  const params = readParameters(query.params, statement.parameters);
  try {
    const bytes = await engine.analyst(
      {
        sql: statement.sql,
        params,
        settings: {
          query_cache_tag: scopeTag(scope, query),
          limit: query.maxRows + 1,
        },
      },
      query.maxBytes + MAX_HEAD_BYTES,
      signal,
    );
    return readResult(bytes, query);
  } catch (error) {
    if (error instanceof EngineFault) throw toSqlFault(error, query.sql);
    throw error;
  }
}

/** Which events, as deploy/clickhouse/000005_analyst_events.sql reads it. */
function scopeTag({ tenants }: Scope, { fromMs, toMs }: SqlQuery): string {
  if (tenants !== '*' && tenants.length > MAX_TENANTS)
    throw new SqlFault(
      'refused',
      `At most ${MAX_TENANTS} tenants are looked through at once: name one with "tenant".`,
    );
  const from = Math.min(END_MS, Math.max(MIN_TIME_MS, Math.ceil(fromMs ?? MIN_TIME_MS)));
  const to = Math.min(END_MS, Math.ceil(toMs ?? END_MS));
  const whose =
    tenants === '*' ? '*' : SEPARATOR + tenants.map((tenant) => escapeItem(tenant) + SEPARATOR).join('');
  return `${from},${to},${whose}`;
}

/** Each placeholder has a value and each value a placeholder. */
function readParameters(
  values: Readonly<Record<string, SqlValue>>,
  named: ReadonlyMap<string, string>,
): Record<string, SqlValue> {
  const missing = [...named.keys()].find((name) => !Object.hasOwn(values, name));
  if (missing !== undefined) throw new SqlFault('invalid', `The parameter ${missing} has no value.`);
  const names = Object.keys(values);
  const unused = names.find((name) => !named.has(name));
  if (unused !== undefined)
    throw new SqlFault('invalid', `The statement has no parameter {${unused.slice(0, 60)}: Type}.`);
  if (names.length > MAX_PARAMETERS || JSON.stringify(values).length > MAX_PARAMETER_CHARS)
    throw new SqlFault(
      'invalid',
      `At most ${MAX_PARAMETERS} parameters of ${MAX_PARAMETER_CHARS} characters in all.`,
    );
  return Object.fromEntries(names.map((name) => [parameterName(name), values[name] ?? null]));
}
