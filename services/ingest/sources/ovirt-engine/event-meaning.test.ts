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
  ['USER_SOMETHING_NEW', 'unknown success'],
])('%s is %s', (name, expected) => {
  expect(told(name)).toBe(expected);
});

test('a message that tells a request makes it pending, never a failure', () => {
  expect(told('VDS_ACTIVATE', 'Activation of host a initiated by b@c.')).toBe('enable pending');
  expect(told('VDS_ACTIVATE_FAILED', 'Activation initiated by b@c failed.')).toBe('enable failure');
});

test('hardly any known name is left without a meaning', () => {
  const names = Object.values(codes);
  const unknown = names.filter((name) => meaningOf(name, '').action === 'unknown');
  expect(unknown.length / names.length).toBeLessThan(0.01);
});
