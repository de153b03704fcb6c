import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { authentication, credentialOf } from './authentication.ts';
import type { Credential, Verdict } from './authentication.ts';
import { frameworkErrors } from './framework-errors.ts';
import type { Principal, Role } from './principal.ts';
import { ProblemError } from './problem.ts';

const principal: Principal = {
  kind: 'key',
  id: 'abc',
  name: 'test',
  roles: new Set(['query']),
  tenants: ['t1'],
};

/** The credentials that requests to a route had, and what is said of them from then on. */
async function build(role: Role | readonly Role[]) {
  let verdict: Verdict | Error = { principal };
  const seen: Credential[] = [];
  const refused: string[] = [];
  const app: FastifyInstance = fastify();
  onTestFinished(() => app.close());
  await app.register(authentication, {
    verify: () => {
      if (verdict instanceof Error) throw verdict;
      return verdict;
    },
    onRefused: (reason) => void refused.push(reason),
  });
  app.get('/', { config: { role } }, (request) => {
    seen.push(credentialOf(request));
    return {};
  });
  const ask = async (headers: Record<string, string>): Promise<Credential> => {
    expect((await app.inject({ url: '/', headers })).statusCode).toBe(200);
    return seen.at(-1)!;
  };
  return { ask, refused, becomes: (next: Verdict | Error) => (verdict = next) };
}

test('a credential is verified again long after its request, in whichever header it came', async () => {
  const { ask, becomes } = await build('query');
  const narrowed = { ...principal, tenants: [] };
  for (const headers of [{ authorization: 'Bearer token-1' }, { 'x-auth-token': 'token-1' }]) {
    becomes({ principal });
    const credential = await ask(headers);
    expect(await credential.verify()).toBe(principal);
    becomes({ principal: narrowed });
    expect(await credential.verify()).toBe(narrowed);
  }
});

test('a credential that counts for nothing any more is refused as at first, and is no failed attempt', async () => {
  const { ask, becomes, refused } = await build('query');
  const credential = await ask({ authorization: 'Bearer token-1' });
  becomes({ reason: 'revoked' });
  await expect(credential.verify()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(refused).toEqual([]);
});

test('the role that the route needs is asked for again; of several any one is enough', async () => {
  const { ask, becomes } = await build(['query', 'export']);
  const credential = await ask({ authorization: 'Bearer token-1' });
  becomes({ principal: { ...principal, roles: new Set(['export']) } });
  expect((await credential.verify()).roles).toEqual(new Set(['export']));
  becomes({ principal: { ...principal, roles: new Set(['admin']) } });
  await expect(credential.verify()).rejects.toMatchObject({ code: 'FORBIDDEN_ROLE' });
});

test('a verifier that cannot say is told of as it says it', async () => {
  const { ask, becomes } = await build('query');
  const credential = await ask({ authorization: 'Bearer token-1' });
  becomes(new ProblemError(frameworkErrors.IDENTITY_UNAVAILABLE));
  await expect(credential.verify()).rejects.toMatchObject({ code: 'IDENTITY_UNAVAILABLE' });
});

test('the id of a credential is that of its token and tells nothing of it', async () => {
  const { ask } = await build('query');
  const one = await ask({ authorization: 'Bearer token-1' });
  const same = await ask({ 'x-auth-token': 'token-1' });
  const other = await ask({ authorization: 'Bearer token-2' });
  expect(same.id).toBe(one.id);
  expect(other.id).not.toBe(one.id);
  expect(one.id).not.toContain('token');
});
