/** `GET /v1/attributes/{name}`: the values an attribute has, for people to choose from. */
import type { EventStore } from '@cadf-pipeline/event-store';
import { COLUMNS } from './columns.ts';
import { ALIASES, readUint, unusable } from './form.ts';
import type { Form } from './form.ts';
import { MAX_WINDOW } from './page-window.ts';
import type { Reach } from './reach.ts';

const DEFAULT_LIMIT = 10_000;
const BY_ALIAS: ReadonlyMap<string, string> = new Map([...ALIASES].map(([name, alias]) => [alias, name]));

/**
 * The most frequent first, at most `limit`; then each cut to `max_depth` steps of its path, the same ones put together.
 * Empty for an attribute there is not. Throws QUERY_HERMES_PARAMETER_INVALID.
 */
export async function attributeValues(
  store: EventStore,
  { scope }: Reach,
  attribute: string,
  form: Form,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const limit = readUint(form, 'limit') || DEFAULT_LIMIT;
  if (limit > MAX_WINDOW) throw unusable(`limit ${limit} exceeds the maximum of ${MAX_WINDOW}`);
  const depth = readUint(form, 'max_depth') ?? 0;
  const sql = COLUMNS.get(BY_ALIAS.get(attribute) ?? attribute);
  if (sql === undefined) return [];
  const found = await store.values(scope, { sql, limit }, signal);
  return [...new Set(found.map(({ value }) => cut(value, depth)))];
}

/** 0: not at all. */
function cut(path: string, depth: number): string {
  return depth === 0 ? path : path.split('/', depth).join('/');
}
