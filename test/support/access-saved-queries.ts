/** Rows of the access matrix for saved queries: who finds, runs, changes and deletes whose. */
import { MARK, TENANT, WINDOW } from './access.ts';
import type { Ask, Caller, CallerName, Callers } from './access.ts';
import { MERGED } from './access-events.ts';
import { labelsOf, told } from './access-readers.ts';
import type { Reader } from './access-readers.ts';

export interface SavedQueryRow {
  readonly route: string;
  readonly what: string;
  readonly run: (ask: Ask, caller: Caller) => Promise<string>;
  readonly expected: Partial<Record<CallerName, string>>;
}

type OwnerName = 'queryA' | 'queryB' | 'queryAB' | 'queryNone' | 'queryAll';
type Expected = SavedQueryRow['expected'];

const PATH = '/cadf/v1/saved-queries';
const ABSENT = '404 QUERY_SAVED_NOT_FOUND';
const NOT_YOURS = '403 QUERY_SAVED_NOT_YOURS';
/** All that may ask, of which the admins cannot query. */
const FINDERS = [
  'queryA', 'queryB', 'queryAB', 'queryNone', 'queryAll', 'root', 'adminA', 'adminAll',
] as const satisfies readonly CallerName[]; // prettier-ignore
type Finder = (typeof FINDERS)[number];
const QUERY_KEYS: readonly Finder[] = ['queryA', 'queryB', 'queryAB', 'queryNone', 'queryAll', 'root'];

/** Whose queries there are, what stands in them that only some may see, and who finds them private and shared. */
const SAVED: readonly {
  readonly owner: OwnerName;
  readonly mark: string;
  readonly private: readonly Finder[];
  readonly shared: readonly Finder[];
}[] = [
  {
    owner: 'queryA',
    mark: MARK.a,
    private: ['queryA', 'root', 'adminA', 'adminAll'],
    shared: ['queryA', 'queryAB', 'queryAll', 'root', 'adminA', 'adminAll'],
  },
  {
    owner: 'queryB',
    mark: MARK.b,
    private: ['queryB', 'root', 'adminAll'],
    shared: ['queryB', 'queryAB', 'queryAll', 'root', 'adminAll'],
  },
  {
    owner: 'queryAB',
    mark: '',
    private: ['queryAB', 'root', 'adminAll'],
    shared: ['queryAB', 'queryAll', 'root', 'adminAll'],
  },
  {
    owner: 'queryNone',
    mark: '',
    private: ['queryNone', 'root', 'adminAll'],
    shared: ['queryNone', 'queryAll', 'root', 'adminAll'],
  },
  {
    owner: 'queryAll',
    mark: MARK.provider,
    private: ['queryAll', 'root', 'adminAll'],
    shared: ['queryAll', 'root', 'adminAll'],
  },
];

export function savedQueryAccess(callers: () => Callers): readonly SavedQueryRow[] {
  const rows: SavedQueryRow[] = [];
  const made = new Map<string, Promise<string>>();
  const contentOf = (mark: string, sharing: string): object => ({
    name: `query ${mark}`,
    description: mark,
    filter: `not (id = :who or target/name = 'x ${mark}')`,
    parameters: [{ name: 'who', type: 'text' }],
    sharing,
  });
  const save = async (ask: Ask, owner: OwnerName, mark: string, sharing: string): Promise<string> => {
    const body = contentOf(mark, sharing);
    return (await ask(callers()[owner], `POST ${PATH}`, { body })).json<{ id: string }>().id;
  };
  /** One that stays, for all rows that only read. */
  const kept = (ask: Ask, owner: OwnerName, mark: string, sharing: string): Promise<string> => {
    const name = `${owner} ${sharing}`;
    const id = made.get(name) ?? save(ask, owner, mark, sharing);
    made.set(name, id);
    return id;
  };
  const byFinder = (verdict: (finder: Finder) => string, finders: readonly Finder[] = FINDERS): Expected =>
    Object.fromEntries(finders.map((finder) => [finder, verdict(finder)]));

  rows.push({
    route: `POST ${PATH}`,
    what: '',
    expected: byFinder(() => '201', QUERY_KEYS),
    run: async (ask, caller) => {
      const answer = await ask(caller, `POST ${PATH}`, { body: contentOf('', 'private') });
      if (answer.status === 201) await ask(caller, `DELETE ${PATH}/${answer.json<{ id: string }>().id}`);
      return answer.verdict;
    },
  });
  rows.push({
    route: `POST ${PATH}`,
    what: 'of tenant a',
    expected: byFinder(
      (finder) => (finder === 'queryB' || finder === 'queryNone' ? '403 FORBIDDEN_TENANT' : '201'),
      QUERY_KEYS,
    ),
    run: async (ask, caller) => {
      const body = { ...contentOf('', 'private'), tenant: TENANT.a };
      const answer = await ask(caller, `POST ${PATH}`, { body });
      if (answer.status === 201) await ask(caller, `DELETE ${PATH}/${answer.json<{ id: string }>().id}`);
      return answer.verdict;
    },
  });
  rows.push({
    route: `GET ${PATH}`,
    what: 'private and shared',
    expected: byFinder((finder) =>
      [
        '200',
        ...SAVED.flatMap((saved) => [
          ...(saved.private.includes(finder) ? [`${saved.owner} private`] : []),
          ...(saved.shared.includes(finder) ? [`${saved.owner} tenant`] : []),
        ]),
      ].join(' '),
    ),
    run: async (ask, caller) => {
      const names = new Map<string, string>();
      for (const { mark, owner } of SAVED) {
        for (const sharing of ['private', 'tenant'])
          names.set(await kept(ask, owner, mark, sharing), `${owner} ${sharing}`);
      }
      const answer = await ask(caller, `GET ${PATH}?limit=1000`);
      if (answer.status !== 200) return answer.verdict;
      const listed = new Set(answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id));
      return ['200', ...[...names].filter(([id]) => listed.has(id)).map(([, name]) => name)].join(' ');
    },
  });

  for (const saved of SAVED) {
    for (const sharing of ['private', 'tenant'] as const) {
      const { mark, owner } = saved;
      const finders = sharing === 'private' ? saved.private : saved.shared;
      const what = `of ${owner}, ${sharing}`;
      rows.push({
        route: `GET ${PATH}/{id}`,
        what,
        expected: byFinder((finder) => (finders.includes(finder) ? '200' : ABSENT)),
        run: async (ask, caller) =>
          (await ask(caller, `GET ${PATH}/${await kept(ask, owner, mark, sharing)}`)).verdict,
      });
      rows.push({
        route: 'GET /cadf/v1/events',
        what: `saved by ${owner}, ${sharing}`,
        expected: byFinder(
          (finder) => (finders.includes(finder) ? MERGED[finder as Reader] : ABSENT),
          QUERY_KEYS,
        ),
        run: async (ask, caller) => {
          const id = await kept(ask, owner, mark, sharing);
          const path = `/cadf/v1/events?order=asc&${WINDOW}&saved=${id}&param.who=x`;
          return told(await ask(caller, `GET ${path}`), labelsOf);
        },
      });
      rows.push({
        route: `PUT ${PATH}/{id}`,
        what,
        expected: byFinder(
          (finder) => (finder === owner ? '200' : finders.includes(finder) ? NOT_YOURS : ABSENT),
          QUERY_KEYS,
        ),
        run: async (ask, caller) => {
          const id = await kept(ask, owner, mark, sharing);
          return (await ask(caller, `PUT ${PATH}/${id}`, { body: contentOf(mark, sharing) })).verdict;
        },
      });
      rows.push({
        route: `DELETE ${PATH}/{id}`,
        what,
        expected: byFinder((finder) =>
          finder === owner || saved.private.includes(finder)
            ? '204'
            : finders.includes(finder)
              ? NOT_YOURS
              : ABSENT,
        ),
        run: async (ask, caller) => {
          const id = await save(ask, owner, mark, sharing);
          const { status, verdict } = await ask(caller, `DELETE ${PATH}/${id}`);
          if (status !== 204) await ask(callers()[owner], `DELETE ${PATH}/${id}`);
          return verdict;
        },
      });
    }
  }
  return rows;
}
