import { expect, test } from 'vitest';
import { commandMeaning } from './commands.ts';
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
  expect(commandMeaning('gnt-instance start')).toMatchObject({ action: 'start', target: 'instance' });
  expect(commandMeaning('gnt-group add-tags')).toMatchObject({ action: 'update', target: 'tagged' });
  expect(commandMeaning('gnt-cluster verify-disks')).toMatchObject({ isRead: true });
  expect(commandMeaning('gnt-job cancel')).toMatchObject({ action: 'stop', target: 'job' });
  expect(commandMeaning('gnt-job constructor')).toBeUndefined();
  expect(commandMeaning('gnt-instance')).toBeUndefined();
});
