/** Rows of the access matrix for events in other forms, in bodies, and in answers that are asked for later. */
import { EVENT_ID, TENANT, WINDOW } from './access.ts';
import type { Answer, Ask, Caller } from './access.ts';
import { ALL_VERSIONS, MERGED, ONLY_A } from './access-events.ts';
import { labelsOf, READERS, told, withoutChains } from './access-readers.ts';
import type { Reader } from './access-readers.ts';
import { until } from './service.ts';

export interface QueryRow {
  readonly route: string;
  readonly what: string;
  readonly run: (ask: Ask, caller: Caller) => Promise<string>;
  readonly expected: Partial<Record<Reader, string>>;
}

const NDJSON = { accept: 'application/x-ndjson' };
const [from = '', to = ''] = WINDOW.split('&').map((part) => part.slice(part.indexOf('=') + 1));
const BODY = { from, to, order: 'asc' };
const QUERIES = '/cadf/v1/queries';
const absent = '404 QUERY_ASYNC_NOT_FOUND';

const shown = (answer: Answer): string => told(answer, labelsOf);

/** `root` asks what the others may not see. */
export function queryAccess(root: () => Caller): QueryRow[] {
  const rows: QueryRow[] = [];
  const add = (route: string, what: string, expected: QueryRow['expected'], run: QueryRow['run']): void => {
    rows.push({ route, what, run, expected });
  };
  const get = `GET /cadf/v1/events?order=asc&${WINDOW}`;
  for (const [what, parameters, expected] of [
    ['merged', {}, MERGED],
    ['in all versions', { versions: 'all' }, ALL_VERSIONS],
    ['of tenant a', { tenant: TENANT.a }, ONLY_A],
  ] as const) {
    const more = `&${new URLSearchParams(parameters)}`.replace(/&$/, '');
    const body = { ...BODY, ...parameters };
    add('GET /cadf/v1/events', `${what}, as NDJSON`, expected, async (ask, caller) =>
      shown(await ask(caller, `${get}${more}`, { headers: NDJSON })),
    );
    add('GET /cadf/v1/events', `${what}, all in one`, expected, async (ask, caller) =>
      shown(await ask(caller, `${get}${more}&limit=all`, { headers: NDJSON })),
    );
    add('GET /cadf/v1/events', `${what}, by a filter`, expected, async (ask, caller) =>
      shown(
        await ask(caller, `${get}${more}&filter=${encodeURIComponent("not id = 'none' and text ~ 'r'")}`),
      ),
    );
    add('GET /cadf/v1/events', `${what}, as CSV`, withoutChains(expected), async (ask, caller) => {
      const answer = await ask(caller, `${get}${more}`, { headers: { accept: 'text/csv' } });
      if (answer.status !== 200) return answer.verdict;
      const [heading = '', ...lines] = answer.text.trimEnd().split('\r\n');
      const at = heading.split(',').indexOf('target/name');
      return ['200', ...lines.map((line) => line.split(',')[at] ?? '')].join(' ');
    });
    add('GET /cadf/v1/events', `${what}, as XML`, withoutChains(expected), async (ask, caller) => {
      const answer = await ask(caller, `${get}${more}`, { headers: { accept: 'application/xml' } });
      if (answer.status !== 200) return answer.verdict;
      const targets = answer.text.matchAll(/<cadf:target [^>]*\bname="([^"]*)"/g);
      return ['200', ...Array.from(targets, ([, name]) => name ?? '')].join(' ');
    });
    add('POST /cadf/v1/query', what, expected, async (ask, caller) =>
      shown(await ask(caller, 'POST /cadf/v1/query', { body })),
    );
    add('POST /cadf/v1/queries', what, expected, async (ask, caller) => {
      const made = await ask(caller, `POST ${QUERIES}`, { body });
      if (made.status !== 202) return made.verdict;
      const path = made.headers.get('location') ?? '';
      await until(async () => (await ask(caller, `GET ${path}`)).json()['status'] === 'done');
      const result = shown(await ask(caller, `GET ${path}/result`));
      await ask(caller, `DELETE ${path}`);
      return result;
    });
  }
  add('POST /cadf/v1/query', 'with a wait', MERGED, async (ask, caller) =>
    shown(await ask(caller, 'POST /cadf/v1/query', { body: BODY, headers: { prefer: 'wait=60' } })),
  );
  return [...rows, ...othersQueries(root)];
}

/** A query of root's, for everyone else. */
function othersQueries(root: () => Caller): QueryRow[] {
  let path: Promise<string> | undefined;
  const rootsQuery = (ask: Ask): Promise<string> =>
    (path ??= (async () => {
      const made = await ask(root(), `POST ${QUERIES}`, { body: { filter: `id = '${EVENT_ID.none}'` } });
      const location = made.headers.get('location') ?? '';
      await until(async () => (await ask(root(), `GET ${location}`)).json()['status'] === 'done');
      return location;
    })());
  const by = (others: string, own: string): Partial<Record<Reader, string>> =>
    Object.fromEntries(READERS.map((name) => [name, name === 'root' ? own : others]));
  const verdict =
    (method: string, rest: string): QueryRow['run'] =>
    async (ask, caller) =>
      (await ask(caller, `${method} ${await rootsQuery(ask)}${rest}`)).verdict;
  return [
    {
      route: `GET ${QUERIES}`,
      what: 'one’s own alone',
      expected: by('200 none', '200 own'),
      run: async (ask, caller) => {
        const id = (await rootsQuery(ask)).split('/').at(-1) ?? '-';
        const answer = await ask(caller, `GET ${QUERIES}`);
        return answer.status === 200 ? `200 ${answer.text.includes(id) ? 'own' : 'none'}` : answer.verdict;
      },
    },
    { route: `GET ${QUERIES}/{id}`, what: 'root’s', expected: by(absent, '200'), run: verdict('GET', '') },
    {
      route: `GET ${QUERIES}/{id}/result`,
      what: 'root’s',
      expected: by(absent, '200'),
      run: verdict('GET', '/result'),
    },
    {
      route: `DELETE ${QUERIES}/{id}`,
      what: 'root’s',
      expected: by(absent, '204'),
      run: verdict('DELETE', ''),
    },
  ];
}
