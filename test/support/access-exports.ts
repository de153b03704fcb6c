/** Rows of the access matrix for exports and the keys of this deployment: who asks, finds, ends, takes whose. */
import { MARK, TENANT } from './access.ts';
import type { Ask, Caller, CallerName, Callers } from './access.ts';
import type { SubscriptionRow } from './access-subscriptions.ts';

const PATH = '/cadf/v1/exports';
const ABSENT = '404 EXPORT_NOT_FOUND';
const NOT_YOURS = '403 EXPORT_NOT_YOURS';
type Seer = 'adminA' | 'adminAll' | 'exportA' | 'root';
type Owner = 'exportA' | 'root';
const SEERS: readonly Seer[] = ['adminA', 'adminAll', 'exportA', 'root'];
const OWNERS: readonly Owner[] = ['exportA', 'root'];
const EXPORTED: readonly {
  readonly owner: Owner;
  readonly mark: string;
  readonly admins: readonly Seer[];
}[] = [
  { owner: 'exportA', mark: MARK.a, admins: ['adminA', 'adminAll', 'root'] },
  { owner: 'root', mark: MARK.provider, admins: ['adminAll', 'root'] },
];
const ACTIONS: readonly { readonly action: string; readonly byAdmins: boolean; readonly done: string }[] = [
  { action: 'GET', byAdmins: true, done: '200' },
  { action: 'GET manifest', byAdmins: false, done: '200' },
  { action: 'GET files/{name}', byAdmins: false, done: '200' },
  { action: 'POST link', byAdmins: false, done: '200' },
  { action: 'POST cancel', byAdmins: true, done: '200' },
  { action: 'DELETE', byAdmins: true, done: '204' },
];

export function exportAccess(callers: () => Callers): readonly SubscriptionRow[] {
  const rows: SubscriptionRow[] = [];
  const made = new Map<Owner, Promise<string>>();
  const bodyOf = (mark: string): object => ({
    format: 'cadf-ndjson',
    // No event is of this source.
    source: 'nowhere',
    name: `export ${mark}`,
    filter: `not target/name = 'x ${mark}'`,
  });
  async function done(ask: Ask, owner: Owner, mark: string): Promise<string> {
    const asked = await ask(callers()[owner], `POST ${PATH}`, { body: bodyOf(mark) });
    const { id } = asked.json<{ id: string }>();
    for (;;) {
      const { status } = (await ask(callers()[owner], `GET ${PATH}/${id}`)).json<{ status: string }>();
      if (status === 'done') return id;
      if (status === 'failed') throw new Error(`the export of ${owner} failed`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
  /** One that stays, for all rows that do not delete it. */
  const kept = (ask: Ask, owner: Owner, mark: string): Promise<string> => {
    const id = made.get(owner) ?? done(ask, owner, mark);
    made.set(owner, id);
    return id;
  };
  const by = (seers: readonly Seer[], verdict: (seer: Seer) => string): SubscriptionRow['expected'] =>
    Object.fromEntries(seers.map((seer) => [seer, verdict(seer)]));

  for (const { more, refused, what } of [
    { what: '', more: {}, refused: undefined },
    { what: 'of tenant b', more: { tenants: [TENANT.b] }, refused: '403 FORBIDDEN_TENANT' },
  ])
    rows.push({
      route: `POST ${PATH}`,
      what,
      expected: by(OWNERS, (owner) => (owner === 'exportA' ? (refused ?? '202') : '202')),
      run: async (ask, caller) => {
        const answer = await ask(caller, `POST ${PATH}`, { body: { ...bodyOf(''), ...more } });
        if (answer.status === 202) await ask(caller, `DELETE ${PATH}/${answer.json<{ id: string }>().id}`);
        return answer.verdict;
      },
    });
  rows.push({
    route: `GET ${PATH}`,
    what: '',
    expected: by(SEERS, (seer) =>
      [
        '200',
        ...EXPORTED.filter(({ admins, owner }) => owner === seer || admins.includes(seer)).map(
          ({ owner }) => owner,
        ),
      ].join(' '),
    ),
    run: async (ask, caller) => {
      const owners = new Map<string, string>();
      for (const { mark, owner } of EXPORTED) owners.set(await kept(ask, owner, mark), owner);
      const answer = await ask(caller, `GET ${PATH}?limit=1000`);
      if (answer.status !== 200) return answer.verdict;
      const listed = new Set(answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id));
      return ['200', ...[...owners].filter(([id]) => listed.has(id)).map(([, owner]) => owner)].join(' ');
    },
  });
  for (const { admins, mark, owner } of EXPORTED)
    for (const { action, byAdmins, done: verdict } of ACTIONS) {
      const [method = '', name] = action.split(' ');
      const below = name === undefined ? '' : `/${name}`;
      rows.push({
        route: `${method} ${PATH}/{id}${below}`,
        what: `of ${owner}`,
        expected: by(byAdmins ? SEERS : OWNERS, (seer) => {
          if (seer === owner) return verdict;
          if (!admins.includes(seer)) return ABSENT;
          return byAdmins ? verdict : NOT_YOURS;
        }),
        run: async (ask, caller: Caller) => {
          const id = method === 'DELETE' ? await done(ask, owner, mark) : await kept(ask, owner, mark);
          const path = below.replace('{name}', 'head.jws');
          const answer = await ask(caller, `${method} ${PATH}/${id}${path}`);
          if (method === 'DELETE' && answer.status !== 204)
            await ask(callers()[owner], `DELETE ${PATH}/${id}`);
          return answer.verdict;
        },
      });
    }
  rows.push({
    route: 'POST /cadf/v1/admin/federation/keys',
    what: '',
    expected: { adminA: '403 FORBIDDEN_TENANT', adminAll: '200', root: '200' } satisfies Partial<
      Record<CallerName, string>
    >,
    run: async (ask, caller) => (await ask(caller, 'POST /cadf/v1/admin/federation/keys')).verdict,
  });
  return rows;
}
