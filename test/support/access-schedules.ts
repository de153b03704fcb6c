/** Rows of the access matrix for schedules of exports: who makes, finds, changes, pauses and deletes whose. */
import { MARK, TENANT } from './access.ts';
import type { Ask, Caller, Callers } from './access.ts';
import type { SubscriptionRow } from './access-subscriptions.ts';

const PATH = '/cadf/v1/exports/schedules';
type Seer = 'adminA' | 'adminAll' | 'exportA' | 'root';
type Owner = 'exportA' | 'root';
const SEERS: readonly Seer[] = ['adminA', 'adminAll', 'exportA', 'root'];
const OWNERS: readonly Owner[] = ['exportA', 'root'];
const MADE: readonly { readonly owner: Owner; readonly mark: string; readonly admins: readonly Seer[] }[] = [
  { owner: 'exportA', mark: MARK.a, admins: ['adminA', 'adminAll', 'root'] },
  { owner: 'root', mark: MARK.provider, admins: ['adminAll', 'root'] },
];
const bodyOf = (mark: string): object => ({
  format: 'csv',
  source: 'nowhere',
  name: `schedule ${mark}`,
  // Never within the time of a test.
  cron: '0 0 29 2 *',
  window: 'previous-period',
});
const ACTIONS: readonly {
  readonly action: string;
  readonly body?: (mark: string) => object;
  readonly byAdmins: boolean;
  readonly done: string;
}[] = [
  { action: 'GET', byAdmins: true, done: '200' },
  { action: 'PUT', body: bodyOf, byAdmins: false, done: '200' },
  { action: 'POST pause', byAdmins: true, done: '200' },
  { action: 'POST resume', byAdmins: true, done: '200' },
  { action: 'DELETE', byAdmins: true, done: '204' },
];

export function scheduleAccess(callers: () => Callers): readonly SubscriptionRow[] {
  const make = async (ask: Ask, owner: Owner, mark: string): Promise<string> =>
    (await ask(callers()[owner], `POST ${PATH}`, { body: bodyOf(mark) })).json<{ id: string }>().id;
  const by = (seers: readonly Seer[], verdict: (seer: Seer) => string): SubscriptionRow['expected'] =>
    Object.fromEntries(seers.map((seer) => [seer, verdict(seer)]));

  const asking = [
    { what: '', more: {}, ofA: '201' },
    { what: 'of tenant b', more: { tenants: [TENANT.b] }, ofA: '403 FORBIDDEN_TENANT' },
  ].map(({ more, ofA, what }): SubscriptionRow => ({
    route: `POST ${PATH}`,
    what,
    expected: by(OWNERS, (owner) => (owner === 'exportA' ? ofA : '201')),
    run: async (ask, caller) => {
      const answer = await ask(caller, `POST ${PATH}`, { body: { ...bodyOf(''), ...more } });
      if (answer.status === 201) await ask(caller, `DELETE ${PATH}/${answer.json<{ id: string }>().id}`);
      return answer.verdict;
    },
  }));
  const listing: SubscriptionRow = {
    route: `GET ${PATH}`,
    what: '',
    expected: by(SEERS, (seer) =>
      [
        '200',
        ...MADE.flatMap(({ admins, owner }) => (owner === seer || admins.includes(seer) ? [owner] : [])),
      ].join(' '),
    ),
    run: async (ask, caller) => {
      const owners = new Map<string, Owner>();
      for (const { mark, owner } of MADE) owners.set(await make(ask, owner, mark), owner);
      const answer = await ask(caller, `GET ${PATH}?limit=1000`);
      for (const [id, owner] of owners) await ask(callers()[owner], `DELETE ${PATH}/${id}`);
      if (answer.status !== 200) return answer.verdict;
      const listed = new Set(answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id));
      return ['200', ...[...owners].filter(([id]) => listed.has(id)).map(([, owner]) => owner)].join(' ');
    },
  };
  const acting = MADE.flatMap(({ admins, mark, owner }) =>
    ACTIONS.map(({ action, body, byAdmins, done }): SubscriptionRow => {
      const [method = '', name] = action.split(' ');
      const below = name === undefined ? '' : `/${name}`;
      return {
        route: `${method} ${PATH}/{id}${below}`,
        what: `of ${owner}`,
        expected: by(byAdmins ? SEERS : OWNERS, (seer) => {
          if (seer === owner) return done;
          if (!admins.includes(seer)) return '404 SCHEDULE_NOT_FOUND';
          return byAdmins ? done : '403 EXPORT_NOT_YOURS';
        }),
        run: async (ask, caller: Caller) => {
          const id = await make(ask, owner, mark);
          const question = body === undefined ? {} : { body: body(mark) };
          const { verdict } = await ask(caller, `${method} ${PATH}/${id}${below}`, question);
          await ask(callers()[owner], `DELETE ${PATH}/${id}`);
          return verdict;
        },
      };
    }),
  );
  return [...asking, listing, ...acting];
}
