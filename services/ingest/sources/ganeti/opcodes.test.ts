import { expect, test } from 'vitest';
import { opOfCommand } from './commands.ts';
import { meaningOf } from './opcodes.ts';

test.each([
  ['INSTANCE_QUERY_DATA', 'read'],
  ['EXT_STORAGE_DIAGNOSE', 'read'],
  ['TAGS_SEARCH', 'read'],
  ['CLUSTER_VERIFY_DISKS', 'evaluate'],
  ['GROUP_VERIFY_DISKS', 'evaluate'],
  ['TEST_DELAY', 'evaluate'],
])('%s only looks', (name, action) => {
  expect(meaningOf(name)).toMatchObject({ action, isRead: true });
});

test.each([
  ['NODE_MODIFY', 'update', 'node', 'op-other-update'],
  ['NETWORK_FLOOD', 'unknown', 'network', 'unmapped-op'],
  ['SOMETHING_ADD', 'unknown', 'unknown', 'unmapped-op'],
  ['constructor', 'unknown', 'unknown', 'unmapped-op'],
])('%s is not in the table', (name, action, target, rule) => {
  expect(meaningOf(name)).toMatchObject({ action, target, rule, isRead: false });
});

test('an out-of-band command is what its command says', () => {
  expect(meaningOf('OOB_COMMAND', 'power-cycle')).toMatchObject({ action: 'start/reset', isRead: false });
  expect(meaningOf('OOB_COMMAND', 'health')).toMatchObject({ action: 'read', isRead: true });
  expect(meaningOf('OOB_COMMAND')).toMatchObject({ action: 'update', isRead: false });
});

test('commands are told by tool and verb', () => {
  expect(opOfCommand('gnt-instance start')).toBe('INSTANCE_STARTUP');
  expect(opOfCommand('gnt-group add-tags')).toBe('TAGS_SET');
  expect(opOfCommand('gnt-cluster verify-disks')).toBe('QUERY');
  expect(opOfCommand('gnt-job cancel')).toBeUndefined();
  expect(opOfCommand('gnt-instance')).toBeUndefined();
});
