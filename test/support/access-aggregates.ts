/** What each reader of the access matrix gets of what counts events and finds related ones: the rows of those routes. */
import { EVENT_ID, TENANT, WINDOW } from './access.ts';
import { ALL_VERSIONS, MERGED, NOBODY, ONLY_A, ONLY_B } from './access-events.ts';
import { mapped, withoutChains } from './access-readers.ts';
import type { Reader, ReadRow, Shown, Verdicts } from './access-readers.ts';

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

export function aggregateAccess(): readonly ReadRow[] {
  const rows: ReadRow[] = [];
  const add = (
    route: string,
    what: string,
    path: string,
    show: ReadRow['show'],
    expected: (labels: readonly string[], reader: Reader) => string,
    shown: Verdicts,
  ): void => {
    const verdict = (seen: string, reader: Reader): string =>
      seen.startsWith('200') ? expected(seen.split(' ').slice(1), reader) : seen;
    rows.push({ route, what, path, show, expected: mapped(withoutChains(shown), verdict) });
  };

  const always = encodeURIComponent("not (id = 'x' and extra = 'y')");
  for (const [what, query, shown] of [
    ['merged', '', MERGED],
    ['in all versions', '&versions=all', ALL_VERSIONS],
    ['of tenant a', `&tenant=${TENANT.a}`, ONLY_A],
    ['of tenant b', `&tenant=${TENANT.b}`, ONLY_B],
    ['of a tenant named *', '&tenant=*', NOBODY],
    ['where a filter holds always', `&filter=${always}`, MERGED],
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
      MERGED,
    );
  }
  return rows;
}
