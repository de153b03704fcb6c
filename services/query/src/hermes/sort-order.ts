/** `sort=time:desc,target_type`: the order of the list. */
import type { ListOrder } from '@cadf-pipeline/event-store';
import { COLUMNS, FILTERS } from './columns.ts';
import { ALIASES, unusable } from './form.ts';
import type { Form } from './form.ts';

const BY_TIME = 'event_time';
/** Expressions by sort key, those of former times too. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ['time', BY_TIME],
  ...FILTERS.map((name) => [name, COLUMNS.get(name) ?? ''] as const),
  ...[...ALIASES].flatMap(([name, alias]) =>
    alias === 'user_name' ? [] : [[alias, COLUMNS.get(name) ?? ''] as const],
  ),
]);

/**
 * At last always by time, the newest first; events that lack an attribute come last in either direction.
 * Throws QUERY_HERMES_PARAMETER_INVALID.
 */
export function readOrder(form: Form): readonly ListOrder[] {
  const text = (form.get('sort') ?? '').trim();
  const wanted = new Map<string, 'asc' | 'desc'>();
  if (text !== '')
    for (const element of text.split(',').map((part) => part.trim())) {
      const { sql, direction } = readElement(element);
      // A second time it has nothing left to order.
      if (!wanted.has(sql)) wanted.set(sql, direction);
    }
  if (!wanted.has(BY_TIME)) wanted.set(BY_TIME, 'desc');
  return [...wanted].flatMap(([sql, direction]): ListOrder[] =>
    sql === BY_TIME
      ? [{ sql, direction }]
      : [
          { sql: `${sql} = ''`, direction: 'asc' },
          { sql, direction },
        ],
  );
}

function readElement(element: string): { readonly sql: string; readonly direction: 'asc' | 'desc' } {
  if (element === '') throw unusable('Invalid sort parameter');
  const colon = element.indexOf(':');
  const key = colon < 0 ? element : element.slice(0, colon);
  if (key === '') throw unusable('Invalid sort parameter: field name cannot be empty');
  const sql = KEYS.get(key);
  if (sql === undefined)
    throw unusable(`not a valid topic: ${key.slice(0, 40)}, valid topics: [${[...KEYS.keys()].join(' ')}]`);
  if (colon < 0) return { sql, direction: 'asc' };
  const direction = element.slice(colon + 1).trim();
  if (direction === '') throw unusable(`sort direction for field ${key} cannot be empty`);
  if (direction !== 'asc' && direction !== 'desc')
    throw unusable(`sort direction ${direction.slice(0, 40)} is invalid, must be asc or desc`);
  return { sql, direction };
}
