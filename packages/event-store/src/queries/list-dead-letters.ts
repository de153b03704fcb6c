import type { Engine } from '../engine/engine.ts';
import { numberAt, stringAt } from '../engine/rows.ts';
import type { Row } from '../engine/rows.ts';
import type { DeadLetter, Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { readTenantSet } from '../row/text-lists.ts';
import { addScope, createConditions } from './event-conditions.ts';

const SELECT = `SELECT id, toUnixTimestamp64Milli(received), source, source_type, submitter, tenant_set, stage, code, detail,
  base64Encode(record), replayed, outcome
  FROM dead_letters FINAL`;
const MAX_LIMIT = 10_000;

export interface DeadLetterQuery {
  readonly limit: number;
  /** Id of the last letter of the page before. */
  readonly after?: string;
  readonly source?: string;
  readonly code?: string;
  readonly status?: 'open' | 'replayed';
}

/** Dead letters, the newest first. */
export async function listDeadLetters(
  engine: Engine,
  scope: Scope,
  query: DeadLetterQuery,
  signal?: AbortSignal,
): Promise<DeadLetter[]> {
  requireWithin('limit', query.limit, MAX_LIMIT);
  const conditions = createConditions();
  if (!addScope(conditions, scope, undefined)) return [];
  const visible = conditions.sql();
  if (query.source !== undefined) conditions.add('source = {source: String}', { source: query.source });
  if (query.code !== undefined) conditions.add('code = {code: String}', { code: query.code });
  if (query.status !== undefined)
    conditions.add('replayed = {replayed: UInt8}', { replayed: query.status === 'replayed' ? 1 : 0 });
  // A letter outside the scope is like one that is not there: nothing comes after it.
  if (query.after !== undefined)
    conditions.add(
      `(received, id) < (SELECT received, id FROM dead_letters FINAL WHERE id = {after: String} AND ${visible} LIMIT 1)`,
      { after: query.after },
    );
  const rows = await engine.rows(
    {
      sql: `${SELECT} WHERE ${conditions.sql()} ORDER BY received DESC, id DESC LIMIT {limit: UInt32}`,
      params: { ...conditions.params, limit: query.limit },
    },
    signal,
  );
  return rows.map(toDeadLetter);
}

export async function getDeadLetter(
  engine: Engine,
  scope: Scope,
  id: string,
): Promise<DeadLetter | undefined> {
  const conditions = createConditions();
  if (!addScope(conditions, scope, undefined)) return undefined;
  conditions.add('id = {id: String}', { id });
  const rows = await engine.rows({ sql: `${SELECT} WHERE ${conditions.sql()}`, params: conditions.params });
  return rows[0] === undefined ? undefined : toDeadLetter(rows[0]);
}

function toDeadLetter(row: Row): DeadLetter {
  const outcome = stringAt(row, 11);
  return {
    id: stringAt(row, 0),
    receivedMs: numberAt(row, 1),
    source: stringAt(row, 2),
    sourceType: stringAt(row, 3),
    submitter: stringAt(row, 4),
    tenants: readTenantSet(stringAt(row, 5)),
    stage: stringAt(row, 6),
    code: stringAt(row, 7),
    detail: stringAt(row, 8),
    record: Buffer.from(stringAt(row, 9), 'base64'),
    status: numberAt(row, 10) === 1 ? 'replayed' : 'open',
    ...(outcome === '' ? {} : { outcome }),
  };
}
