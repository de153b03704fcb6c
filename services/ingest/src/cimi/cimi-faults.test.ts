/** What a provider that is down, slow, wrong or hostile does to the client: nothing but a failure with a name. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@cadf-pipeline/service-kit';
import { expect, onTestFinished, test } from 'vitest';
import { startCimiProvider } from '../../../../test/support/cimi-provider.ts';
import { createCimiClient } from './cimi-client.ts';
import { cloud } from './cimi-cloud.test-support.ts';

test('A provider that is busy is asked again when it said, and then read', async () => {
  const { provider, client, waits } = await cloud();
  provider.fail('', { kind: 'status', status: 503, retryAfter: '7' }, 2);
  const { collections } = await client.discover();
  expect(collections.has('jobs')).toBe(true);
  expect(waits).toEqual([7250, 7500]);
});

test('A Retry-After of a date is waited for; a long one is left to the caller', async () => {
  const now = (): number => Date.parse('2026-01-01T00:00:00Z');
  const { provider, client, waits } = await cloud({}, { now });
  provider.fail('', { kind: 'status', status: 429, retryAfter: 'Thu, 01 Jan 2026 00:00:10 GMT' }, 1);
  await client.discover();
  expect(waits).toEqual([10_250]);
  provider.fail('', { kind: 'status', status: 503, retryAfter: '3600' }, 1);
  await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_STATUS', retryAfterMs: 3_600_000 });
});

test('A provider that stays broken is given up, with growing waits between', async () => {
  const { provider, client, waits } = await cloud();
  const body = JSON.stringify({ state: 'FAILED', statusMessage: 'no space left' });
  provider.fail('', { kind: 'status', status: 500, body });
  await expect(client.discover()).rejects.toMatchObject({
    code: 'CIMI_STATUS',
    status: 500,
    retryable: true,
    message: '/cimi/ answers 500: no space left.',
  });
  expect(waits).toEqual([250, 500, 1000]);
});

test('What will not change by asking again is asked once', async () => {
  for (const [status, code] of [
    [401, 'CIMI_NOT_ALLOWED'],
    [403, 'CIMI_NOT_ALLOWED'],
    [404, 'CIMI_GONE'],
    [400, 'CIMI_STATUS'],
  ] as const) {
    const { provider, client } = await cloud();
    provider.fail('', { kind: 'status', status });
    await expect(client.discover()).rejects.toMatchObject({ code, status, retryable: false });
    expect(provider.requests).toHaveLength(1);
  }
});

for (const kind of ['silent', 'dripping'] as const)
  test(`A provider that is ${kind} is left after the timeout`, async () => {
    const { provider, client } = await cloud({}, { timeoutMs: 100, maxAttempts: 2 });
    provider.fail('', { kind });
    await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_TIMEOUT', retryable: true });
    expect(provider.requests).toHaveLength(2);
  });

test('An answer that is cut off is asked for again', async () => {
  const { provider, client, waits } = await cloud();
  provider.fail('', { kind: 'cut' }, 1);
  await client.discover();
  expect(waits).toHaveLength(1);
});

test('A provider that is down is a failure that may pass', async () => {
  const { provider, client } = await cloud();
  await provider.close();
  await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_UNREACHABLE', retryable: true });
});

test('A page over the limit is not read to its end', async () => {
  const { provider, client } = await cloud({}, { maxBodyBytes: 100_000 });
  provider.fail('', { kind: 'huge', bytes: 50_000_000 });
  await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_BODY_TOO_LARGE', retryable: false });
});

test('A redirect to another address is not followed; one to the same origin is', async () => {
  const { provider, client } = await cloud();
  provider.fail('', { kind: 'redirect', location: 'http://10.0.0.1/cimi/' }, 1);
  await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_OTHER_ORIGIN' });
  provider.fail('', { kind: 'redirect', location: '/cimi/' }, 1);
  expect((await client.discover()).collections.has('jobs')).toBe(true);
  provider.fail('', { kind: 'redirect', location: '/cimi/' });
  await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_REDIRECTS' });
});

test('A baseURI of another origin is refused, and the credentials go nowhere', async () => {
  const other = await startCimiProvider();
  onTestFinished(() => other.close());
  const { client } = await cloud(
    { baseUri: other.url },
    { auth: { kind: 'bearer', token: new Secret('of-ours') } },
  );
  await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_OTHER_ORIGIN' });
  expect(other.requests).toEqual([]);
});

const ENTITIES =
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><id>&b;</id></a>';
for (const [what, contentType, body] of [
  ['XML with entities', 'application/xml', ENTITIES],
  ['a sign-in page', 'text/html', '<html><body><form action="/login"></form></body></html>'],
  ['damaged JSON', 'application/json', '{"baseURI":'],
  ['JSON nested without end', 'application/json', '['.repeat(5000)],
  ['nothing', 'application/json', ''],
  ['a text', 'text/plain', 'Internal error'],
  ['a list', 'application/json', '[1,2]'],
] as const)
  test(`An entry point that is ${what} is refused by name`, async () => {
    const { provider, client } = await cloud();
    provider.fail('', { kind: 'body', contentType, body });
    await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_DOCUMENT', retryable: false });
  });

test('JSON that is sent as text/html is read', async () => {
  const { provider, client } = await cloud();
  const body = JSON.stringify({ baseURI: provider.url, jobs: { href: 'jobs' } });
  provider.fail('', { kind: 'body', contentType: 'text/html', body });
  expect((await client.discover()).collections.get('jobs')?.pathname).toBe('/cimi/jobs');
});

test('Metadata that cannot be read advertise nothing, and are told of', async () => {
  const { provider, client } = await cloud({ capabilities: ['FilterParameter'] });
  provider.fail('resourceMetadata', { kind: 'status', status: 404 });
  const { capabilities, refused } = await client.discover();
  expect([capabilities.size, refused[0]?.code]).toEqual([0, 'CIMI_GONE']);
});

test('A signal ends a request that hangs', async () => {
  const { provider, client } = await cloud();
  provider.fail('', { kind: 'silent' });
  const stop = new AbortController();
  const asked = client.discover(stop.signal);
  stop.abort(new Error('ended'));
  await expect(asked).rejects.toThrow('ended');
});

test('Basic and bearer credentials are shown, and never in a failure', async () => {
  for (const [auth, authorization] of [
    [{ kind: 'basic', user: 'u', password: new Secret('p:ä') }, `Basic ${btoa('u:p:\u00c3\u00a4')}`],
    [{ kind: 'bearer', token: new Secret('t0ken') }, 'Bearer t0ken'],
  ] as const) {
    const { client } = await cloud({ authorization }, { auth });
    expect((await client.discover()).collections.has('jobs')).toBe(true);
    const { client: refused } = await cloud({ authorization: 'other' }, { auth });
    const failure = await refused.discover().catch(String);
    expect(failure).toContain('401');
    expect(failure).not.toMatch(/t0ken|p:/);
  }
});

test('A URL that carries credentials, or is none of http, is refused at once', () => {
  for (const url of ['https://u:p@cloud.example/', 'file:///etc/passwd', 'cloud'])
    expect(() => createCimiClient({ url, auth: { kind: 'none' } })).toThrow(
      expect.objectContaining({ code: 'CIMI_URL' }),
    );
});

test('Credentials are not sent in the clear, but to this machine', () => {
  const auth = { kind: 'bearer', token: new Secret('of-ours') } as const;
  for (const url of ['http://cloud.example/', 'http://10.0.0.1/', 'http://127.0.0.1.example/'])
    expect(() => createCimiClient({ url, auth })).toThrow(expect.objectContaining({ code: 'CIMI_URL' }));
  for (const url of ['https://cloud.example/', 'http://127.0.0.1:1/', 'http://[::1]:1/', 'http://localhost/'])
    createCimiClient({ url, auth }).close();
});

test('A poll reads so many bytes, and asks so often, and no more', async () => {
  for (const bounds of [{ maxPollBytes: 5000 }, { maxPollRequests: 10 }]) {
    const { provider, client } = await cloud({}, bounds);
    const failure = await (async () => {
      for (let count = 0; count < 100; count++) await client.discover();
      return undefined;
    })().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CIMI_BUDGET', retryable: false });
    const asked = provider.requests.length;
    await expect(client.discover()).rejects.toMatchObject({ code: 'CIMI_BUDGET' });
    expect(provider.requests.length - asked).toBeLessThan(2);
    client.beginPoll();
    expect((await client.discover()).collections.has('jobs')).toBe(true);
  }
});

test('Certificates are checked both ways', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cimi-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = certify(folder, 'server');
  const own = certify(folder, 'client');
  const tls = { cert: server.certificate, key: server.key, ca: own.certificate, requestCert: true };
  const known = { kind: 'certificate', certificate: own.certificate, key: new Secret(own.key) } as const;
  const authorities = server.certificate;
  const good = await cloud({ tls }, { auth: known, authorities });
  expect((await good.client.discover()).collections.has('jobs')).toBe(true);
  const distrusted = await cloud({ tls }, { auth: known });
  await expect(distrusted.client.discover()).rejects.toMatchObject({ code: 'CIMI_TLS', retryable: false });
  expect(distrusted.provider.requests).toEqual([]);
  const unknown = await cloud({ tls }, { authorities });
  await expect(unknown.client.discover()).rejects.toMatchObject({ code: 'CIMI_TLS', retryable: false });
  expect(unknown.provider.requests).toEqual([]);
  // What asking again does not mend is asked once.
  expect([distrusted.waits, unknown.waits]).toEqual([[], []]);
});

function certify(folder: string, name: string): { readonly certificate: string; readonly key: string } {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2';
  const more = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', certificate, ...more], {
    stdio: 'ignore',
    timeout: 20_000,
  });
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}
