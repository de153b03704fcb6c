import { expect, test } from 'vitest';
import { readApiCall } from './api-call.ts';

test.each([
  ['POST', 'nodes/pve1/qemu', 'create', 'compute/machine', true],
  ['DELETE', 'nodes/pve1/lxc/105', 'delete', 'compute/machine/container', true],
  ['POST', 'nodes/pve1/lxc/105/status/reboot', 'start/reboot', 'compute/machine/container', true],
  ['POST', 'nodes/pve1/qemu/103/config', 'update', 'compute/machine', true],
  ['PUT', 'nodes/pve1/qemu/103/config', 'update', 'compute/machine', false],
  ['POST', 'nodes/pve1/qemu/103/snapshot/s1/rollback', 'restore', 'compute/machine', true],
  ['POST', 'nodes/pve1/services/sshd/restart', 'start/reboot', 'service', true],
  ['POST', 'nodes/pve1/storage/local/upload', 'create', 'storage/volume', true],
  ['POST', 'nodes/pve1/vzdump', 'backup', 'compute/node', true],
  ['PUT', 'nodes/pve1/network', 'configure', 'network', true],
  ['PUT', 'nodes/pve1/network/vmbr0', 'update', 'network', false],
  ['DELETE', 'nodes/pve1/tasks/UPID:x', 'stop', 'data/workload/task', false],
  ['PUT', 'access/password', 'update', 'data/security/account/user', false],
  ['POST', 'access/groups', 'create', 'data/security/group', false],
  ['PUT', 'access/domains/corp', 'update', 'data/security/domain', false],
  ['POST', 'cluster/ha/resources', 'create', 'data/config', false],
  ['POST', 'cluster/firewall/groups', 'create', 'data/security/policy', false],
  ['POST', 'cluster/bulk-action/guest/shutdown', 'stop/shutdown', 'data/config', true],
  ['POST', 'something/new', 'create', 'data/config', false],
])('%s %s is %s of %s', (method, path, action, typeURI, isTask) => {
  expect(readApiCall(method, path)).toMatchObject({ action, typeURI, isTask });
});
