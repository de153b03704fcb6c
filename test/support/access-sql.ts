/** Who sees what through `POST /cadf/v1/sql`: the rows of the access matrix for it. */
import type { Answer } from './access.ts';
import { MERGED, ONLY_A, ONLY_B } from './access-events.ts';
import { counted, mapped, withoutChains } from './access-readers.ts';
import type { Verdicts } from './access-readers.ts';

export interface SqlRow {
  readonly what: string;
  readonly body: object;
  readonly show: (answer: Answer) => string;
  readonly expected: Verdicts;
}

const BOUNDS = { from: '2020-06-01T00:00:00Z', to: '2020-06-01T00:01:00Z' };
/** All columns, so that whatever of another's event came with one would be seen. */
const EVERYTHING = 'SELECT targetName, *, event FROM events ORDER BY time';

export function sqlAccess(): readonly SqlRow[] {
  const merged = withoutChains(MERGED);
  const onlyA = withoutChains(ONLY_A);
  const onlyB = withoutChains(ONLY_B);
  const numbers = mapped(merged, counted);
  const refused = mapped(merged, () => '400 QUERY_SQL_REFUSED');
  const ask = (sql: string, more: object = {}): object => ({ sql, ...BOUNDS, ...more });
  return [
    { what: 'merged', body: ask(EVERYTHING), show: labels, expected: merged },
    { what: 'of tenant a', body: ask(EVERYTHING, { tenant: 'tenant-a' }), show: labels, expected: onlyA },
    { what: 'of tenant b', body: ask(EVERYTHING, { tenant: 'tenant-b' }), show: labels, expected: onlyB },
    { what: 'counted', body: ask('SELECT count() FROM events'), show: labels, expected: numbers },
    {
      what: 'by a named query and a join',
      body: ask(
        'WITH x AS (SELECT id, source FROM events) SELECT e.targetName FROM x JOIN events AS e USING (id, source) ORDER BY e.time',
      ),
      show: labels,
      expected: merged,
    },
    { what: 'from another table', body: ask('SELECT * FROM dead_letters'), show: labels, expected: refused },
    {
      what: 'with another scope',
      body: ask("SELECT * FROM events SETTINGS query_cache_tag = '0,9000000000000,*'"),
      show: labels,
      expected: refused,
    },
  ];
}

/** The first value of each row. */
function labels(answer: Answer): string {
  return answer
    .json<{ rows: readonly (readonly unknown[])[] }>()
    .rows.map(([label]) => String(label))
    .join(' ');
}
