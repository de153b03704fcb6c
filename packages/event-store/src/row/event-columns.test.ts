import { describe, expect, it } from 'vitest';
import { isPending, readEventColumns } from './event-columns.ts';

const user = {
  id: 'user-1',
  typeURI: 'data/security/account/user',
  name: 'ada',
  project_id: 'p1',
  host: { address: '192.0.2.1', agent: 'curl' },
};
const machine = { id: 'vm-1', typeURI: 'compute/machine', name: 'db01' };

describe('columns of an event', () => {
  it('are the strings at their places, numbers and booleans as JSON writes them, everything else absent', () => {
    const columns = readEventColumns({
      id: 7,
      name: true,
      severity: null,
      action: { a: 1 },
      outcome: ['success'],
      reason: { reasonCode: 404 },
      initiator: user,
      tags: ['a', 1, 'b'],
    });
    expect(columns).toMatchObject({
      id: '7',
      name: 'true',
      severity: '',
      action: '',
      outcome: '',
      reasonCode: '404',
      initiator: {
        id: 'user-1',
        type: 'data/security/account/user',
        project: 'p1',
        address: '192.0.2.1',
        agent: 'curl',
      },
      target: { id: '' },
      tags: ['a', 'b'],
      hasChain: false,
    });
  });

  it.each([
    ['an observer that is the target', { observer: { id: 'target' } }, 'observer', 'vm-1', 'target'],
    [
      'the short form as pyCADF completes it',
      { observer: { id: 'target', typeURI: 'unknown' } },
      'observer',
      'vm-1',
      'target',
    ],
    ['by identifier', { observer: undefined, observerId: 'initiator' }, 'observer', 'user-1', 'initiator'],
    ['a target that is the initiator', { target: { id: 'initiator' } }, 'target', 'user-1', 'initiator'],
    [
      'a resource of that name',
      { observer: { id: 'target', typeURI: 'service/x' } },
      'observer',
      'target',
      '',
    ],
    ['itself', { observer: { id: 'observer' } }, 'observer', 'observer', ''],
    [
      'two that point at each other',
      { observer: { id: 'target' }, target: { id: 'observer' } },
      'observer',
      'target',
      '',
    ],
  ] as const)('resolve a role that points at another: %s', (_, change, role, id, refersTo) => {
    const columns = readEventColumns({ initiator: user, target: machine, ...change });
    expect(columns?.[role]).toMatchObject({ id, refersTo });
  });

  it('say whether there are reporter steps', () => {
    expect(readEventColumns({ reporterchain: [{}] })?.hasChain).toBe(true);
    expect(readEventColumns({ reporterchain: [] })?.hasChain).toBe(false);
    expect(readEventColumns({ reporterchain: {} })?.hasChain).toBe(false);
  });

  it('are none where there is no object', () => {
    for (const value of [null, [], 'x', 1, undefined]) expect(readEventColumns(value)).toBeUndefined();
  });
});

it.each([
  ['pending', true],
  ['PENDING', true],
  ['pending/approval', true],
  ['http://schemas.dmtf.org/cloud/audit/1.0/taxonomy/outcome/pending', true],
  ['success', false],
  ['failure', false],
  ['unknown', false],
  ['notpending', false],
  ['failure/pending', false],
  ['pendingx', false],
  ['', false],
])('the outcome %j is pending: %j', (outcome, pending) => {
  expect(isPending(outcome)).toBe(pending);
});
