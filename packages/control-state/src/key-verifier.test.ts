import { createToken, hashKey, Secret } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';

import type { ApiKey } from './entities.ts';
import { createKeyVerifier } from './key-verifier.ts';
import { openTestStream, startTestState } from './control-state.test-support.ts';

const token = createToken('abc');
const key: ApiKey = {
  id: 'abc',
  name: 'Collector',
  hash: hashKey(token),
  roles: ['submit', 'query'],
  tenants: ['t1'],
  source: 's',
  created: '2026-01-01T00:00:00Z',
};
const by = 'tester';

test('a token gives the principal of its key', async () => {
  const { state } = await startTestState({ stream: await openTestStream() });
  const verify = createKeyVerifier({ state });
  expect(verify(token)).toEqual({ reason: 'unknown' });
  await state.change('key', 'abc', key, { by, ifVersion: 0 });
  expect(verify(token)).toEqual({
    principal: {
      kind: 'key',
      id: 'abc',
      name: 'Collector',
      roles: new Set(['submit', 'query']),
      tenants: ['t1'],
      source: 's',
    },
  });
  expect(verify(createToken('abc'))).toEqual({ reason: 'mismatch' });
  expect(verify(createToken('abd'))).toEqual({ reason: 'unknown' });
  expect(verify('')).toEqual({ reason: 'malformed' });
  expect(verify(`${token}x`)).toEqual({ reason: 'malformed' });
});

test('expiry holds from its millisecond on, revocation, change and deletion from the next call on', async () => {
  let nowMs = Date.parse('2026-06-01T00:00:00Z') - 1;
  const { state } = await startTestState({ stream: await openTestStream() });
  const verify = createKeyVerifier({ state, now: () => nowMs });
  const expiring = { ...key, expires: '2026-06-01T02:00:00+02:00' };
  const made = await state.change('key', 'abc', expiring, { by, ifVersion: 0 });
  expect(verify(token)).toHaveProperty('principal.expiresMs', nowMs + 1);
  nowMs++;
  expect(verify(token)).toEqual({ reason: 'expired' });
  const open = await state.change('key', 'abc', { ...key, roles: [] }, { by, ifVersion: made!.version });
  expect(verify(token)).toHaveProperty('principal.roles', new Set());
  const revoked = { ...key, revoked: '2026-05-01T00:00:00Z' };
  const ended = await state.change('key', 'abc', revoked, { by, ifVersion: open!.version });
  expect(verify(token)).toEqual({ reason: 'revoked' });
  await state.change('key', 'abc', null, { by, ifVersion: ended!.version });
  expect(verify(token)).toEqual({ reason: 'unknown' });
});

test('the bootstrap key works without any state, and only exactly', async () => {
  const { state } = await startTestState({ stream: await openTestStream() });
  const bootstrap = new Secret('mJ2bG0i9Zc4yWqXn1oVtRk7LsUe5aHdP');
  const verify = createKeyVerifier({ state, bootstrap });
  expect(verify(bootstrap.reveal())).toMatchObject({ principal: { id: 'bootstrap', tenants: '*' } });
  expect(verify(`${bootstrap.reveal()}x`)).toEqual({ reason: 'malformed' });
  expect(createKeyVerifier({ state })(bootstrap.reveal())).toEqual({ reason: 'malformed' });
});
