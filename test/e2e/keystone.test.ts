/** The whole process with a Keystone beside it: what its tokens open, and that nothing of them is told or kept. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ndjson, testEvent } from '../support/events.ts';
import { startKeystone } from '../support/keystone.ts';
import type { TestKeystone } from '../support/keystone.ts';
import { startService, until } from '../support/service.ts';
import type { TestService } from '../support/service.ts';

const PASSWORD = 'the-password-of-the-service-user';
const TOKEN = {
  viewer: 'gAAAAABviewer-of-project-a',
  domain: 'gAAAAABviewer-of-domain-d',
  cluster: 'gAAAAABcluster-viewer',
  member: 'gAAAAABmember-of-project-a',
  later: 'gAAAAABnot-seen-before',
} as const;

let keystone: TestKeystone;
let service: TestService;

beforeAll(async () => {
  keystone = await startKeystone({ user: { name: 'audit', password: PASSWORD } });
  const project = { id: 'project-a' };
  keystone.issue(TOKEN.viewer, { userId: 'u-1', roles: ['audit_viewer'], project });
  keystone.issue(TOKEN.domain, { userId: 'u-2', roles: ['audit_admin'], domain: { id: 'domain-d' } });
  keystone.issue(TOKEN.cluster, { userId: 'u-3', roles: ['cluster_viewer'], project: { id: 'project-b' } });
  keystone.issue(TOKEN.member, { userId: 'u-4', roles: ['member'], project });
  keystone.issue(TOKEN.later, { userId: 'u-5', roles: ['audit_viewer'], project });
  service = await startService({
    env: {
      CADF_LOG_LEVEL: 'trace',
      CADF_KEYSTONE_URL: keystone.url,
      CADF_KEYSTONE_USERNAME: 'audit',
      CADF_KEYSTONE_PASSWORD: PASSWORD,
      CADF_KEYSTONE_PROJECT: 'service',
    },
  });
  const user = { typeURI: 'data/security/account/user', id: 'u' };
  const events = [
    testEvent({ action: 'create', initiator: { ...user, project_id: 'project-a' } }),
    testEvent({ action: 'delete', initiator: { ...user, project_id: 'project-b' } }),
    testEvent({ action: 'enable', initiator: { ...user, domain_id: 'domain-d' } }),
  ];
  await service.fetch('/cadf/v1/events?profile=lenient', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: ndjson(events),
  });
  await until(async () => (await actions(service.key, '/v1/events?action=enable')) === 'enable');
});
afterAll(async () => {
  await service.stop();
  service.clean();
  await keystone.close();
});

async function ask(token: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('x-auth-token', token);
  return fetch(service.url + path, { ...init, headers });
}

async function actions(token: string, path: string): Promise<string> {
  const answer = await ask(token, path);
  if (answer.status !== 200) return `${answer.status} ${(await answer.text()).trim()}`;
  const { events } = (await answer.json()) as { events: readonly { readonly action: string }[] };
  return events
    .map(({ action }) => action)
    .filter((action) => ['create', 'delete', 'enable'].includes(action))
    .toSorted()
    .join(' ');
}

test('a token sees what it is for, on every interface', async () => {
  for (const [token, path, expected] of [
    [TOKEN.viewer, '/v1/events', 'create'],
    [TOKEN.viewer, '/cadf/v1/events', 'create'],
    [TOKEN.viewer, '/v1/events?project_id=project-b', '403 Forbidden'],
    [TOKEN.viewer, '/v1/events?project_id=*', '403 Forbidden'],
    [TOKEN.domain, '/v1/events', 'enable'],
    [TOKEN.domain, '/cadf/v1/events', 'enable'],
    [TOKEN.cluster, '/v1/events', 'delete'],
    [TOKEN.cluster, '/v1/events?project_id=project-a', 'create'],
    [TOKEN.cluster, '/v1/events?project_id=*&limit=100', 'create delete enable'],
    [TOKEN.cluster, '/cadf/v1/events?limit=100', 'create delete enable'],
    [TOKEN.member, '/v1/events', '403 Forbidden'],
    ['gAAAAABnobody-s', '/v1/events', '401 Unauthorized'],
    [service.key, '/v1/events?limit=100', 'create delete enable'],
  ] as const)
    expect([path, await actions(token, path)]).toEqual([path, expected]);
  const bearer = { authorization: `Bearer ${TOKEN.viewer}` };
  const answer = await fetch(`${service.url}/cadf/v1/count`, { headers: bearer });
  expect(await answer.json()).toEqual({ count: 1 });
});

test('a token opens nothing but reading', async () => {
  for (const token of [TOKEN.viewer, TOKEN.cluster])
    for (const [method, path] of [
      ['POST', '/cadf/v1/events'],
      ['POST', '/cadf/v1/admin/keys'],
      ['GET', '/cadf/v1/admin/keys'],
      ['GET', '/metrics'],
    ] as const) {
      const answer = await ask(token, path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
});

test('without Keystone no new token counts, and keys do', async () => {
  await keystone.close();
  const answer = await ask(TOKEN.later, '/v1/events');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  const problem = await ask(TOKEN.later, '/cadf/v1/events');
  expect(await problem.json()).toMatchObject({ code: 'IDENTITY_UNAVAILABLE', status: 503 });
  expect(await actions(TOKEN.viewer, '/v1/events')).toBe('create');
  expect((await ask(service.key, '/v1/events')).status).toBe(200);
});

test('no token and no password is logged', () => {
  const output = service.output();
  expect(output).toContain('cannot be asked');
  for (const secret of [PASSWORD, ...Object.values(TOKEN)]) expect(output).not.toContain(secret);
});
