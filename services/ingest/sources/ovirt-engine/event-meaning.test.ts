import { expect, test } from 'vitest';
import codes from './event-codes.json' with { type: 'json' };
import { meaningOf } from './event-meaning.ts';

const told = (name: string, message = ''): string => {
  const { action, outcome } = meaningOf(name, message);
  return `${action} ${outcome}`;
};

test.each([
  ['USER_VDC_LOGIN', 'authenticate/login success'],
  ['USER_VDC_LOGIN_FAILED', 'authenticate/login failure'],
  ['USER_VDC_LOGOUT_FAILED', 'authenticate/logout failure'],
  ['USER_STARTED_VM', 'start pending'],
  ['USER_RUN_VM', 'start success'],
  ['USER_INITIATED_SHUTDOWN_VM', 'stop/shutdown pending'],
  ['USER_STOP_VM', 'stop success'],
  ['VM_DOWN', 'stop success'],
  ['VM_DOWN_ERROR', 'stop/crash failure'],
  ['USER_REBOOT_VM', 'start/reboot success'],
  ['USER_RESET_VM', 'start/reset success'],
  ['USER_PAUSE_VM', 'stop/suspend success'],
  ['USER_SUSPEND_VM', 'stop/suspend pending'],
  ['USER_SUSPEND_VM_FINISH_FAILURE', 'stop/suspend failure'],
  ['USER_RESUME_VM', 'start/resume success'],
  ['USER_ADD_VM', 'create success'],
  ['USER_ADD_VM_STARTED', 'create pending'],
  ['USER_ADD_VM_FINISHED_FAILURE', 'create failure'],
  ['USER_REMOVE_VM_FINISHED', 'delete success'],
  ['USER_UPDATE_VM', 'update success'],
  ['USER_CREATE_SNAPSHOT', 'capture pending'],
  ['USER_CREATE_SNAPSHOT_FINISHED_FAILURE', 'capture failure'],
  ['USER_REMOVE_SNAPSHOT_FINISHED_SUCCESS', 'delete/snapshot success'],
  ['VM_MIGRATION_START', 'update/migrate pending'],
  ['VM_MIGRATION_FAILED', 'update/migrate failure'],
  ['USER_ADD_DISK', 'create pending'],
  ['USER_ADD_DISK_TO_VM_FINISHED_SUCCESS', 'update/attach success'],
  ['USER_HOTPLUG_DISK', 'update/attach success'],
  ['USER_HOTUNPLUG_DISK', 'update/detach success'],
  ['USER_UPDATE_VM_DISK', 'update success'],
  ['USER_ADD_PERMISSION', 'allow success'],
  ['USER_REMOVE_SYSTEM_PERMISSION', 'revoke success'],
  ['USER_ADD_ROLE', 'create success'],
  ['USER_REMOVE_ADUSER', 'delete success'],
  ['USER_VDS_MAINTENANCE', 'disable success'],
  ['VDS_MAINTENANCE_FAILED', 'disable failure'],
  ['USER_REMOVE_VDS', 'delete success'],
  ['VDS_FENCE_STATUS', 'monitor success'],
  ['VDS_FENCE_STATUS_FAILED', 'monitor failure'],
  ['USER_ADD_STORAGE_DOMAIN', 'create success'],
  ['USER_ATTACH_STORAGE_DOMAIN_TO_POOL', 'update/attach success'],
  ['USER_ACTIVATED_STORAGE_DOMAIN', 'enable success'],
  ['USER_FORCE_REMOVE_STORAGE_DOMAIN', 'delete success'],
  ['NETWORK_ADD_NETWORK_FAILED', 'create failure'],
  ['GLUSTER_VOLUME_START', 'start success'],
  ['USER_FINISHED_REMOVE_DISK_ATTACHED_TO_VMS', 'delete success'],
  ['USER_ATTACH_USER_TO_VM_FROM_POOL', 'update/attach pending'],
  ['USER_UPDATE_VM_CLUSTER_DEFAULT_HOST_CLEARED', 'update success'],
  ['USER_PROFILE_REMOVE_PROPERTY', 'update success'],
  ['USER_REMOVE_DEVICE_FROM_STORAGE_DOMAIN', 'update/detach success'],
  ['VM_CHECKPOINT_DELETED', 'delete/snapshot success'],
  ['VM_CANCEL_MIGRATION', 'update/cancel success'],
  ['NUMA_REMOVE_VM_NUMA_NODE_SUCCESS', 'update success'],
  ['GEOREP_SESSION_DELETED', 'update success'],
  ['GLUSTER_VOLUME_REMOVE_BRICKS', 'update/detach success'],
  ['IMPORTEXPORT_STARTING_REMOVE_VM', 'delete pending'],
  ['TRANSFER_IMAGE_CANCELLED', 'update/transfer failure'],
  ['LUNS_BROKE_SD_DISCARD_AFTER_DELETE_SUPPORT', 'monitor success'],
  ['STORAGE_DEVICE_REMOVED_FROM_THE_HOST', 'monitor success'],
  ['USER_SOMETHING_NEW', 'unknown success'],
])('%s is %s', (name, expected) => {
  expect(told(name)).toBe(expected);
});

test('a message that tells a request makes it pending, never a failure', () => {
  expect(told('VDS_ACTIVATE', 'Activation of host a initiated by b@c.')).toBe('enable pending');
  expect(told('VDS_ACTIVATE_FAILED', 'Activation initiated by b@c failed.')).toBe('enable failure');
});

test('a message that begins with a failure is none of a success, whatever the name says', () => {
  expect(told('VDS_REGISTER_NEW_WAY', 'Host registration took place.')).toBe('deploy/register success');
  expect(told('VDS_REGISTER_NEW_WAY', 'Failed to register host a.')).toBe('deploy/register failure');
  const leftovers = 'Failed to perform live merge, disk d1 migration to storage domain s1 was successful.';
  expect(told('USER_MOVED_DISK_FINISHED_WITH_LEFTOVERS', leftovers)).toBe('update/move success');
});

test('hardly any known name is left without a meaning', () => {
  const names = Object.values(codes);
  const unknown = names.filter((name) => meaningOf(name, '').action === 'unknown');
  expect(unknown.length / names.length).toBeLessThan(0.01);
});
