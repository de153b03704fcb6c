/** What each reader of the access matrix is shown of the events themselves: the rows of lists, counts and single events. */
import { EVENT_ID, MARK, TENANT, WINDOW } from './access.ts';
import { counted, labelsOf, mapped } from './access-readers.ts';
import type { ReadRow, Verdicts } from './access-readers.ts';

export const MERGED: Verdicts = {
  queryA: '200 a ab final same-a moved-a+a',
  queryB: '200 b ab same-b',
  queryAB: '200 a b ab final same-a same-b moved-a+b+a',
  queryNone: '200',
  queryAll: '200 a b ab none final same-a same-b moved-a+b+a',
  root: '200 a b ab none final same-a same-b moved-a+b+a',
};
export const ALL_VERSIONS: Verdicts = {
  queryA: '200 a ab pending final same-a moved-a+a',
  queryB: '200 b ab same-b moved-b+b',
  queryAB: '200 a b ab pending final same-a same-b moved-b+b moved-a+a',
  queryNone: '200',
  queryAll: '200 a b ab none pending final same-a same-b moved-b+b moved-a+a',
  root: '200 a b ab none pending final same-a same-b moved-b+b moved-a+a',
};
/** Asked for one tenant: what is not the caller's is refused, whether or not there is such a tenant. */
const refused = '403 FORBIDDEN_TENANT';
export const ONLY_A: Verdicts = {
  queryA: MERGED.queryA,
  queryB: refused,
  queryAB: '200 a ab final same-a moved-a+a',
  queryNone: refused,
  queryAll: '200 a ab final same-a moved-a+a',
  root: '200 a ab final same-a moved-a+a',
};
export const ONLY_B: Verdicts = {
  ...ONLY_A,
  queryA: refused,
  queryB: MERGED.queryB,
  queryAB: MERGED.queryB,
  queryAll: MERGED.queryB,
  root: MERGED.queryB,
};
export const NOBODY: Verdicts = mapped(MERGED, (_, reader) =>
  reader === 'queryAll' || reader === 'root' ? '200' : refused,
);

const absent = '404 QUERY_EVENT_NOT_FOUND';
const two = '409 QUERY_EVENT_AMBIGUOUS';
/** The verdicts for [A], [B], [A,B], and the two that see all; a key without tenants sees nothing. */
function readers(queryA: string, queryB: string, queryAB: string, every: string): Verdicts {
  return { queryA, queryB, queryAB, queryNone: absent, queryAll: every, root: every };
}
const fromB = `source=source-${MARK.b}`;

export function eventAccess(): readonly ReadRow[] {
  const rows: ReadRow[] = [];
  for (const [what, query, expected] of [
    ['merged', '', MERGED],
    ['in all versions', '&versions=all', ALL_VERSIONS],
    ['of tenant a', `&tenant=${TENANT.a}`, ONLY_A],
    ['of tenant b', `&tenant=${TENANT.b}`, ONLY_B],
    ['of a tenant there is not', '&tenant=nobody', NOBODY],
    ['of a tenant named *', '&tenant=*', NOBODY],
  ] as const) {
    rows.push({
      route: '/cadf/v1/events',
      what,
      path: `/cadf/v1/events?order=asc&${WINDOW}${query}`,
      show: labelsOf,
      expected,
    });
    rows.push({
      route: '/cadf/v1/count',
      what,
      path: `/cadf/v1/count?${WINDOW}${query}`,
      show: (answer) => String(answer.json()['count']),
      expected: mapped(expected, counted),
    });
  }
  for (const [label, query, expected] of [
    ['a', '', readers('200 a', absent, '200 a', '200 a')],
    ['b', '', readers(absent, '200 b', '200 b', '200 b')],
    ['ab', '', readers('200 ab', '200 ab', '200 ab', '200 ab')],
    ['none', '', readers(absent, absent, absent, '200 none')],
    ['final', '', readers('200 final', absent, '200 final', '200 final')],
    ['final', 'versions=all', readers('200 pending final', absent, '200 pending final', '200 pending final')],
    ['b', 'source=matrix', readers(absent, '200 b', '200 b', '200 b')],
    ['b', 'source=elsewhere', readers(absent, absent, absent, absent)],
    ['same-a', '', readers('200 same-a', '200 same-b', two, two)],
    ['same-a', fromB, readers(absent, '200 same-b', '200 same-b', '200 same-b')],
    ['same-a', `${fromB}&versions=all`, readers(absent, '200 same-b', '200 same-b', '200 same-b')],
    ['same-a', 'versions=all', readers('200 same-a', '200 same-b', '200 same-a same-b', '200 same-a same-b')],
    ['moved-a', '', readers('200 moved-a+a', absent, '200 moved-a+b+a', '200 moved-a+b+a')],
    [
      'moved-a',
      'versions=all',
      readers('200 moved-a+a', '200 moved-b+b', '200 moved-b+b moved-a+a', '200 moved-b+b moved-a+a'),
    ],
  ] as const) {
    rows.push({
      route: '/cadf/v1/events/{id}',
      what: `${label} ${query}`,
      path: `/cadf/v1/events/${encodeURIComponent(EVENT_ID[label])}?${query}`,
      show: labelsOf,
      expected,
    });
  }
  return rows;
}
