import { readFileSync } from 'node:fs';
import { ProblemError, Secret } from '@cadf-pipeline/service-kit';
import type { Verdict } from '@cadf-pipeline/service-kit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startKeystone } from '../../../test/support/keystone.ts';
import type {
  IssuedToken,
  KeystoneFault,
  TestKeystone,
  TestKeystoneOptions,
} from '../../../test/support/keystone.ts';
import { createKeystoneVerifier } from './keystone-verifier.ts';
import type { KeystoneOptions, KeystoneVerifier } from './keystone-verifier.ts';

const password = 'not to be seen anywhere';
const user = { name: 'audit', domain: 'Default', password: new Secret(password) };
const rules = {
  viewerRoles: ['audit_viewer', 'audit_admin'],
  clusterRoles: ['cluster_viewer'],
  clusterProject: { domain: 'cloud_domain', project: 'cloud_admin_project' },
};
const viewer: IssuedToken = { userId: 'u-1', roles: ['member', 'audit_viewer'], project: { id: 'p-1' } };

async function start(
  options: Partial<KeystoneOptions> = {},
  server: TestKeystoneOptions = { user: { name: 'audit', password } },
): Promise<{ keystone: TestKeystone; verify: KeystoneVerifier['verify'] }> {
  const keystone = await startKeystone(server);
  onTestFinished(() => keystone.close());
  const verifier = createKeystoneVerifier({
    url: new URL(keystone.url),
    timeoutMs: 2000,
    cacheMs: 60_000,
    rules,
    user,
    ...options,
  });
  onTestFinished(() => verifier.close());
  return { keystone, verify: (token) => verifier.verify(token) };
}

async function failureOf(verifying: Promise<Verdict>): Promise<string> {
  const error: unknown = await verifying.then(
    (verdict) => new Error(`it let in: ${JSON.stringify(verdict)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProblemError)) throw error;
  expect(error.definition).toMatchObject({ code: 'IDENTITY_UNAVAILABLE', status: 503, retryable: true });
  return String(error.options.cause);
}

test('a token is its user, in the project or domain that it is for', async () => {
  const { keystone, verify } = await start();
  const principal = async (about: IssuedToken): Promise<unknown> => {
    const token = `t${Math.random()}`;
    keystone.issue(token, about);
    const verdict = await verify(token);
    return 'principal' in verdict ? verdict.principal : verdict;
  };
  const expiresMs = Date.now() + 60_000;
  expect(await principal({ ...viewer, expiresMs })).toEqual({
    kind: 'keystone',
    id: 'keystone:u-1',
    name: 'name of u-1',
    roles: new Set(['query']),
    tenants: ['p-1'],
    home: 'p-1',
    expiresMs,
  });
  const query = new Set(['query']);
  const admin = ['audit_admin'];
  const cloud = { id: 'p-9', name: 'cloud_admin_project', domainName: 'cloud_domain' };
  for (const [about, expected] of [
    [
      { roles: admin, project: { id: 'p-2' } },
      { tenants: ['p-2'], home: 'p-2', roles: query },
    ],
    [
      { roles: admin, domain: { id: 'd-1' } },
      { tenants: ['d-1'], home: 'd-1', roles: query },
    ],
    [
      { roles: ['cluster_viewer'], project: { id: 'p-3' } },
      { tenants: '*', home: 'p-3', roles: query },
    ],
    [{ roles: ['cluster_viewer'] }, { tenants: '*', roles: query }],
    [
      { roles: [], project: cloud },
      { tenants: '*', home: 'p-9', roles: query },
    ],
    [
      { roles: [], project: { ...cloud, domainName: 'Default' } },
      { tenants: [], roles: new Set() },
    ],
    [
      { roles: ['member', 'admin'], project: { id: 'p-4' } },
      { tenants: [], roles: new Set() },
    ],
    [{ roles: admin }, { tenants: [], roles: new Set() }],
  ] as readonly [Omit<IssuedToken, 'userId'>, object][])
    expect(await principal({ userId: 'u-2', ...about })).toMatchObject(expected);
});

test('what is no token of Keystone is not asked about, a key of our own least of all', async () => {
  const { keystone, verify } = await start();
  for (const token of ['cadf_abc_typo', 'with blank', 'ü', '', 'x'.repeat(8193)])
    expect(await verify(token)).toEqual({ reason: 'malformed' });
  expect(keystone.asked).toEqual([]);
  expect(await verify('nobody-s')).toEqual({ reason: 'unknown' });
  keystone.issue('ended', { ...viewer, expiresMs: Date.now() - 1 });
  expect(await verify('ended')).toEqual({ reason: 'unknown' });
});

test('an answer is taken for true as long as it may be, and not beyond the token', async () => {
  let nowMs = Date.now();
  const { keystone, verify } = await start({ now: () => nowMs });
  const expiresMs = nowMs + 100_000;
  keystone.issue('t', { ...viewer, expiresMs });
  const asked = (): number => keystone.asked.filter((question) => question === 'GET t').length;
  await verify('t');
  await verify('t');
  nowMs += 59_999;
  expect(await verify('t')).toHaveProperty('principal');
  expect(asked()).toBe(1);
  nowMs += 1;
  await verify('t');
  expect(asked()).toBe(2);
  nowMs = expiresMs - 1;
  expect(await verify('t')).toHaveProperty('principal');
  expect(asked()).toBe(2);
  nowMs = expiresMs;
  expect(await verify('t')).toEqual({ reason: 'expired' });
  expect(asked()).toBe(3);
});

test('a revoked token counts no longer than the cache says', async () => {
  const { keystone, verify } = await start({ cacheMs: 0 });
  keystone.issue('t', viewer);
  expect(await verify('t')).toHaveProperty('principal');
  keystone.revoke('t');
  expect(await verify('t')).toEqual({ reason: 'unknown' });
});

test('so many tokens are remembered and no more', async () => {
  const { keystone, verify } = await start({ maxCached: 2 });
  for (const token of ['a', 'b', 'c', 'b', 'c', 'a']) {
    keystone.issue(token, viewer);
    await verify(token);
  }
  expect(keystone.asked.slice(1)).toEqual(['GET a', 'GET b', 'GET c', 'GET a']);
});

test('requests with the same token ask once, and only so many ask at a time', async () => {
  const { keystone, verify } = await start({ maxAsking: 1 });
  keystone.issue('t', viewer);
  const both = Promise.all([verify('t'), verify('t')]);
  expect(await failureOf(verify('other'))).toContain('1 questions to Keystone are under way');
  expect(await both).toMatchObject([{ principal: {} }, { principal: {} }]);
  expect(keystone.asked).toEqual(['POST', 'GET t']);
  expect(await verify('other')).toEqual({ reason: 'unknown' });
});

test('the service’s own token is got again when Keystone does not take it', async () => {
  const { keystone, verify } = await start({ cacheMs: 0 });
  keystone.issue('t', viewer);
  await verify('t');
  keystone.endServiceTokens();
  expect(await verify('t')).toHaveProperty('principal');
  expect(keystone.asked).toEqual(['POST', 'GET t', 'GET t', 'POST', 'GET t']);
});

test('a password that Keystone does not know lets nobody in', async () => {
  const wrong = new Secret('wrong password');
  const { keystone, verify } = await start({ user: { ...user, password: wrong } });
  keystone.issue('t', viewer);
  const failure = await failureOf(verify('t'));
  expect(failure).toContain('CADF_KEYSTONE_USERNAME');
  expect(failure).not.toContain('wrong password');
});

test('without a user, each token is asked about by itself', async () => {
  const keystone = await startKeystone();
  onTestFinished(() => keystone.close());
  const verifier = createKeystoneVerifier({
    url: new URL(keystone.url),
    timeoutMs: 2000,
    cacheMs: 0,
    rules,
  });
  onTestFinished(() => verifier.close());
  keystone.issue('t', viewer);
  expect(await verifier.verify('t')).toHaveProperty('principal.id', 'keystone:u-1');
  expect(await verifier.verify('other')).toEqual({ reason: 'unknown' });
  expect(keystone.asked).toEqual(['GET t', 'GET other']);
});

describe('a Keystone that does not answer as it should lets nobody in', () => {
  test.each<[KeystoneFault, string]>([
    ['close', 'cannot be asked'],
    ['hang', 'did not answer within 300 ms'],
    ['error', 'Keystone answers 500'],
    ['garbage', 'another form'],
    ['odd', 'another form'],
    ['redirect', 'Keystone answers 302'],
    ['flood', 'more than 1048576 bytes'],
    ['forbid', 'lets the asker verify no tokens'],
  ])('%s', async (fault, said) => {
    const { keystone, verify } = await start({ timeoutMs: 300 });
    keystone.issue('first', viewer);
    keystone.issue('secret-token', viewer);
    await verify('first');
    keystone.fault = fault;
    const failure = await failureOf(verify('secret-token'));
    expect(failure).toContain(said);
    expect(failure).not.toContain('secret-token');
    // What was known before goes on to count, and it is asked again as soon as it answers.
    expect(await verify('first')).toHaveProperty('principal');
    keystone.fault = undefined;
    expect(await verify('secret-token')).toHaveProperty('principal');
  });

  test('nor one that is not there', async () => {
    const { keystone, verify } = await start();
    await keystone.close();
    expect(await failureOf(verify('t'))).toContain('cannot be asked');
  });
});

test('its certificate has to be of an authority that is trusted', async () => {
  const folder = new URL('../../service-kit/fixtures/tls/', import.meta.url);
  const cert = readFileSync(new URL('cert.pem', folder), 'utf8');
  const key = readFileSync(new URL('key.pem', folder), 'utf8');
  const server = { user: { name: 'audit', password }, tls: { cert, key } };
  const stranger = await start({}, server);
  expect(await failureOf(stranger.verify('t'))).toContain('cannot be asked');
  expect(stranger.keystone.asked).toEqual([]);
  const trusted = await start({ authorities: cert }, server);
  trusted.keystone.issue('t', viewer);
  expect(await trusted.verify('t')).toHaveProperty('principal');
});
