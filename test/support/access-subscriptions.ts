/** Rows of the access matrix for managed subscriptions: who finds, changes, pauses, tests and deletes whose. */
import { MARK, TENANT } from './access.ts';
import type { Ask, Caller, CallerName, Callers } from './access.ts';

export interface SubscriptionRow {
  readonly route: string;
  readonly what: string;
  readonly run: (ask: Ask, caller: Caller) => Promise<string>;
  readonly expected: Partial<Record<CallerName, string>>;
}

const PATH = '/cadf/v1/subscriptions';
const ABSENT = '404 SUBSCRIPTION_NOT_FOUND';
const NOT_YOURS = '403 SUBSCRIPTION_NOT_YOURS';
const OWNERS = [
  'queryA', 'exportA', 'queryB', 'queryAB', 'queryNone', 'queryAll', 'root',
] as const satisfies readonly CallerName[]; // prettier-ignore
type OwnerName = (typeof OWNERS)[number];
const SEERS = [...OWNERS, 'adminA', 'adminAll'] as const satisfies readonly CallerName[];
type Seer = (typeof SEERS)[number];

/** Whose there are, what stands in them that only some may see, and who administers them. */
const SUBSCRIBED: readonly {
  readonly owner: OwnerName;
  readonly mark: string;
  readonly admins: readonly Seer[];
}[] = [
  { owner: 'queryA', mark: MARK.a, admins: ['adminA', 'adminAll', 'root'] },
  { owner: 'exportA', mark: MARK.a, admins: ['adminA', 'adminAll', 'root'] },
  { owner: 'queryB', mark: MARK.b, admins: ['adminAll', 'root'] },
  { owner: 'queryAB', mark: '', admins: ['adminAll', 'root'] },
  { owner: 'queryNone', mark: '', admins: ['adminAll', 'root'] },
  { owner: 'queryAll', mark: MARK.provider, admins: ['adminAll', 'root'] },
];

/** What may be done with one, with what, and whether an admin may. */
const ACTIONS: readonly {
  readonly action: string;
  readonly body?: object;
  readonly byAdmins: boolean;
  readonly done: string;
}[] = [
  { action: 'GET', byAdmins: true, done: '200' },
  { action: 'GET deliveries', byAdmins: true, done: '200' },
  { action: 'POST pause', byAdmins: true, done: '200' },
  { action: 'POST resume', byAdmins: true, done: '200' },
  { action: 'PATCH', body: { batch: null }, byAdmins: false, done: '200' },
  { action: 'POST replay', body: { from: '2999-01-01T00:00:00Z' }, byAdmins: false, done: '200' },
  { action: 'POST rotate-secret', body: { overlapSeconds: 0 }, byAdmins: false, done: '200' },
  { action: 'POST test', byAdmins: false, done: '200' },
  { action: 'DELETE', byAdmins: true, done: '204' },
];

export function subscriptionAccess(callers: () => Callers): readonly SubscriptionRow[] {
  const rows: SubscriptionRow[] = [];
  const made = new Map<OwnerName, Promise<string>>();
  const bodyOf = (mark: string): object => ({
    type: 'webhook',
    // Nothing is found under this name, and no event is of this source.
    url: 'https://receiver.invalid/hook',
    source: 'nowhere',
    name: `subscription ${mark}`,
    filter: `not target/name = 'x ${mark}'`,
  });
  const subscribe = async (ask: Ask, owner: OwnerName, mark: string): Promise<string> =>
    (await ask(callers()[owner], `POST ${PATH}`, { body: bodyOf(mark) })).json<{ id: string }>().id;
  /** One that stays, for all rows that do not delete it. */
  const kept = (ask: Ask, owner: OwnerName, mark: string): Promise<string> => {
    const id = made.get(owner) ?? subscribe(ask, owner, mark);
    made.set(owner, id);
    return id;
  };
  const bySeer = (verdict: (seer: Seer) => string, seers: readonly Seer[]): SubscriptionRow['expected'] =>
    Object.fromEntries(seers.map((seer) => [seer, verdict(seer)]));

  for (const { expected, more, what } of [
    { what: '', more: {}, expected: bySeer(() => '201', OWNERS) },
    {
      what: 'to tenant a',
      more: { tenant: TENANT.a },
      expected: bySeer(
        (seer) => (seer === 'queryB' || seer === 'queryNone' ? '403 FORBIDDEN_TENANT' : '201'),
        OWNERS,
      ),
    },
  ]) {
    rows.push({
      route: `POST ${PATH}`,
      what,
      expected,
      run: async (ask, caller) => {
        const answer = await ask(caller, `POST ${PATH}`, { body: { ...bodyOf(''), ...more } });
        if (answer.status === 201) await ask(caller, `DELETE ${PATH}/${answer.json<{ id: string }>().id}`);
        return answer.verdict;
      },
    });
  }
  rows.push({
    route: `GET ${PATH}`,
    what: '',
    expected: bySeer((seer) => {
      const seen = SUBSCRIBED.filter(({ admins, owner }) => owner === seer || admins.includes(seer));
      return ['200', ...seen.map(({ owner }) => owner)].join(' ');
    }, SEERS),
    run: async (ask, caller) => {
      const owners = new Map<string, string>();
      for (const { mark, owner } of SUBSCRIBED) owners.set(await kept(ask, owner, mark), owner);
      const answer = await ask(caller, `GET ${PATH}?limit=1000`);
      if (answer.status !== 200) return answer.verdict;
      const listed = new Set(answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id));
      return ['200', ...[...owners].filter(([id]) => listed.has(id)).map(([, owner]) => owner)].join(' ');
    },
  });
  for (const { admins, mark, owner } of SUBSCRIBED) {
    for (const { action, body, byAdmins, done } of ACTIONS) {
      const [method = '', name] = action.split(' ');
      const below = name === undefined ? '' : `/${name}`;
      rows.push({
        route: `${method} ${PATH}/{id}${below}`,
        what: `of ${owner}`,
        expected: bySeer(
          (seer) => {
            if (seer === owner) return done;
            if (!admins.includes(seer)) return ABSENT;
            return byAdmins ? done : NOT_YOURS;
          },
          byAdmins ? SEERS : OWNERS,
        ),
        run: async (ask, caller) => {
          const id = method === 'DELETE' ? await subscribe(ask, owner, mark) : await kept(ask, owner, mark);
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
