import type { Principal } from '@cadf-pipeline/service-kit';
import { expect, test } from 'vitest';

import type { SourceDefinition } from './entities.ts';
import { resolveSource, SYSTEM_SOURCE } from './resolve-source.ts';
import { openTestStream, startTestState } from './control-state.test-support.ts';

const provider: Principal = { kind: 'key', id: 'p', name: 'P', roles: new Set(['submit']), tenants: '*' };
const tenant: Principal = { ...provider, id: 't', tenants: ['t1', 't2'] };
const sources: readonly SourceDefinition[] = [
  { id: 'region-a', type: 'cadf', name: 'Region A' },
  { id: 'agent-1', type: 'libvirt-audit', name: 'Agent', tenants: ['t1'] },
  { id: 'shared', type: 'cadf', name: 'Shared', tenants: ['t1', 't9'] },
];

test('who may submit as which source', async () => {
  const { state } = await startTestState({ stream: await openTestStream() });
  for (const source of sources) await state.change('source', source.id, source, { by: 'x', ifVersion: 0 });
  const resolve = (principal: Principal, requested?: string): string => {
    try {
      const { id, type } = resolveSource(state, principal, requested);
      return `${id} ${type}`;
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    }
  };
  const bound = { ...tenant, source: 'agent-1' };
  expect([
    resolve(provider),
    resolve(provider, 'region-a'),
    resolve(provider, 'agent-1'),
    resolve(provider, 'new-one'),
    resolve(provider, 'a/b'),
    resolve(tenant),
    resolve(tenant, 'key-t'),
    resolve(tenant, 'key-p'),
    resolve(tenant, 'region-a'),
    resolve(tenant, 'agent-1'),
    resolve(tenant, 'shared'),
    resolve(tenant, 'new-one'),
    resolve(bound),
    resolve(bound, 'agent-1'),
    resolve(bound, 'key-t'),
    resolve({ ...bound, source: 'deleted' }),
    resolve(provider, SYSTEM_SOURCE),
    resolve({ ...provider, source: SYSTEM_SOURCE }),
  ]).toEqual([
    'key-p cadf',
    'region-a cadf',
    'agent-1 libvirt-audit',
    'new-one cadf',
    'SOURCE_UNKNOWN',
    'key-t cadf',
    'key-t cadf',
    'SOURCE_FORBIDDEN',
    'SOURCE_FORBIDDEN',
    'agent-1 libvirt-audit',
    'SOURCE_FORBIDDEN',
    'SOURCE_FORBIDDEN',
    'agent-1 libvirt-audit',
    'agent-1 libvirt-audit',
    'SOURCE_FORBIDDEN',
    'SOURCE_UNKNOWN',
    'SOURCE_FORBIDDEN',
    'SOURCE_FORBIDDEN',
  ]);
});
