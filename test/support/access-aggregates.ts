/** What each reader of the access matrix gets of what counts events and finds related ones: the rows of those routes. */
import { EVENT_ID, TENANT, WINDOW } from './access.ts';
import type { Answer } from './access.ts';
import { READERS } from './access-cimi.ts';
import type { Reader, Shown } from './access-cimi.ts';

export interface AggregateRow {
  /** Path as in /openapi.json. */
  readonly route: string;
  readonly what: string;
  readonly path: string;
  /** What a good answer shows. */
  readonly show: (answer: Answer) => string;
  readonly expected: Readonly<Record<Reader, string>>;
}

type Verdicts = Readonly<Record<Reader, string>>;

/** What the query API shows of the events themselves: `200 a ab …`, or a refusal. */
export interface ShownEvents {
  readonly merged: Verdicts;
  readonly all: Verdicts;
  readonly onlyA: Verdicts;
  readonly onlyB: Verdicts;
  readonly nobody: Verdicts;
}

const TENANTS_OF: Readonly<Record<string, readonly string[]>> = {
  a: [TENANT.a],
  b: [TENANT.b],
  ab: [TENANT.a, TENANT.b],
  none: [],
  pending: [TENANT.a],
  final: [TENANT.a],
  'same-a': [TENANT.a],
  'same-b': [TENANT.b],
  'moved-a': [TENANT.a],
  'moved-b': [TENANT.b],
};
const REACHES: Readonly<Record<Reader, readonly string[]>> = {
  queryA: [TENANT.a],
  queryB: [TENANT.b],
  queryAB: [TENANT.a, TENANT.b],
  queryNone: [],
  queryAll: [TENANT.a, TENANT.b],
  root: [TENANT.a, TENANT.b],
};

interface Facets {
  readonly facets: readonly {
    readonly values: readonly { readonly value: string; readonly count: number }[];
    readonly other: number;
  }[];
}
interface Related {
  readonly related: readonly { readonly event: Shown }[];
}

/** Without what follows a plus, its reporter chain. */
function labelsOf(shown: string): string[] {
  return shown
    .split(' ')
    .slice(1)
    .map((label) => label.split('+')[0] ?? '');
}

export function aggregateAccess(shownOf: ShownEvents): readonly AggregateRow[] {
  const rows: AggregateRow[] = [];
  const add = (
    route: string,
    what: string,
    path: string,
    show: AggregateRow['show'],
    expected: (labels: readonly string[], reader: Reader) => string,
    shown: Verdicts,
  ): void => {
    const verdicts = READERS.map((reader) => {
      const seen = shown[reader];
      return [reader, seen.startsWith('200') ? expected(labelsOf(seen), reader) : seen] as const;
    });
    rows.push({ route, what, path, show, expected: Object.fromEntries(verdicts) as Record<Reader, string> });
  };

  const always = encodeURIComponent("not (id = 'x' and extra = 'y')");
  for (const [what, query, shown] of [
    ['merged', '', shownOf.merged],
    ['in all versions', '&versions=all', shownOf.all],
    ['of tenant a', `&tenant=${TENANT.a}`, shownOf.onlyA],
    ['of tenant b', `&tenant=${TENANT.b}`, shownOf.onlyB],
    ['of a tenant named *', '&tenant=*', shownOf.nobody],
    ['where a filter holds always', `&filter=${always}`, shownOf.merged],
  ] as const) {
    const selected = `${WINDOW}${query}`;
    const tenantAsked = /&tenant=([^&]+)/.exec(query)?.[1];
    add(
      '/cadf/v1/facets',
      what,
      `/cadf/v1/facets?${selected}&top=100&field=target/name&field=tenant&field=initiator/name&field=source&field=tags`,
      (answer) => {
        const [names, tenants] = answer.json<Facets>().facets;
        const listed = [...(names?.values ?? []), ...(tenants?.values ?? [])];
        return listed
          .map(({ count, value }) => `${value}=${count}`)
          .toSorted()
          .join(' ');
      },
      (labels, reader) => {
        const reached = REACHES[reader].filter((tenant) => (tenantAsked ?? tenant) === tenant);
        const tenants = labels
          .flatMap((label) => TENANTS_OF[label] ?? [])
          .filter((tenant) => reached.includes(tenant));
        const all = [...labels, ...tenants];
        const counts = new Map(all.map((value) => [value, all.filter((other) => other === value).length]));
        return ['200', ...[...counts].map(([value, count]) => `${value}=${count}`).toSorted()].join(' ');
      },
      shown,
    );
    for (const [route, more] of [
      ['/cadf/v1/timeline', '&by=initiator/name&top=50'],
      ['/cadf/v1/taxonomy/actions', ''],
      ['/cadf/v1/taxonomy/outcomes', ''],
      ['/cadf/v1/taxonomy/resources', '&role=initiator'],
    ] as const) {
      add(
        route,
        what,
        `${route}?${selected}${more}`,
        (answer) => String(answer.json()['total']),
        (labels) => `200 ${labels.length}`,
        shown,
      );
    }
  }

  for (const label of ['a', 'b', 'ab', 'none'] as const) {
    add(
      '/cadf/v1/events/{id}/related',
      label,
      `/cadf/v1/events/${encodeURIComponent(EVENT_ID[label])}/related`,
      // All have the same target, by id.
      (answer) =>
        answer
          .json<Related>()
          .related.map(({ event }) => event.target.name)
          .toSorted()
          .join(' '),
      (labels) =>
        labels.includes(label)
          ? ['200', ...labels.filter((other) => other !== label).toSorted()].join(' ')
          : '404 QUERY_EVENT_NOT_FOUND',
      shownOf.merged,
    );
  }
  return rows;
}
