import { createHmac, createPublicKey, verify } from 'node:crypto';
import { MAX_SUBSCRIPTIONS_OF_ONE } from '@cadf-pipeline/control-state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../../../test/support/service.ts';
import { makeCertificate } from '../../../../packages/guarded-http/src/receiver.test-support.ts';
import { startSubscriptionApp } from './subscription-app.test-support.ts';
import type { Reply, SubscriptionApp } from './subscription-app.test-support.ts';

let app: SubscriptionApp;
let hook: { readonly type: 'webhook'; readonly url: string };
/** One that the receiver is never called for. */
const ELSEWHERE = { type: 'webhook', url: 'https://receiver.example/hook', source: 'nowhere' } as const;

beforeAll(async () => {
  app = await startSubscriptionApp();
  hook = { type: 'webhook', url: app.receiver.url };
  await app.key('ada');
  await app.key('bob', { tenants: ['b'] });
  await app.key('both', { tenants: ['a', 'b'] });
  await app.key('admina', { roles: ['admin'] });
  await app.key('adminb', { roles: ['admin'], tenants: ['b'] });
  await app.key('submitter', { roles: ['submit'] });
});
afterAll(() => app.close());

async function make(key: string, body: object): Promise<{ readonly id: string } & Reply> {
  const answer = await app.call(key, 'POST subscriptions', body);
  expect(answer.verdict + (answer.status === 201 ? '' : answer.text)).toBe('201');
  return { id: String(answer.body['id']), ...answer };
}
const stateOf = async (id: string, key = 'ada'): Promise<unknown> => {
  const { body } = await app.call(key, `GET subscriptions/${id}`);
  return (body['delivery'] as Record<string, unknown> | undefined)?.['state'];
};
const heardBy = (id: string): readonly string[] =>
  app.receiver.requests
    .filter(({ headers }) => headers['cadf-subscription'] === id && headers['cadf-test'] === undefined)
    .flatMap(({ body }) => (JSON.parse(body) as { id: string }[]).map((event) => event.id));

describe('making one', () => {
  test('answers what it is, where it is, its version, and its secrets this once', async () => {
    const made = await make('ada', { ...ELSEWHERE, name: 'To the SOC', filter: "outcome = 'failure'" });
    expect(made.headers).toMatchObject({
      location: `/cadf/v1/subscriptions/${made.id}`,
      etag: `"${String(made.body['version'])}"`,
    });
    expect(made.body).toMatchObject({
      type: 'webhook',
      url: ELSEWHERE.url,
      name: 'To the SOC',
      filter: "outcome = 'failure'",
      owner: { kind: 'key', id: 'ada', name: 'key ada' },
      mine: true,
      paused: false,
      generation: 1,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
      delivery: { state: 'active', delivered: 0, cursor: expect.any(String) },
    });
    const read = await app.call('ada', `GET subscriptions/${made.id}`);
    expect(read.body).not.toHaveProperty('secret');
    expect(read.text).not.toContain('sealed');
    expect(read.body).toMatchObject({ secrets: [{ publicKey: made.body['publicKey'] }] });
  });

  test('gives events that pass, signed with the secret and by the key pair', async () => {
    const made = await make('ada', { ...hook, filter: "outcome = 'failure'" });
    await app.event('good-1');
    await app.event('bad-1');
    await app.event('bad-of-b', ['b']);
    await app.event('bad-2');
    await until(() => Promise.resolve(heardBy(made.id).length >= 2));
    expect(heardBy(made.id)).toEqual(['bad-1', 'bad-2']);
    const [request] = app.receiver.requests.filter(({ headers }) => headers['cadf-subscription'] === made.id);
    const { 'webhook-id': id, 'webhook-signature': signature, 'webhook-timestamp': at } = request?.headers ?? {};
    const signed = `${String(id)}.${String(at)}.${request?.body}`;
    const secret = Buffer.from(String(made.body['secret']).slice('whsec_'.length), 'base64');
    const signatures = new Map(String(signature).split(' ').map((each) => each.split(',') as [string, string]));
    expect(signatures.get('v1')).toBe(createHmac('sha256', secret).update(signed).digest('base64'));
    const publicKey = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(String(made.body['publicKey']).slice('whpk_'.length), 'base64'),
    ]);
    const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
    const proof = Buffer.from(signatures.get('v1a') ?? '', 'base64');
    expect(verify(null, Buffer.from(signed), key, proof)).toBe(true);
    await until(async () => {
      const { body } = await app.call('ada', `GET subscriptions/${made.id}`);
      return (body['delivery'] as { delivered: number }).delivered === 2;
    });
    const log = await app.call('ada', `GET subscriptions/${made.id}/deliveries?outcome=delivered`);
    expect(log.body).toMatchObject({
      deliveries: expect.arrayContaining([
        expect.objectContaining({ outcome: 'delivered', answer: { status: 200, text: 'heard' }, test: false }),
      ]),
    });
    expect((await app.call('ada', `GET subscriptions/${made.id}/deliveries?outcome=failed`)).body).toEqual({ deliveries: [] });
    await app.call('ada', `DELETE subscriptions/${made.id}`);
  }); // prettier-ignore

  test.each([
    ['a topic', { type: 'kafka', topic: 'audit', brokers: ['kafka.example:9093'], tls: {}, sasl: { mechanism: 'plain', username: 'u', password: 'P4SS' } }],
    ['a topic of the own cluster', { type: 'kafka', topic: 'subscribers.a' }],
    ['a syslog receiver', { type: 'syslog', host: 'siem.example', port: 6514, transport: 'tls', format: 'cef', maxMessageBytes: 8192 }],
    ['a secret of its own', { ...ELSEWHERE, secret: 'a text of twenty-four bytes' }],
    ['all of a batch', { ...ELSEWHERE, format: 'cloudevents-batch', batch: { maxEvents: 1, maxBytes: 1024, maxWaitMs: 0 } }],
  ] as const)('takes %s', async (_, body) => {
    const made = await make('ada', body);
    expect(made.text).not.toContain('P4SS');
    expect((await app.call('ada', `DELETE subscriptions/${made.id}`)).status).toBe(204);
  }); // prettier-ignore

  test.each([
    ['nothing of a type', { url: 'https://x.example' }, '400 REQUEST_INVALID', 'type'],
    ['an unknown type', { type: 'carrier-pigeon' }, '400 REQUEST_INVALID', 'carrier-pigeon'],
    ['a webhook without url', { type: 'webhook' }, '400 REQUEST_INVALID', 'url'],
    ['a member of another type', { ...ELSEWHERE, topic: 'x' }, '400 REQUEST_INVALID', 'topic'],
    ['a format of another type', { ...ELSEWHERE, format: 'cef' }, '400 REQUEST_INVALID', 'body/format'],
    ['too many events a batch', { ...ELSEWHERE, batch: { maxEvents: 1001 } }, '400 REQUEST_INVALID', 'body/batch/maxEvents'],
    ['a user in the url', { type: 'webhook', url: 'https://u:p@x.example' }, '422 SUBSCRIPTION_INVALID', 'may not hold a user'],
    ['another scheme', { type: 'webhook', url: 'file:///etc/passwd' }, '400 REQUEST_INVALID', 'body/url'],
    ['a topic of the pipeline', { type: 'kafka', topic: 'cadf.events' }, '400 REQUEST_INVALID', 'body/topic'],
    ['a topic of the own cluster that is not for subscriptions', { type: 'kafka', topic: 'x' }, '422 SUBSCRIPTION_INVALID', 'body/topic'],
    ['a metadata service', { type: 'webhook', url: 'http://169.254.169.254/latest' }, '422 SUBSCRIPTION_INVALID', 'metadata'],
    ['a metadata service as syslog', { type: 'syslog', host: '169.254.169.254', port: 514, transport: 'tcp', format: 'json' }, '422 SUBSCRIPTION_INVALID', 'body/host'],
    ['a metadata service as broker', { type: 'kafka', topic: 'x', brokers: ['b.example:1', '[fd00:ec2::254]:9092'] }, '422 SUBSCRIPTION_INVALID', 'body/brokers'],
    ['a certificate without its key', { type: 'kafka', topic: 'x', brokers: ['b.example:1'], tls: { cert: makeCertificate().cert } }, '422 SUBSCRIPTION_INVALID', 'body/tls'],
    ['an authority of a syslog receiver that is none', { type: 'syslog', host: 's.example', port: 6514, transport: 'tls', format: 'cef', ca: 'nobody' }, '422 SUBSCRIPTION_INVALID', 'body/ca'],
    ['an authority where none is asked', { type: 'syslog', host: 's.example', port: 514, transport: 'tcp', format: 'cef', ca: makeCertificate().cert }, '422 SUBSCRIPTION_INVALID', 'body/ca'],
    ['a short secret', { ...ELSEWHERE, secret: `whsec_${'A'.repeat(24)}` }, '422 SUBSCRIPTION_INVALID', 'body/secret'],
    ['a secret that is no base64', { ...ELSEWHERE, secret: `whsec_${'A'.repeat(42)}!!` }, '422 SUBSCRIPTION_INVALID', 'body/secret'],
    ['a filter with a mistake', { ...ELSEWHERE, filter: 'outcome == 1' }, '400 SUBSCRIPTION_FILTER_INVALID', 'Column'],
    ['a time without zone', { ...ELSEWHERE, from: '2026-11-01T00:00:00' }, '400 SUBSCRIPTION_START_INVALID', 'zone'],
    ['a cursor that was made up', { ...ELSEWHERE, cursor: 'A'.repeat(100) }, '400 SUBSCRIPTION_START_INVALID', 'cursor'],
    ['a time and a cursor', { ...ELSEWHERE, cursor: 'A', from: '2026-11-01T00:00:00Z' }, '400 SUBSCRIPTION_START_INVALID', 'both'],
    ['a tenant that is not reached', { ...ELSEWHERE, tenant: 'b' }, '403 FORBIDDEN_TENANT', ''],
  ] as const)('refuses %s, and says where', async (_, body, verdict, where) => {
    const before = (await app.audited()).length;
    const answer = await app.call('ada', 'POST subscriptions', body);
    expect([answer.verdict, answer.text]).toEqual([verdict, expect.stringContaining(where)]);
    // A mistake is no event.
    expect(await app.audited()).toHaveLength(before);
  }); // prettier-ignore

  test('is for API keys: what is delivered later asks for the rights of a key', async () => {
    const answer = await app.call('user', 'POST subscriptions', ELSEWHERE);
    expect([answer.verdict, answer.text]).toEqual([
      '403 SUBSCRIPTION_NEEDS_KEY',
      expect.stringContaining('API key'),
    ]);
    expect((await app.call('submitter', 'POST subscriptions', ELSEWHERE)).verdict).toBe('403 FORBIDDEN_ROLE');
  });

  test('of one owner ends at the most there may be', async () => {
    await app.key('many');
    for (let done = 0; done < MAX_SUBSCRIPTIONS_OF_ONE; done += 10)
      await Promise.all(Array.from({ length: 10 }, () => make('many', { ...ELSEWHERE })));
    expect((await app.call('many', 'POST subscriptions', ELSEWHERE)).verdict).toBe(
      '422 SUBSCRIPTION_TOO_MANY',
    );
    const first = await app.call('many', 'GET subscriptions?limit=150');
    const rest = await app.call('many', `GET subscriptions?after=${String(first.body['next'])}`);
    const ids = [first, rest].flatMap(({ body }) => (body['items'] as { id: string }[]).map(({ id }) => id));
    expect(new Set(ids).size).toBe(MAX_SUBSCRIPTIONS_OF_ONE);
    expect(rest.body).not.toHaveProperty('next');
  }, 60_000);
});

describe('who sees and changes one', () => {
  test.each([
    ['ada', ['200', '200', '200', '200', '200', '200', '200', '204']],
    ['bob', Array.from({ length: 8 }, () => '404 SUBSCRIPTION_NOT_FOUND')],
    ['both', Array.from({ length: 8 }, () => '404 SUBSCRIPTION_NOT_FOUND')],
    ['adminb', ['404 SUBSCRIPTION_NOT_FOUND', '404 SUBSCRIPTION_NOT_FOUND', '404 SUBSCRIPTION_NOT_FOUND', '403 FORBIDDEN_ROLE', '403 FORBIDDEN_ROLE', '403 FORBIDDEN_ROLE', '404 SUBSCRIPTION_NOT_FOUND', '404 SUBSCRIPTION_NOT_FOUND']],
    ['admina', ['200', '200', '200', '403 FORBIDDEN_ROLE', '403 FORBIDDEN_ROLE', '403 FORBIDDEN_ROLE', '200', '204']],
    ['user', ['200', '200', '200', ...Array.from({ length: 3 }, () => '403 SUBSCRIPTION_NOT_YOURS'), '200', '204']],
    ['root', ['200', '200', '200', ...Array.from({ length: 3 }, () => '403 SUBSCRIPTION_NOT_YOURS'), '200', '204']],
  ])('%s', async (caller, verdicts) => {
    const { id } = await make('ada', ELSEWHERE);
    const got: string[] = [];
    for (const [route, body] of [
      [`GET subscriptions/${id}`],
      [`POST subscriptions/${id}/pause`],
      [`POST subscriptions/${id}/resume`],
      [`PATCH subscriptions/${id}`, { name: 'other' }],
      [`POST subscriptions/${id}/replay`, { from: '2026-11-01T00:00:00Z' }],
      [`POST subscriptions/${id}/rotate-secret`],
      [`GET subscriptions/${id}/deliveries`],
      [`DELETE subscriptions/${id}`],
    ] as const)
      got.push((await app.call(caller, route, body)).verdict);
    expect(got).toEqual(verdicts);
  }); // prettier-ignore

  test('an admin is shown the origin of its url and no more of it', async () => {
    const { id } = await make('ada', hook);
    const [own, seen] = await Promise.all(['ada', 'admina'].map((key) => app.call(key, `GET subscriptions/${id}`)));
    expect(own?.body).toMatchObject({ mine: true, url: hook.url });
    expect(own?.body).not.toHaveProperty('urlDigest');
    expect(seen?.body).toMatchObject({ mine: false, url: new URL(hook.url).origin, urlDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const listed = await app.call('admina', 'GET subscriptions?limit=1000');
    expect(listed.text).toContain(id);
    expect(listed.text).not.toContain('T0KEN');
    await app.call('ada', `DELETE subscriptions/${id}`);
  }); // prettier-ignore

  test('an admin is told that a receiver failed, but not what it wrote, in which that path may stand', async () => {
    app.receiver.status = 308;
    const { id } = await make('ada', { ...hook, filter: "id = 'good-moved'" });
    await app.event('good-moved');
    await until(async () => (await app.call('ada', `GET subscriptions/${id}/deliveries`)).text.includes('308'));
    for (const route of [`GET subscriptions/${id}`, `GET subscriptions/${id}/deliveries`, 'GET subscriptions?limit=1000']) {
      const seen = await app.call('admina', route);
      expect(seen.text).toContain('The receiver answered 308 and redirects: redirects are not followed');
      expect(seen.text).not.toContain('T0KEN');
    }
    expect((await app.call('ada', `GET subscriptions/${id}/deliveries`)).body).toMatchObject({
      deliveries: [{ reason: expect.stringContaining('T0KEN'), answer: { status: 308, text: expect.stringContaining('T0KEN') } }],
    });
    app.receiver.status = 200;
    await app.call('ada', `DELETE subscriptions/${id}`);
  }); // prettier-ignore

  test('a key that is given the id of a former owner owns nothing of it, and nothing is delivered by its rights', async () => {
    await app.key('gone', { created: '2026-01-01T00:00:00Z' });
    const { id } = await make('gone', hook);
    expect(await stateOf(id, 'gone')).toBe('active');
    await app.changeKey('gone', null);
    await app.key('gone', { tenants: '*' });
    expect((await app.call('gone', `GET subscriptions/${id}`)).verdict).toBe('404 SUBSCRIPTION_NOT_FOUND');
    expect(await stateOf(id, 'admina')).toBe('waiting');
    await app.event('bad-for-nobody');
    expect((await app.call('admina', `DELETE subscriptions/${id}`)).status).toBe(204);
    expect(heardBy(id)).toEqual([]);
  });

  test.each([
    ['revoked', { revoked: '2026-01-01T00:00:00Z' }, 'was revoked'],
    ['expired', { expires: '2026-01-01T00:00:00Z' }, 'has expired'],
    ['not to read', { roles: ['submit' as const] }, '`query`'],
    ['of other tenants', { tenants: ['b'] }, 'the tenant a'],
  ])('it waits while the key of its owner is %s, and says so', async (what, change, why) => {
    const key = await app.key(`owner-${what.replaceAll(' ', '-')}`);
    const { id } = await make(key, { ...hook, tenant: 'a' });
    await app.changeKey(key, change);
    expect((await app.call('admina', `GET subscriptions/${id}`)).body).toMatchObject({
      delivery: { state: 'waiting', reason: expect.stringContaining(why) },
    });
    await app.event(`while-${key}`);
    expect(heardBy(id)).toEqual([]);
    // What was missed meanwhile is delivered when the right is back.
    if (!('revoked' in change)) {
      const good = { roles: ['export' as const], tenants: ['a'], expires: '2999-01-01T00:00:00Z' };
      await app.changeKey(key, good);
      await until(() => Promise.resolve(heardBy(id).includes(`while-${key}`)));
      expect(await stateOf(id, 'admina')).toBe('active');
    }
    await app.call('admina', `DELETE subscriptions/${id}`);
  });
});
