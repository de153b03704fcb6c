import { isValid, validateEvent } from '@cadf-pipeline/cadf-model';
import { MAX_WEBHOOK_SECRETS } from '@cadf-pipeline/control-state';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../../../test/support/service.ts';
import { makeCertificate } from '../../../../packages/guarded-http/src/receiver.test-support.ts';
import { startSubscriptionApp } from './subscription-app.test-support.ts';
import type { Received, Reply, SubscriptionApp } from './subscription-app.test-support.ts';

let app: SubscriptionApp;
let hook: { readonly type: 'webhook'; readonly url: string };
const CERTIFICATE = makeCertificate();
/** Of the key, where keys differ. */
const KEY_TEXT = CERTIFICATE.key.split('\n')[2] ?? '';
const TOPIC = {
  type: 'kafka',
  topic: 'audit',
  brokers: ['kafka.example:9093'],
  tls: { ca: CERTIFICATE.cert, ...CERTIFICATE },
  sasl: { mechanism: 'plain', username: 'u', password: 'P4SS' },
  source: 'nowhere',
} as const;

beforeAll(async () => {
  app = await startSubscriptionApp();
  hook = { type: 'webhook', url: app.receiver.url };
  await app.key('ada');
  await app.key('admina', { roles: ['admin'] });
});
beforeEach(() => {
  app.receiver.status = 200;
});
afterAll(() => app.close());

async function make(body: object): Promise<string> {
  const answer = await app.call('ada', 'POST subscriptions', body);
  expect(answer.verdict + (answer.status === 201 ? '' : answer.text)).toBe('201');
  return String(answer.body['id']);
}
const read = (id: string): Promise<Reply> => app.call('ada', `GET subscriptions/${id}`);
const deliveryOf = async (id: string): Promise<Record<string, unknown>> =>
  (await read(id)).body['delivery'] as Record<string, unknown>;
const toldTo = (id: string): readonly Received[] =>
  app.receiver.requests.filter(({ headers }) => headers['cadf-subscription'] === id);
const heardBy = (id: string): readonly string[] =>
  toldTo(id).flatMap(({ body }) => (JSON.parse(body) as { id: string }[]).map((event) => event.id));
const heard = (id: string, event: string): Promise<void> =>
  until(() => Promise.resolve(heardBy(id).includes(event)));
const end = async (id: string): Promise<void> => {
  expect((await app.call('ada', `DELETE subscriptions/${id}`)).status).toBe(204);
};

describe('a change', () => {
  test('replaces what it names, takes away what is null, and leaves the rest', async () => {
    const id = await make({
      ...hook,
      name: 'old',
      filter: 'id exists',
      batch: { maxEvents: 2, maxWaitMs: 1 },
    });
    const changed = await app.call('ada', `PATCH subscriptions/${id}`, {
      name: null,
      filter: "outcome = 'failure'",
      batch: { maxEvents: 3 },
      format: 'cadf-ndjson',
    });
    expect(changed.body).toMatchObject({
      filter: "outcome = 'failure'",
      batch: { maxEvents: 3 },
      format: 'cadf-ndjson',
      url: hook.url,
    });
    expect(changed.body).not.toHaveProperty('name');
    expect(changed.body['batch']).toEqual({ maxEvents: 3 });
    const back = await app.call('ada', `PATCH subscriptions/${id}`, {
      filter: null,
      batch: null,
      format: null,
    });
    for (const member of ['filter', 'batch', 'format']) expect(back.body).not.toHaveProperty(member);
    await end(id);
  });

  test('with another filter goes on from where it is', async () => {
    const id = await make({ ...hook, filter: "outcome = 'failure'" });
    await app.event('bad-before');
    await app.event('good-before');
    await heard(id, 'bad-before');
    await until(async () => (await deliveryOf(id))['delivered'] === 1);
    await app.call('ada', `PATCH subscriptions/${id}`, { filter: "outcome = 'success'", paused: false });
    await app.event('good-after');
    await app.event('bad-after');
    await heard(id, 'good-after');
    expect(heardBy(id)).toContain('good-after');
    expect(heardBy(id)).not.toContain('bad-after');
    await end(id);
  });

  test('is made from the version that If-Match names, or not at all', async () => {
    const id = await make(TOPIC);
    const { etag } = (await read(id)).headers;
    const first = await app.call('ada', `PATCH subscriptions/${id}`, { name: '1' }, { 'if-match': String(etag) });
    const late = await app.call('ada', `PATCH subscriptions/${id}`, { name: '2' }, { 'if-match': String(etag) });
    const gone = await app.call('ada', `DELETE subscriptions/${id}`, null, { 'if-match': String(etag) });
    expect([first.verdict, late.verdict, gone.verdict]).toEqual(['200', '412 CONTROL_VERSION', '412 CONTROL_VERSION']);
    expect((await read(id)).body).toMatchObject({ name: '1' });
    await end(id);
  }); // prettier-ignore

  test('keeps the secrets of a topic that it does not name, and none that it takes away', async () => {
    const id = await make(TOPIC);
    const sealedOf = (): unknown => {
      const sink = app.state.get('subscription', id)?.entity.sink;
      return sink?.type === 'kafka' ? sink.credentials : undefined;
    };
    const sealed = sealedOf();
    expect(sealed).toBeTypeOf('string');
    await app.call('ada', `PATCH subscriptions/${id}`, { format: 'cloudevents' });
    expect(sealedOf()).toBe(sealed);
    const user = await app.call('ada', `PATCH subscriptions/${id}`, {
      sasl: { mechanism: 'scram-sha-256', username: 'v', password: 'N3W' },
    });
    expect(user.body).toMatchObject({
      tls: { ca: CERTIFICATE.cert, cert: CERTIFICATE.cert },
      sasl: { username: 'v' },
      format: 'cloudevents',
    });
    const none = await app.call('ada', `PATCH subscriptions/${id}`, { sasl: null, tls: {} });
    expect(none.body).toMatchObject({ tls: {} });
    expect(none.body).not.toHaveProperty('sasl');
    expect(sealedOf()).toBeUndefined();
    for (const { text } of [user, none]) {
      expect(text).not.toMatch(/P4SS|N3W/);
      expect(text).not.toContain(KEY_TEXT);
    }
    await end(id);
  });

  test('sets the bound of the messages of a syslog receiver, and takes it away', async () => {
    const id = await make({ type: 'syslog', host: 'siem.example', port: 514, transport: 'tcp', format: 'json' });
    const set = await app.call('ada', `PATCH subscriptions/${id}`, { maxMessageBytes: 1024 });
    expect(set.body).toMatchObject({ maxMessageBytes: 1024 });
    const none = await app.call('ada', `PATCH subscriptions/${id}`, { maxMessageBytes: null });
    expect([none.verdict, none.body]).toEqual(['200', expect.not.objectContaining({ maxMessageBytes: 1024 })]);
    const small = await app.call('ada', `PATCH subscriptions/${id}`, { maxMessageBytes: 1023 });
    expect(small.verdict).toBe('400 REQUEST_INVALID');
    await end(id);
  }); // prettier-ignore

  test.each([
    ['a url of a topic', { url: 'https://x.example' }, '422 SUBSCRIPTION_INVALID', 'body/url'],
    ['a format of another type', { format: 'cef' }, '422 SUBSCRIPTION_INVALID', 'body/format'],
    ['its type', { type: 'webhook' }, '400 REQUEST_INVALID', 'type'],
    ['nothing', {}, '400 REQUEST_INVALID', ''],
    ['a filter with a mistake', { filter: '(' }, '400 SUBSCRIPTION_FILTER_INVALID', 'Column'],
    ['an authority that is none', { tls: { ca: 'nobody' } }, '422 SUBSCRIPTION_INVALID', 'body/tls/ca'],
    ['more than is kept', { tls: { ca: 'A'.repeat(16_385) } }, '400 REQUEST_INVALID', 'body/tls'],
  ])('to %s is refused', async (_, change, verdict, where) => {
    const id = await make(TOPIC);
    const before = (await app.audited()).length;
    const answer = await app.call('ada', `PATCH subscriptions/${id}`, change);
    expect([answer.verdict, answer.text]).toEqual([verdict, expect.stringContaining(where)]);
    expect(await app.audited()).toHaveLength(before);
    await end(id);
  });

  test('to a receiver that may not be connected to is refused', async () => {
    const id = await make(hook);
    const answer = await app.call('ada', `PATCH subscriptions/${id}`, { url: 'http://[::ffff:169.254.169.254]/' });
    expect([answer.verdict, answer.text]).toEqual(['422 SUBSCRIPTION_INVALID', expect.stringContaining('body/url')]);
    await end(id);
  }); // prettier-ignore
});

describe('pause, resume and replay', () => {
  test('what comes while it is paused is delivered when it is resumed', async () => {
    const id = await make(hook);
    const paused = await app.call('admina', `POST subscriptions/${id}/pause`);
    expect(paused.body).toMatchObject({ paused: true, delivery: { state: 'paused' } });
    await app.event('while-paused');
    const resumed = await app.call('ada', `POST subscriptions/${id}/resume`);
    expect(resumed.body).toMatchObject({ paused: false, delivery: { state: 'active' } });
    await heard(id, 'while-paused');
    await end(id);
  });

  test('one whose receiver wants no more goes on when it is resumed, with what it did not take', async () => {
    app.receiver.status = 410;
    const id = await make(hook);
    await app.event('not-wanted');
    await until(async () => (await deliveryOf(id))['state'] === 'ended');
    expect(await deliveryOf(id)).toMatchObject({ lastFailure: { answer: { status: 410 } } });
    app.receiver.status = 200;
    await app.call('ada', `POST subscriptions/${id}/resume`);
    await until(async () => (await deliveryOf(id))['delivered'] === 1);
    const sent = toldTo(id).map(({ headers }) => headers['webhook-id']);
    expect(new Set(sent).size).toBe(1);
    await end(id);
  });

  test('a replay gives all from a time or a cursor once more, under other ids', async () => {
    await app.event('history-1');
    await app.event('history-2');
    const id = await make({ ...hook, from: '2026-11-01T12:00:00+00:00', filter: "id ^= 'history-'" });
    await until(() => Promise.resolve(heardBy(id).length === 2));
    await until(async () => (await deliveryOf(id))['delivered'] === 2);
    const { cursor } = await deliveryOf(id);
    const again = await app.call('ada', `POST subscriptions/${id}/replay`, { from: '2026-11-01T12:00:00Z' });
    expect(again.body).toMatchObject({ generation: 2 });
    await until(() => Promise.resolve(heardBy(id).length === 4));
    expect(heardBy(id)).toEqual(['history-1', 'history-2', 'history-1', 'history-2']);
    await app.event('history-3');
    await heard(id, 'history-3');
    await app.call('ada', `POST subscriptions/${id}/replay`, { cursor });
    await until(() => Promise.resolve(heardBy(id).length === 6));
    expect(heardBy(id).slice(4)).toEqual(['history-3', 'history-3']);
    const ids = toldTo(id).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
    // Of another question it is no place.
    const foreign = await app.call('ada', 'POST subscriptions', { ...hook, cursor });
    expect(foreign.verdict).toBe('400 SUBSCRIPTION_START_INVALID');
    for (const body of [{}, { from: '2026-11-01T12:00:00Z', cursor }])
      expect((await app.call('ada', `POST subscriptions/${id}/replay`, body)).verdict).toBe('400 REQUEST_INVALID');
    await end(id);
  }); // prettier-ignore
});

describe('another secret', () => {
  test('signs beside those of before until they expire', async () => {
    const id = await make(hook);
    const rotated = await app.call('ada', `POST subscriptions/${id}/rotate-secret`, { overlapSeconds: 60 });
    expect(rotated.body).toMatchObject({ secret: expect.stringMatching(/^whsec_/) });
    const secrets = rotated.body['secrets'] as Record<string, unknown>[];
    expect(secrets.map(({ expires }) => expires !== undefined)).toEqual([false, true]);
    expect(rotated.body['publicKey']).toBe(secrets[0]?.['publicKey']);
    const signatures = async (): Promise<readonly string[]> => {
      const { text, verdict } = await app.call('ada', `POST subscriptions/${id}/test`);
      expect(verdict + text).toContain('delivered');
      return String(toldTo(id).at(-1)?.headers['webhook-signature']).split(' ').map((each) => each.split(',')[0] ?? '');
    };
    expect((await signatures()).toSorted()).toEqual(['v1', 'v1', 'v1a', 'v1a']);
    app.aheadMs = 61_000;
    expect((await signatures()).toSorted()).toEqual(['v1', 'v1a']);
    app.aheadMs = 0;
    await end(id);
  }); // prettier-ignore

  test('is not made where as many sign as may, nor where nothing is signed', async () => {
    const id = await make({ ...hook, source: 'nowhere' });
    const rotate = (body?: object): Promise<Reply> =>
      app.call('ada', `POST subscriptions/${id}/rotate-secret`, body);
    for (let more = 1; more < MAX_WEBHOOK_SECRETS; more++) expect((await rotate()).verdict).toBe('200');
    expect((await rotate({})).verdict).toBe('409 SUBSCRIPTION_SECRETS_FULL');
    const given = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
    const alone = await rotate({ overlapSeconds: 0, secret: given });
    expect(alone.body).toMatchObject({ secret: given, secrets: [{ id: expect.any(String) }] });
    expect((await rotate({ overlapSeconds: 604_801 })).verdict).toBe('400 REQUEST_INVALID');
    await end(id);
    const topic = await make(TOPIC);
    const none = await app.call('ada', `POST subscriptions/${topic}/rotate-secret`);
    expect(none.verdict).toBe('422 SUBSCRIPTION_NO_SECRET');
    await end(topic);
  });
});

test('a test is sent at once and marked, says what the receiver said, and is bounded', async () => {
  await app.key('tester');
  app.receiver.status = 503;
  const made = await app.call('tester', 'POST subscriptions', { ...hook, source: 'nowhere' });
  const id = String(made.body['id']);
  const answer = await app.call('tester', `POST subscriptions/${id}/test`);
  expect(answer.body).toMatchObject({ outcome: 'failed', answer: { status: 503, text: 'heard' } });
  expect(toldTo(id)).toHaveLength(1);
  expect(toldTo(id)[0]?.headers).toMatchObject({ 'cadf-test': 'true' });
  await until(async () => {
    const log = await app.call('tester', `GET subscriptions/${id}/deliveries`);
    return (log.body['deliveries'] as { test: boolean }[]).some((each) => each.test);
  });
  const more: string[] = [];
  for (let sent = 0; sent < 5; sent++)
    more.push((await app.call('tester', `POST subscriptions/${id}/test`)).verdict);
  expect(more).toEqual(['200', '200', '200', '200', '429 SUBSCRIPTION_TEST_THROTTLED']);
  app.aheadMs = 12_000;
  expect((await app.call('tester', `POST subscriptions/${id}/test`)).verdict).toBe('200');
  app.aheadMs = 0;
  // Nothing was delivered by it.
  const { delivery } = (await app.call('tester', `GET subscriptions/${id}`)).body as { delivery: object };
  expect(delivery).toMatchObject({ delivered: 0 });
});

test('each change is an audit event without a secret in it', async () => {
  const given = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const before = (await app.audited()).length;
  const id = await make({ ...hook, source: 'nowhere', secret: given });
  await app.call('ada', `PATCH subscriptions/${id}`, { name: 'other' });
  await app.call('ada', `POST subscriptions/${id}/pause`);
  await app.call('ada', `POST subscriptions/${id}/resume`);
  await app.call('ada', `POST subscriptions/${id}/replay`, { from: '2026-11-01T12:00:00Z' });
  await app.call('ada', `POST subscriptions/${id}/rotate-secret`);
  await end(id);
  const topic = await make(TOPIC);
  await end(topic);
  const told = (await app.audited()).slice(before);
  const events = told.map((text) => JSON.parse(text) as { action: string; outcome: string; target: object });
  const ends = events.filter(({ outcome }) => outcome === 'success');
  expect(ends.map(({ action }) => action)).toEqual([
    'create', 'update', 'disable', 'enable', 'start', 'renew', 'delete', 'create', 'delete',
  ]);
  expect(ends[0]?.target).toMatchObject({ id, typeURI: 'data/message/stream/subscription' });
  for (const text of told) {
    expect(isValid(validateEvent(JSON.parse(text), 'strict'))).toBe(true);
    expect(text).not.toMatch(/sealed|credentials|T0KEN|P4SS/);
    expect(text).not.toContain(KEY_TEXT);
    expect(text).not.toContain(given.slice(6));
  }
  expect(told[0]).toContain(new URL(hook.url).origin);
}); // prettier-ignore
