/**
 * What a managed subscription delivers is what the query with `versions=all` gives over the same stretch: for any
 * filter, tenant, source and rights of the owner, and from any place, in the order of acceptance, each once.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arbitraryEventText } from '../support/arbitrary-event-text.ts';
import { arbitraryFilterText } from '../support/arbitrary-filter.ts';
import { testEvent } from '../support/events.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { startWebhookReceiver } from '../support/webhook-receiver.ts';
import type { WebhookReceiver } from '../support/webhook-receiver.ts';

const TENANTS = ['t1', 't2', 't3'];
const SOURCES = ['nova', 'keystone'];
const TIMES = [
  '2026-10-31T23:59:59.999999Z',
  '2026-11-01T02:00:00.123456+02:00',
  '1969-12-31T23:59:59.5+00:00',
];
const ARRIVAL_MS = 60_000;
const RUNS = 8;

let service: TestService;
let receiver: WebhookReceiver;
/** Of the last event that was made up: tells versions of an event apart, in the order in which they were sent. */
let serial = 0;
let paths = 0;

beforeAll(async () => {
  const env = { CADF_WEBHOOK_ALLOW_PRIVATE: 'true', CADF_STREAM_PARTITIONS: '3' };
  [service, receiver] = await Promise.all([startService({ env }), startWebhookReceiver()]);
}, 90_000);
afterAll(async () => {
  await service.kill();
  service.clean();
  await receiver.close();
});

/** The JSON text of an event by its number; an id out of few, so that there are several versions of some. */
const id = fc.integer({ min: 0, max: 12 }).map((number) => `e-${number}`);
const usual = fc
  .record({
    id,
    eventTime: fc.constantFrom(...TIMES),
    action: fc.constantFrom('read', 'read/list', 'create', 'authenticate/login'),
    outcome: fc.constantFrom('success', 'failure', 'failure/x'),
    initiator: fc.constantFrom(...TENANTS).map((project) => ({
      id: 'u-1',
      typeURI: 'data/security/account/user',
      name: 'root',
      project_id: project,
    })),
    name: fc.constantFrom('x', 'nova-boot', 'Root ADMIN'),
  })
  .map((changes) => (number: number) => JSON.stringify({ serial: number, ...testEvent(changes) }));
const odd = fc.tuple(id, arbitraryEventText).map(
  ([name, text]) =>
    (number: number) =>
      `{"serial":${number},${text(name).slice(1)}`,
);
const refused = fc.constantFrom('{"id":"no-event"}', '17', '[]').map((text) => () => text);
const repeated = fc.nat({ max: 30 }).map((back) => ({ back }));
const submission = fc.record({
  source: fc.constantFrom(...SOURCES),
  events: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: usual },
      { weight: 5, arbitrary: odd },
      { weight: 1, arbitrary: refused },
      { weight: 2, arbitrary: repeated },
    ),
    { minLength: 4, maxLength: 20, size: 'max' },
  ),
});
type Submission = typeof submission extends fc.Arbitrary<infer T> ? T : never;

const submissions = fc.array(submission, { minLength: 2, maxLength: 5, size: 'max' });
const scenario = fc.record({
  before: submissions,
  after: submissions,
  asked: fc.array(
    fc.record(
      {
        filter: fc.oneof(
          arbitraryFilterText,
          fc.constantFrom("outcome within 'failure'", "action = 'read'", "not name = 'x'", 'serial > 0'),
        ),
        tenant: fc.constantFrom(...TENANTS),
        source: fc.constantFrom(...SOURCES),
      },
      { requiredKeys: [] },
    ),
    { minLength: 2, maxLength: 4 },
  ),
  scope: fc.oneof(fc.constant('*' as const), fc.subarray(TENANTS, { minLength: 1 })),
  start: fc.oneof(
    fc.constant({ kind: 'now' as const }),
    fc
      .constantFrom(...TIMES, '2026-11-01T00:00:00.124Z', '1900-01-01T00:00:00Z')
      .map((from) => ({ kind: 'from' as const, from })),
    fc.nat().map((batch) => ({ kind: 'cursor' as const, batch })),
  ),
  maxEvents: fc.integer({ min: 1, max: 5 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;
type Asked = Scenario['asked'][number];

interface Numbered {
  readonly serial?: number;
}
interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function post(path: string, body: unknown, key?: string): Promise<Answer> {
  const response = await service.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(key === undefined ? {} : { key }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** What was submitted in a scenario. */
interface Sent {
  /** Texts by source, the last one last. */
  readonly texts: Map<string, string[]>;
  /** Of those that were taken, the versions: what came again after another version is not told apart at intake. */
  readonly taken: Set<string>;
}

/** Submits one after the other. */
async function submit(all: readonly Submission[], { taken, texts }: Sent): Promise<void> {
  for (const { events, source } of all) {
    const known = texts.get(source) ?? [];
    texts.set(source, known);
    const batch = events.map((event) => {
      if (typeof event === 'object') return known.at(-1 - (event.back % Math.max(known.length, 1))) ?? '{}';
      const text = event(++serial);
      known.push(text);
      return text;
    });
    const path = `/cadf/v1/events?source=${source}&profile=lenient&results=all`;
    const { body, status } = await post(path, `[${batch.join(',')}]`);
    expect([202, 422]).toContain(status);
    for (const { index, status: outcome } of body['results'] as { index: number; status: string }[])
      if (outcome === 'accepted') taken.add(`${source} ${batch[index]}`);
  }
}

/** What arrived, the events of the system itself left out. */
function delivered(path: string): readonly string[] {
  const batches = receiver.received.filter((batch) => batch.path === path);
  return batches.flatMap(({ body }) => numbered(JSON.parse(body.toString()) as Numbered[]));
}

function numbered(events: readonly Numbered[]): readonly string[] {
  return events.filter((event) => event.serial !== undefined).map((event) => JSON.stringify(event));
}

function serialOf(text: string): number {
  return (JSON.parse(text) as Required<Numbered>).serial;
}

/** In the order in which they were sent. Undefined: it may not be asked. */
async function queried(asked: Asked, key: string, from?: string): Promise<readonly string[] | undefined> {
  const { body, status } = await post(
    '/cadf/v1/query',
    { ...asked, versions: 'all', limit: 5000, ...(from === undefined ? {} : { from }) },
    key,
  );
  if (status === 400) return undefined;
  expect([status, body]).toMatchObject([200, {}]);
  return numbered(body['events'] as Numbered[]).toSorted((left, right) => serialOf(left) - serialOf(right));
}

interface Made {
  readonly id: string;
  readonly path: string;
}

async function subscribe(asked: object, key: string): Promise<Made | undefined> {
  const path = `/${++paths}`;
  const { body, status } = await post(
    '/cadf/v1/subscriptions',
    { type: 'webhook', url: receiver.url + path, ...asked },
    key,
  );
  if (status === 400) return undefined;
  expect([status, body]).toMatchObject([201, {}]);
  return { id: String(body['id']), path };
}

test('what is delivered equals what is queried', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(scenario, holds), { numRuns: RUNS, endOnFailure: true });
});

async function holds({ after, asked, before, maxEvents, scope, start }: Scenario): Promise<void> {
  const name = `owner-${paths}-${serial}`;
  const key = String(
    (await post('/cadf/v1/admin/keys', { name, roles: ['query'], tenants: scope })).body['token'],
  );
  const batch = { maxEvents, maxWaitMs: 5 };
  const sent: Sent = { texts: new Map(), taken: new Set() };
  const begun = serial;
  const witness = await subscribe({ batch }, service.key);
  const made: Made[] = witness === undefined ? [] : [witness];
  const questions = asked.filter(
    ({ tenant }) => tenant === undefined || scope === '*' || scope.includes(tenant),
  );
  const early = await Promise.all(questions.map((question) => subscribe({ ...question, batch }, key)));
  await submit(before, sent);
  await arrived(witness, sent.taken.size);
  const half = serial;
  const checks: (() => Promise<void>)[] = [];
  for (const [index, question] of questions.entries()) {
    const first = early[index];
    const all = await queried(question, key);
    // What may not be asked may not be subscribed to, and the other way round.
    expect(first === undefined, JSON.stringify(question)).toBe(all === undefined);
    if (first === undefined) continue;
    made.push(first);
    checks.push(() => given(first, question, (serialNumber) => serialNumber > begun, []));
    const begins = beginning(start, first);
    const later = await subscribe({ ...question, batch, ...begins.asked }, key);
    expect(later).toBeDefined();
    if (later === undefined) continue;
    made.push(later);
    const past = 'from' in begins.asked ? ((await queried(question, key, begins.asked.from)) ?? []) : [];
    checks.push(() => given(later, question, (number) => number > (begins.after ?? half), past));
  }
  await submit(after, sent);
  await arrived(witness, sent.taken.size);
  // Twice: what must not come could come late.
  for (const check of [...checks, ...checks]) await check();
  for (const one of made) await service.fetch(`/cadf/v1/subscriptions/${one.id}`, { method: 'DELETE' });

  async function given(
    { path }: Made,
    question: Asked,
    isLater: (serial: number) => boolean,
    past: readonly string[],
  ): Promise<void> {
    const now = (await queried(question, key)) ?? [];
    const wanted = [
      ...past.filter((text) => !isLater(serialOf(text))),
      ...now.filter((text) => isLater(serialOf(text))),
    ];
    await until(async () => delivered(path).length >= wanted.length, ARRIVAL_MS).catch(() => undefined);
    expect(delivered(path), JSON.stringify({ question, scope, start })).toEqual(wanted);
  }
}

/** Of a subscription that asks the same, some batches have come already. */
function beginning(
  start: Scenario['start'],
  { path }: Made,
): { asked: { from?: string; cursor?: string }; after?: number } {
  if (start.kind === 'from') return { asked: { from: start.from } };
  if (start.kind === 'now') return { asked: {} };
  const batches = receiver.received.filter((batch) => batch.path === path);
  const batch = batches[start.batch % Math.max(batches.length, 1)];
  const last =
    batch === undefined ? undefined : numbered(JSON.parse(batch.body.toString()) as Numbered[]).at(-1);
  if (batch === undefined || last === undefined) return { asked: {} };
  return { asked: { cursor: String(batch.headers['cadf-cursor']) }, after: serialOf(last) };
}

async function arrived(witness: Made | undefined, count: number): Promise<void> {
  const come = (): number => (witness === undefined ? 0 : delivered(witness.path).length);
  await until(
    async () => come() >= count,
    ARRIVAL_MS,
    () => `${come()} of ${count} arrived`,
  );
  expect(come()).toBe(count);
}
