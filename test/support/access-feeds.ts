/** Rows of the access matrix for feeds: who makes, finds, changes, pulls, opens and deletes whose. */
import { MARK, TENANT } from './access.ts';
import type { Ask, Caller, CallerName, Callers } from './access.ts';
import type { SubscriptionRow } from './access-subscriptions.ts';

const PATH = '/cadf/v1/feeds';
const ABSENT = '404 FEED_NOT_FOUND';
const NOT_YOURS = '403 FEED_NOT_YOURS';
type Seer = 'adminA' | 'adminAll' | 'exportA' | 'root';
type Owner = 'exportA' | 'root';
const SEERS: readonly Seer[] = ['adminA', 'adminAll', 'exportA', 'root'];
const OWNERS: readonly Owner[] = ['exportA', 'root'];
const FED: readonly { readonly owner: Owner; readonly mark: string; readonly admins: readonly Seer[] }[] = [
  { owner: 'exportA', mark: MARK.a, admins: ['adminA', 'adminAll', 'root'] },
  { owner: 'root', mark: MARK.provider, admins: ['adminAll', 'root'] },
];
const ACTIONS: readonly {
  readonly action: string;
  readonly path?: string;
  readonly body?: object;
  readonly byAdmins: boolean;
  readonly done: string;
}[] = [
  { action: 'GET', byAdmins: true, done: '200' },
  { action: 'GET segments', byAdmins: false, done: '200' },
  {
    action: 'GET segments/{name}',
    path: 'segments/000000000001.manifest.json',
    byAdmins: false,
    done: '200',
  },
  { action: 'GET head', byAdmins: false, done: '200' },
  { action: 'PATCH', body: { cadenceSeconds: 3600 }, byAdmins: false, done: '200' },
  { action: 'POST credentials', body: { name: 'somebody' }, byAdmins: false, done: '201' },
  {
    action: 'DELETE credentials/{credential}',
    path: 'credentials/5f0e4d539a55',
    byAdmins: false,
    done: '404 FEED_TOKEN_NOT_FOUND',
  },
  { action: 'POST invitations', body: { url: 'https://here.example' }, byAdmins: false, done: '201' },
  { action: 'POST pause', byAdmins: true, done: '200' },
  { action: 'POST resume', byAdmins: true, done: '200' },
  { action: 'DELETE', byAdmins: true, done: '204' },
];

export function feedAccess(callers: () => Callers): readonly SubscriptionRow[] {
  const rows: SubscriptionRow[] = [];
  const made = new Map<Owner, Promise<string>>();
  let number = 0;
  const bodyOf = (mark: string): object => ({
    id: `feed-${number++}`,
    // No event is of this source; what is stored already is the first period, which is over.
    source: 'nowhere',
    start: 'beginning',
    cadenceSeconds: 86_400,
    name: `feed ${mark}`,
    filter: `not target/name = 'x ${mark}'`,
  });
  const make = async (ask: Ask, owner: Owner, mark: string): Promise<string> =>
    (await ask(callers()[owner], `POST ${PATH}`, { body: bodyOf(mark) })).json<{ id: string }>().id;
  /** One with a segment that stays, for all rows that do not delete it. */
  async function cut(ask: Ask, owner: Owner, mark: string): Promise<string> {
    const id = await make(ask, owner, mark);
    for (;;) {
      const found = await ask(callers()[owner], `GET ${PATH}/${id}`);
      const { sequence, state } = found.json<{ status: { sequence: number; state: string } }>().status;
      if (sequence > 0) return id;
      if (state === 'stopped') throw new Error(`the feed of ${owner} stopped: ${found.text}`);
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
  const kept = (ask: Ask, owner: Owner, mark: string): Promise<string> => {
    const id = made.get(owner) ?? cut(ask, owner, mark);
    made.set(owner, id);
    return id;
  };
  const by = (seers: readonly Seer[], verdict: (seer: Seer) => string): SubscriptionRow['expected'] =>
    Object.fromEntries(seers.map((seer) => [seer, verdict(seer)])) satisfies Partial<
      Record<CallerName, string>
    >;

  for (const { more, refused, what } of [
    { what: '', more: {}, refused: undefined },
    { what: 'of tenant b', more: { tenants: [TENANT.b] }, refused: '403 FORBIDDEN_TENANT' },
  ])
    rows.push({
      route: `POST ${PATH}`,
      what,
      expected: by(OWNERS, (owner) => (owner === 'exportA' ? (refused ?? '201') : '201')),
      run: async (ask, caller) => {
        const answer = await ask(caller, `POST ${PATH}`, { body: { ...bodyOf(''), ...more } });
        if (answer.status === 201) await ask(caller, `DELETE ${PATH}/${answer.json<{ id: string }>().id}`);
        return answer.verdict;
      },
    });
  rows.push({
    route: `GET ${PATH}`,
    what: '',
    expected: by(SEERS, (seer) => {
      const seen = FED.filter(({ admins, owner }) => owner === seer || admins.includes(seer));
      return ['200', ...seen.map(({ owner }) => owner)].join(' ');
    }),
    run: async (ask, caller) => {
      const owners = new Map<string, string>();
      for (const { mark, owner } of FED) owners.set(await kept(ask, owner, mark), owner);
      const answer = await ask(caller, `GET ${PATH}?limit=1000`);
      if (answer.status !== 200) return answer.verdict;
      const listed = new Set(answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id));
      return ['200', ...[...owners].filter(([id]) => listed.has(id)).map(([, owner]) => owner)].join(' ');
    },
  });
  for (const { admins, mark, owner } of FED)
    for (const { action, body, byAdmins, done, path } of ACTIONS) {
      const [method = '', name] = action.split(' ');
      const below = name === undefined ? '' : `/${path ?? name}`;
      rows.push({
        route: `${method} ${PATH}/{id}${name === undefined ? '' : `/${name}`}`,
        what: `of ${owner}`,
        expected: by(byAdmins ? SEERS : OWNERS, (seer) => {
          if (seer === owner) return done;
          if (!admins.includes(seer)) return ABSENT;
          return byAdmins ? done : NOT_YOURS;
        }),
        run: async (ask: Ask, caller: Caller) => {
          const gone = action === 'DELETE';
          const id = await (gone ? make : kept)(ask, owner, mark);
          const question = body === undefined ? {} : { body };
          const { status, verdict } = await ask(caller, `${method} ${PATH}/${id}${below}`, question);
          if (gone && status !== 204) await ask(callers()[owner], `DELETE ${PATH}/${id}`);
          return verdict;
        },
      });
    }
  return rows;
}
