/** What is counted is what is read: facets, timeline, taxonomy and count against pages of events and the predicate. */
import { classifyAction, isMembers, isRoleName, resolveRole } from '@cadf-pipeline/cadf-model';
import { compilePredicate } from '@cadf-pipeline/event-filter';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { record } from '../../../test/contract/store-suite.ts';
import { startQueryApp } from './query-app.test-support.ts';
import type { QueryApp } from './query-app.test-support.ts';
import { parseFilterText } from './filter-parameter.ts';

const CALLERS = {
  all: { tenants: '*' },
  a: { tenants: ['tenant-a'] },
  bc: { tenants: ['tenant-b', 'tenant c/ö'] },
  none: { tenants: [] },
} as const;
type CallerName = keyof typeof CALLERS;

const odd = fc.constantFrom<unknown>(
  'x', 'X', '', 'ü😀', "it's\\\u001f", 0, 2.5, -1e21, true, null, ['x', 'y'], [], { x: 1 }, [['x'], { x: 'y' }, 7],
); // prettier-ignore
const resource = fc.record(
  {
    id: fc.oneof(odd, fc.constantFrom('target', 'initiator', 'r-1')),
    typeURI: fc.oneof(odd, fc.constantFrom('compute/machine', 'unknown')),
    name: odd,
    host: fc.record({ address: odd, agent: odd }, { requiredKeys: [] }),
    deep: odd,
  },
  { requiredKeys: ['id'] },
);
const arbitraryEvent = fc.record(
  {
    number: fc.nat(40),
    eventTime: fc.constantFrom(
      '2026-03-29T00:30:00.000+00:00', '2026-03-29T03:30:00.5+02:00', '2026-10-25T02:30:00+02:00',
      '2026-10-25T02:30:00.123456+01:00', '2026-10-25T23:59:59.999-0330', '1969-12-31T23:59:59.999999Z',
      '1970-01-01T05:29:59+05:30', '1915-05-05T12:00:00Z', '2026-11-01T24:00:00Z',
    ), // prettier-ignore
    outcome: fc.oneof(fc.constantFrom('pending', 'success', 'failure'), odd),
    action: fc.oneof(
      fc.constantFrom(
        'create',
        'CREATE',
        'create/x',
        'http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/action/create',
      ),
      fc.constantFrom('read/list', 'made.up', 'created.project', 'urn:x:y', 'a b'),
      odd,
    ),
    initiator: resource,
    target: resource,
    observer: resource,
    tags: fc.oneof(fc.array(odd, { maxLength: 3 }), odd),
    extra: odd,
    tenants: fc.subarray(['tenant-a', 'tenant-b', 'tenant c/ö']),
  },
  { requiredKeys: ['number', 'eventTime', 'outcome', 'tenants'] },
);

type Event = Readonly<Record<string, unknown>>;
interface Page {
  readonly events: readonly Event[];
  readonly next?: string;
}

let app: QueryApp;
/** By id and what the event is, as only this test knows. */
const tenantsOf = new Map<string, readonly string[]>();

beforeAll(async () => {
  app = await startQueryApp(CALLERS);
  const events = fc.sample(arbitraryEvent, { numRuns: 150, seed: 6 });
  const stored = events.map(({ number, tenants, ...event }, offset) => {
    const id = `e-${number}`;
    tenantsOf.set(`${id} ${offset}`, tenants);
    const source = `source-${number % 3}`;
    return record(offset, { id, ...event, offset }, { receivedMs: offset, source, tenants });
  });
  for (let from = 0; from < stored.length; from += 30) {
    const result = await app.store.insert(stored.slice(from, from + 30));
    expect(result.unreadable).toEqual([]);
  }
}, 60_000);
afterAll(() => app.close());

async function pages(caller: CallerName, query: string): Promise<Event[]> {
  const found: Event[] = [];
  for (let path: string | undefined = `events?limit=50&${query}`; path !== undefined;) {
    const { body, status } = await app.json(caller, path);
    expect(status).toBe(200);
    const { events, next } = body as Page;
    found.push(...events);
    path = next?.slice('/cadf/v1/'.length);
  }
  return found;
}

function valuesAt(value: unknown, steps: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((element) => valuesAt(element, steps));
  const [step, ...rest] = steps;
  if (step === undefined) return value === null || value === undefined ? [] : [value];
  return isMembers(value) ? valuesAt(value[step], rest) : [];
}

function text(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** Texts an event counts for. */
function counted(event: Event, field: string, caller: CallerName): string[] {
  const seen: '*' | readonly string[] = CALLERS[caller].tenants;
  const tenants = tenantsOf.get(`${text(event['id'])} ${text(event['offset'])}`) ?? [];
  if (field === 'tenant') return tenants.filter((tenant) => seen === '*' || seen.includes(tenant));
  if (field === 'source') return [`source-${Number(text(event['id']).slice(2)) % 3}`];
  const tags = event['tags'];
  if (field === 'tags')
    return Array.isArray(tags) ? distinct(tags.filter((tag) => typeof tag === 'string')) : [];
  const [first = '', ...rest] = field.split('/');
  const start = isRoleName(first) ? resolveRole(event, first).resource : event[first];
  if (TEXT_FIELDS.includes(field)) return distinct(valuesAt(start, rest).map(text));
  const one = rest.reduce<unknown>((at, step) => (isMembers(at) ? at[step] : undefined), start);
  return distinct([text(one)]);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}

const COLUMN_FIELDS = [
  'action',
  'outcome',
  'initiator/name',
  'initiator/host/address',
  'observer/id',
  'target/typeURI',
];
const TEXT_FIELDS = ['extra', 'initiator/deep', 'target/host/agent'];
const FIELDS = ['source', 'tenant', 'tags', ...COLUMN_FIELDS, ...TEXT_FIELDS];
function facetOf(lists: readonly (readonly string[])[], top: number): object {
  const counts = new Map<string, number>();
  for (const value of lists.flat()) counts.set(value, (counts.get(value) ?? 0) + 1);
  const values = [...counts]
    .sort((a, b) => b[1] - a[1] || Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])))
    .slice(0, top)
    .map(([value, count]) => ({ value, count }));
  const listed = new Set(values.map(({ value }) => value));
  return {
    values,
    other: lists.filter((list) => list.some((value) => !listed.has(value))).length,
    absent: lists.filter((list) => list.length === 0).length,
    distinct: counts.size,
  };
}

/** As `selection` asks, from pages of all events by the predicate. */
async function eventsOf(caller: CallerName, versions: string, filter: string): Promise<Event[]> {
  const all = await pages(caller, `versions=${versions}`);
  if (filter === '') return all;
  const passes = compilePredicate(parseFilterText(filter));
  return all.filter(passes);
}

/** Each filter, caller and kind of versions at least once. */
const selections: readonly (readonly [CallerName, 'merged' | 'all', filter: string, zone: string])[] = [
  ['all', 'merged', '', 'Europe/Berlin'],
  ['bc', 'all', '', 'UTC'],
  ['none', 'merged', '', 'UTC'],
  ['all', 'all', "outcome = 'success' or target/name = 'x'", 'America/St_Johns'],
  ['a', 'merged', "extra = 'x' and not (tags = 'x')", 'Europe/Berlin'],
  ['bc', 'merged', 'eventTime < 1970-01-01T00:00:00Z', 'Asia/Kolkata'],
  ['all', 'merged', "text ~ 'y'", 'Pacific/Apia'],
  ['a', 'all', 'initiator/id = null', 'UTC'],
];

test.each(selections)(
  'what %s sees in versions %s with filter %s is counted as it is read',
  async (caller, versions, filter, zone) => {
    const query = `versions=${versions}${filter === '' ? '' : `&filter=${encodeURIComponent(filter)}`}`;
    const events = await eventsOf(caller, versions, filter);
    expect(events.length > 0).toBe(caller !== 'none');

    const count = await app.json(caller, `count?${query}`);
    expect(count.body).toEqual({ count: events.length });

    const top = 2;
    for (const names of [FIELDS.slice(0, 9), FIELDS.slice(6)]) {
      const asked = names.map((name) => `&field=${encodeURIComponent(name)}`).join('');
      const { body } = await app.json(caller, `facets?${query}&top=${top}${asked}`);
      expect(body).toEqual({
        total: events.length,
        facets: names.map((field) => ({
          field,
          ...facetOf(
            events.map((event) => counted(event, field, caller)),
            top,
          ),
        })),
      });
    }

    const timeline = await app.json(caller, `timeline?${query}&interval=1M&zone=${zone}&by=outcome&top=2`);
    expectTimeline(timeline.body as TimelineBody, events, zone, caller);

    const tree = await app.json(caller, `taxonomy/actions?${query}`);
    expectActions(
      tree.body as TaxonomyBody,
      events.map((event) => counted(event, 'action', caller)[0]),
    );
  },
  60_000,
);

interface TimelineBody {
  readonly total: number;
  readonly buckets: readonly { readonly start: string; readonly count: number }[];
  readonly series: readonly { readonly value: string; readonly counts: readonly number[] }[];
  readonly other: readonly number[];
  readonly absent: readonly number[];
}

/** 24:00 is what comes after 23:59. */
function timeOf(event: Event): number {
  const written = text(event['eventTime']);
  return written.includes('T24')
    ? Date.UTC(2026, 10, 2)
    : Date.parse(written.replace(/(\d\d)(\d\d)$/, '$1:$2'));
}

function expectTimeline(
  timeline: TimelineBody,
  events: readonly Event[],
  zone: string,
  caller: CallerName,
): void {
  const format = new Intl.DateTimeFormat('sv', { timeZone: zone, year: 'numeric', month: '2-digit' });
  const monthOf = (event: Event): string => format.format(timeOf(event));
  const months = timeline.buckets.map(({ start }) => start.slice(0, 7));
  const countsOf = (passes: (outcome: string | undefined) => boolean): number[] =>
    months.map(
      (month) =>
        events.filter((event) => monthOf(event) === month && passes(counted(event, 'outcome', caller)[0]))
          .length,
    );
  expect(timeline.total).toBe(events.length);
  expect(timeline.buckets.map(({ count }) => count)).toEqual(countsOf(() => true));
  const listed = timeline.series.map(({ value }) => value);
  expect(timeline.series.map(({ counts }) => counts)).toEqual(
    listed.map((value) => countsOf((outcome) => outcome === value)),
  );
  expect(timeline.absent).toEqual(countsOf((outcome) => outcome === undefined));
  expect(timeline.other).toEqual(countsOf((outcome) => outcome !== undefined && !listed.includes(outcome)));
  // No month is left out.
  const numbers = months.map((month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
}

interface TaxonomyBody {
  readonly total: number;
  readonly absent: number;
  readonly nodes: readonly { readonly path: string; readonly own: number; readonly subtree: number }[];
  readonly outside: { readonly total: number };
}

function expectActions(tree: TaxonomyBody, actions: readonly (string | undefined)[]): void {
  const found = actions.flatMap((action) => (action === undefined ? [] : [classifyAction(action)]));
  const inside = found.flatMap(({ canonical, standard }) => (standard === undefined ? [] : [canonical]));
  expect(tree.total).toBe(actions.length);
  expect(tree.absent).toBe(actions.length - found.length);
  expect(tree.outside.total).toBe(found.length - inside.length);
  for (const { own, path, subtree } of tree.nodes) {
    expect(own, path).toBe(inside.filter((canonical) => canonical === path).length);
    expect(subtree, path).toBe(
      inside.filter((canonical) => canonical === path || canonical.startsWith(`${path}/`)).length,
    );
  }
  expect(tree.nodes.reduce((sum, { own }) => sum + own, 0)).toBe(inside.length);
}
