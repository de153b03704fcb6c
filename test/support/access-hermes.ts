/** What of `/v1` each caller of the access matrix gets: the rows of its routes. Refusals are told by their status. */
import { EVENT_ID, MARK, TENANT } from './access.ts';
import type { Answer } from './access.ts';
import { labelOf } from './access-readers.ts';
import type { ReadRow, Shown } from './access-readers.ts';

/** The minute all events of the matrix are in. */
const IN_WINDOW = 'time=gte:2020-06-01T00:00:00Z,lt:2020-06-01T00:01:00Z&sort=time&limit=100';
const REFUSED = '403';
/** What is not there, and what is another's: the ids are no UUIDs. */
const ABSENT = '400';

const OF_A = '200 a ab final same-a moved-a';
const OF_B = '200 b ab same-b';
const OF_BOTH = '200 a b ab final same-a same-b moved-a';
const ALL = '200 a b ab none final same-a same-b moved-a';

interface List {
  readonly total: number;
  readonly events: readonly { readonly id: string; readonly initiator: { readonly name?: string } }[];
}

/** Lists do not name the target: the label is told by id and initiator. */
function labels({ events, total }: List): string {
  if (total !== events.length) throw new Error(`${total} events are counted, ${events.length} shown`);
  return events
    .map(({ id, initiator }) => {
      if (id === EVENT_ID['same-a']) return initiator.name === MARK.a ? 'same-a' : 'same-b';
      if (id === EVENT_ID.final) return 'final';
      if (id === EVENT_ID['moved-a']) return 'moved-a';
      return Object.entries(EVENT_ID).find(([, known]) => known === id)?.[0] ?? id;
    })
    .join(' ');
}

export function hermesAccess(): readonly ReadRow[] {
  const rows: ReadRow[] = [];
  const add = (
    route: string,
    what: string,
    query: string,
    show: ReadRow['show'],
    [queryA, queryB, queryAB, queryNone, every]: readonly [string, string, string, string, string],
    path = route,
  ): void => {
    const expected = { queryA, queryB, queryAB, queryNone, queryAll: every, root: every };
    rows.push({ route, what: `${what} ${query}`, path: `${path}?${query}`, show, expected });
  };

  const { a, b } = TENANT;
  for (const [what, query, expected] of [
    ['of the caller', '', [OF_A, OF_B, OF_BOTH, '200', ALL]],
    ['of tenant a', `project_id=${a}`, [OF_A, REFUSED, OF_A, REFUSED, OF_A]],
    ['of tenant b', `project_id=${b}`, [REFUSED, OF_B, OF_B, REFUSED, OF_B]],
    ['of domain a', `domain_id=${a}`, [OF_A, REFUSED, OF_A, REFUSED, OF_A]],
    ['of all', 'project_id=*', [REFUSED, REFUSED, REFUSED, REFUSED, ALL]],
    ['of all domains', 'domain_id=*', [REFUSED, REFUSED, REFUSED, REFUSED, ALL]],
    ['of all that begin like', 'project_id=tenant-*', [REFUSED, REFUSED, REFUSED, REFUSED, '200']],
    ['of a and b', `project_id=${a}&domain_id=${b}`, [REFUSED, REFUSED, '200', REFUSED, '200']],
    ['of nobody', 'project_id=nobody', [REFUSED, REFUSED, REFUSED, REFUSED, '200']],
    ['first of two', `project_id=${a}&project_id=${b}`, [OF_A, REFUSED, OF_A, REFUSED, OF_A]],
    [
      'by what only b has',
      `initiator_name=${MARK.b}`,
      ['200', '200 b same-b', '200 b same-b', '200', '200 b same-b'],
    ],
    [
      'by what only b has not',
      `initiator_name=!${MARK.b}`,
      [OF_A, '200 ab', '200 a ab final same-a moved-a', '200', '200 a ab none final same-a moved-a'],
    ],
  ] as const)
    // prettier-ignore
    add(
      '/v1/events',
      what,
      `${query}&${IN_WINDOW}`,
      (answer) => labels(answer.json<List>()),
      expected,
    );

  for (const [label, query, expected] of [
    ['a', '', ['200 a', ABSENT, '200 a', ABSENT, '200 a']],
    ['b', '', [ABSENT, '200 b', '200 b', ABSENT, '200 b']],
    ['ab', '', ['200 ab', '200 ab', '200 ab', ABSENT, '200 ab']],
    ['none', '', [ABSENT, ABSENT, ABSENT, ABSENT, '200 none']],
    ['final', '', ['200 final', ABSENT, '200 final', ABSENT, '200 final']],
    ['same-a', '', ['200 same-a', '200 same-b', '200 same-b', ABSENT, '200 same-b']],
    ['same-a', `project_id=${a}`, ['200 same-a', REFUSED, '200 same-a', REFUSED, '200 same-a']],
    ['moved-a', '', ['200 moved-a+a', ABSENT, '200 moved-a+b+a', ABSENT, '200 moved-a+b+a']],
    ['b', `project_id=${b}`, [REFUSED, '200 b', '200 b', REFUSED, '200 b']],
    ['b', 'project_id=*', [REFUSED, REFUSED, REFUSED, REFUSED, '200 b']],
    ['b', `project_id=${a}`, [ABSENT, REFUSED, ABSENT, REFUSED, ABSENT]],
  ] as const)
    add(
      '/v1/events/{id}',
      label,
      query,
      (answer) => labelOf(answer.json<Shown>()),
      expected,
      `/v1/events/${encodeURIComponent(EVENT_ID[label])}`,
    );

  // The keys and their doings are in the system's own events, under other names.
  const marks = (answer: Answer): string =>
    [...Object.entries(MARK), ['both', 'both'] as const]
      .filter(([, mark]) => answer.json<string[]>().includes(mark))
      .map(([name]) => name)
      .join(' ');
  for (const [query, expected] of [
    ['', ['200 a both', '200 b both', '200 a b both', '404', '200 a b provider both']],
    [`project_id=${a}`, ['200 a both', REFUSED, '200 a both', REFUSED, '200 a both']],
    ['project_id=*', [REFUSED, REFUSED, REFUSED, REFUSED, '200 a b provider both']],
  ] as const)
    add('/v1/attributes/{name}', 'initiator_name', query, marks, expected, '/v1/attributes/initiator_name');
  return rows;
}
