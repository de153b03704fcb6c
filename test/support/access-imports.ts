/** Rows of the access matrix for imports: who makes them, finds, changes and deletes whose, and who sends files to whose. */
import { MARK } from './access.ts';
import type { Ask, Caller, CallerName, Callers } from './access.ts';
import type { SubscriptionRow } from './access-subscriptions.ts';

const PATH = '/cadf/v1/imports';
const ABSENT = '404 IMPORT_NOT_FOUND';
const NOT_YOURS = '403 IMPORT_NOT_YOURS';
const OWNERS = [
  'submitA', 'adminA', 'submitAll', 'adminAll', 'root',
] as const satisfies readonly CallerName[]; // prettier-ignore
type OwnerName = (typeof OWNERS)[number];
const SEERS = [...OWNERS, 'boundA'] as const satisfies readonly CallerName[];
type Seer = (typeof SEERS)[number];

const IMPORTED: readonly {
  readonly owner: OwnerName;
  readonly mark: string;
  readonly admins: readonly Seer[];
}[] = [
  { owner: 'submitA', mark: MARK.a, admins: ['adminA', 'adminAll', 'root'] },
  { owner: 'submitAll', mark: MARK.provider, admins: ['adminAll', 'root'] },
];

/** What may be done with one, with what, and whether an admin may. */
const ACTIONS: readonly {
  readonly action: string;
  readonly below: string;
  readonly body?: object;
  readonly byAdmins: boolean;
  readonly done: string;
}[] = [
  { action: 'GET {id}', below: '', byAdmins: true, done: '200' },
  { action: 'POST {id}/resume', below: '/resume', body: {}, byAdmins: true, done: '200' },
  { action: 'PATCH {id}', below: '', body: { paused: true }, byAdmins: false, done: '200' },
  {
    action: 'POST {id}/files',
    below: '/files?name=log.json',
    body: { typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/log', events: [] },
    byAdmins: true,
    done: '202',
  },
  {
    action: 'PUT {id}/segments/{name}',
    below: '/segments/000000000001.a',
    body: {},
    byAdmins: true,
    done: '202',
  },
  { action: 'DELETE {id}', below: '', byAdmins: true, done: '204' },
];

export function importAccess(callers: () => Callers): readonly SubscriptionRow[] {
  const rows: SubscriptionRow[] = [];
  const made = new Map<OwnerName, Promise<string>>();
  const bodyOf = (mark: string): object => ({
    // Nothing is taken of what the matrix sends.
    paused: true,
    unsigned: true,
    name: `import ${mark}`,
    from: { type: 'upload' },
  });
  const make = async (ask: Ask, owner: OwnerName, mark: string): Promise<string> =>
    (await ask(callers()[owner], `POST ${PATH}`, { body: bodyOf(mark) })).json<{ id: string }>().id;
  const kept = (ask: Ask, owner: OwnerName, mark: string): Promise<string> => {
    const id = made.get(owner) ?? make(ask, owner, mark);
    made.set(owner, id);
    return id;
  };
  const bySeer = (verdict: (seer: Seer) => string): SubscriptionRow['expected'] =>
    Object.fromEntries(SEERS.map((seer) => [seer, verdict(seer)]));
  const making = (what: string, more: object, verdict: (seer: Seer) => string): void => {
    rows.push({
      route: `POST ${PATH}`,
      what,
      expected: bySeer(verdict),
      run: async (ask: Ask, caller: Caller) => {
        const answer = await ask(caller, `POST ${PATH}`, { body: { ...bodyOf(''), ...more } });
        if (answer.status === 201) await ask(caller, `DELETE ${PATH}/${answer.json<{ id: string }>().id}`);
        return answer.verdict;
      },
    });
  };
  const isOfA = (seer: Seer): boolean => seer === 'submitA' || seer === 'adminA';

  making('', {}, (seer) => (seer === 'boundA' ? '403 IMPORT_NEEDS_KEY' : '201'));
  making("to another's tenant", { tenants: ['nobody'] }, (seer) => {
    if (seer === 'boundA') return '403 IMPORT_NEEDS_KEY';
    return isOfA(seer) ? '403 FORBIDDEN_TENANT' : '201';
  });
  making("under another's source", { prefix: 'source-b' }, (seer) => {
    if (seer === 'boundA') return '403 IMPORT_NEEDS_KEY';
    return isOfA(seer) ? '422 IMPORT_INVALID' : '201';
  });
  making('from a directory', { from: { type: 'directory', path: '/nowhere' } }, (seer) => {
    if (seer === 'boundA') return '403 IMPORT_NEEDS_KEY';
    return isOfA(seer) ? '403 FORBIDDEN_TENANT' : '422 IMPORT_INVALID';
  });

  rows.push({
    route: `GET ${PATH}`,
    what: '',
    expected: bySeer((seer) => {
      const seen = IMPORTED.filter(({ admins, owner }) => owner === seer || admins.includes(seer));
      return ['200', ...seen.map(({ owner }) => owner)].join(' ');
    }),
    run: async (ask, caller) => {
      const owners = new Map<string, string>();
      for (const { mark, owner } of IMPORTED) owners.set(await kept(ask, owner, mark), owner);
      const answer = await ask(caller, `GET ${PATH}?limit=1000`);
      if (answer.status !== 200) return answer.verdict;
      const listed = new Set(answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id));
      return ['200', ...[...owners].filter(([id]) => listed.has(id)).map(([, owner]) => owner)].join(' ');
    },
  });
  for (const { admins, mark, owner } of IMPORTED) {
    for (const { action, below, body, byAdmins, done } of ACTIONS) {
      const [method = '', path = ''] = action.split(' ');
      rows.push({
        route: `${method} ${PATH}/${path}`,
        what: `of ${owner}`,
        expected: bySeer((seer) => {
          if (seer === owner) return done;
          if (!admins.includes(seer)) return ABSENT;
          return byAdmins ? done : NOT_YOURS;
        }),
        run: async (ask, caller) => {
          const id = method === 'DELETE' ? await make(ask, owner, mark) : await kept(ask, owner, mark);
          const question = body === undefined ? {} : { body };
          const { status, verdict } = await ask(caller, `${method} ${PATH}/${id}${below}`, question);
          if (method === 'DELETE' && status !== 204) await ask(callers()[owner], `DELETE ${PATH}/${id}`);
          return verdict;
        },
      });
    }
  }
  return rows;
}
