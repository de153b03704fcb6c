/** What `/v1` answers, against the same asked of every event of the store one by one. */
import { compilePredicate } from '@cadf-pipeline/event-filter';
import type { StoreRecord } from '@cadf-pipeline/event-store';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { records } from '../../../../test/contract/store-suite.ts';
import { startHermesApp } from './hermes-app.test-support.ts';
import type { HermesApp } from './hermes-app.test-support.ts';
import { searchFilter } from './search-filter.ts';

interface Sample {
  readonly id: string;
  readonly eventTime: string;
  readonly action: string;
  readonly outcome: string;
  readonly requestPath?: string;
  readonly initiator: { readonly id: string; readonly typeURI: string; readonly name?: string };
  readonly target: { readonly id: string; readonly typeURI: string };
  readonly observer: { readonly typeURI: string };
}

const FIELDS: Readonly<Record<string, (event: Sample) => string>> = {
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  request_path: ({ requestPath = '' }) => requestPath,
  observer_type: ({ observer }) => observer.typeURI,
  target_id: ({ target }) => target.id,
  target_type: ({ target }) => target.typeURI,
  initiator_id: ({ initiator }) => initiator.id,
  initiator_type: ({ initiator }) => initiator.typeURI,
  initiator_name: ({ initiator: { name = '' } }) => name,
};
const VALUES: Readonly<Record<string, readonly string[]>> = {
  action: ['create', 'update/add/port', 'update/remove/port', 'delete'],
  outcome: ['success', 'failure', 'pending'],
  request_path: ['/v2/a', '/v2/b?x=1&y=ü'],
  observer_type: ['service/network', 'service/compute'],
  target_id: ['t-1', 't-2', 'u-1'],
  target_type: ['network/port', 'compute/server'],
  initiator_id: ['u-1', 'u-2'],
  initiator_type: ['service/security/account/user', 'service/security/account/system'],
  initiator_name: ['ada', "o'brien", 'Grüße'],
};
const START = Date.UTC(2026, 9, 1);
const EVENTS = 200;

let hermes: HermesApp;
beforeAll(async () => {
  hermes = await startHermesApp({ a: { tenants: ['a'] }, b: { tenants: ['b'] }, all: {} });
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const pick = (name: string): string => VALUES[name]?.[random(VALUES[name].length)] ?? '';
  const stored: StoreRecord[] = [];
  for (let i = 0; i < EVENTS; i++) {
    const tenants = [['a'], ['b'], ['a', 'b'], []][random(4)] ?? [];
    const name = pick('initiator_name');
    const event = {
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
      id: `e-${i}`,
      eventType: 'activity',
      eventTime: new Date(START + random(20_000)).toISOString(),
      action: pick('action'),
      outcome: pick('outcome'),
      ...(random(3) === 0 ? {} : { requestPath: pick('request_path') }),
      initiator: {
        id: pick('initiator_id'),
        typeURI: pick('initiator_type'),
        ...(random(3) > 0 && { name }),
      },
      target: { id: pick('target_id'), typeURI: pick('target_type') },
      observer: random(5) === 0 ? { id: 'target' } : { id: 'o', typeURI: pick('observer_type') },
      attachments: [{ name: 'note', content: `number ${i % 7} of seven` }],
    };
    const versions = random(4) === 0 ? [{ ...event, outcome: 'pending' }, event] : [event];
    stored.push(...records(stored.length, versions, { tenants }));
  }
  await hermes.store.insert(stored);
});
afterAll(() => hermes.close());

async function everyEvent(caller: string): Promise<Sample[]> {
  const tenants = caller === 'all' ? '*' : [caller];
  const events = await hermes.store.events({ tenants }, { order: 'desc', limit: 10_000 });
  return events.map(({ text }) => {
    const event = JSON.parse(text) as Sample & { observer: { id: string } };
    return event.observer.id === 'target' ? { ...event, observer: event.target } : event;
  });
}

const filters = fc.record(
  Object.fromEntries(
    Object.entries(VALUES).map(([name, values]) => [
      name,
      fc.tuple(fc.constantFrom('', '!'), fc.constantFrom(...values, 'nowhere')).map((both) => both.join('')),
    ]),
  ),
  { requiredKeys: [] },
);
const second = fc.integer({ min: 0, max: 20 }).map((seconds) => START + seconds * 1000);
const times = fc.record({ gte: second, gt: second, lte: second, lt: second }, { requiredKeys: [] });
const question = fc.record({
  caller: fc.constantFrom('a', 'b', 'all'),
  filters: fc.oneof(filters, fc.constant({})),
  times: fc.oneof(times, fc.constant({})),
  sort: fc.constantFrom('', 'time:asc', 'action,target_id:desc', 'initiator_name:desc,time'),
  offset: fc.integer({ min: 0, max: 30 }),
});

it('a list holds what one by one is found, and its total counts it', async () => {
  await fc.assert(
    fc.asyncProperty(question, async ({ caller, filters: asked, offset, sort, times: range }) => {
      const bounds = Object.entries(range) as [keyof typeof range, number][];
      const time = bounds.map(([operator, ms]) => `${operator}:${new Date(ms).toISOString().slice(0, 19)}`);
      const query = new URLSearchParams({
        ...asked,
        time: time.join(','),
        sort,
        offset: String(offset),
        limit: '50',
      });
      const answer = await hermes.get(caller, `/v1/events?${query}`);
      const found = answer.json<{ total: number; events: { id: string }[] }>();

      const expected = (await everyEvent(caller)).filter((event) => {
        const ms = Date.parse(event.eventTime);
        return (
          Object.entries(asked).every(([name, value = '']) => {
            const has = FIELDS[name]?.(event);
            return value.startsWith('!') ? has !== value.slice(1) : has === value;
          }) &&
          bounds.every(([operator, bound]) => {
            if (operator === 'gte') return ms >= bound;
            if (operator === 'gt') return ms >= bound + 1000;
            return operator === 'lt' ? ms < bound : ms < bound + 1000;
          })
        );
      });
      expect(found.total).toBe(expected.length);
      expect(found.events).toHaveLength(Math.min(50, Math.max(0, expected.length - offset)));
      const ids = found.events.map(({ id }) => id);
      if (sort === '') expect(ids).toEqual(expected.slice(offset, offset + 50).map(({ id }) => id));
      else expect(expected.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    }),
    { numRuns: 30 },
  );
});

it.each(['ada', 'grüße OR network', '+port -ada', '"of seven" AND 3', 'initiator.name:ada', 'NOT compute'])(
  'a search finds what one by one is found: %s',
  async (search) => {
    const answer = await hermes.get('a', `/v1/events?${new URLSearchParams({ search, limit: '1000' })}`);
    const filter = searchFilter(search);
    const finds = filter === undefined ? () => true : compilePredicate(filter);
    const stored = await hermes.store.events({ tenants: ['a'] }, { order: 'desc', limit: 10_000 });
    const expected = stored.filter(({ text }) => finds(JSON.parse(text))).map(({ id }) => id);
    const found = answer.json<{ total: number; events: { id: string }[] }>();
    expect(found.events.map(({ id }) => id)).toEqual(expected);
    expect(found.total).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(0);
  },
);

it('attributes are the values that one by one are found', async () => {
  for (const caller of ['a', 'b', 'all'])
    for (const [name, read] of Object.entries(FIELDS)) {
      const values = (await hermes.get(caller, `/v1/attributes/${name}`)).json<string[]>();
      const expected = new Set((await everyEvent(caller)).map(read).filter((value) => value !== ''));
      expect(values.toSorted()).toEqual([...expected].toSorted());
    }
});
