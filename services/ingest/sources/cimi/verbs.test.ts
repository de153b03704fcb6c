import { expect, test } from 'vitest';
import { classifyAction } from '@cadf-pipeline/cadf-model';
import { typeOfUri } from './resource-types.ts';
import { accessActionOf, actionOf } from './verbs.ts';

const ROOTS = ['', 'http://schemas.dmtf.org/cimi/1/action/', 'http://schemas.dmtf.org/cimi/2/Action/'];

test.each([
  ['add', 'Machine', 'create'],
  ['create', 'Machine', 'create'],
  ['edit', 'Machine', 'update'],
  ['update', 'Machine', 'update'],
  ['edit', 'ResourceMetadata', 'configure'],
  ['edit', 'MachineConfiguration', 'configure'],
  ['delete', 'Machine', 'delete'],
  ['insert', 'MachineCollection', 'update/insert'],
  ['remove', 'MachineCollection', 'update/remove'],
  ['start', 'Machine', 'start'],
  ['stop', 'Job', 'stop'],
  ['restart', 'System', 'start/restart'],
  ['pause', 'Machine', 'stop/pause'],
  ['suspend', 'Machine', 'stop/suspend'],
  ['capture', 'Machine', 'capture'],
  ['snapshot', 'Machine', 'capture/snapshot'],
  ['snapshot', 'Volume', 'backup/snapshot'],
  ['restore', 'Volume', 'restore'],
  ['export', 'System', 'backup/export'],
  ['import', 'SystemCollection', 'deploy/import'],
  ['import', 'SystemTemplateCollection', 'create/import'],
  ['enable', 'ProtocolEndpoint', 'enable'],
  ['disable', 'NetworkInterface', 'disable'],
  ['connectvolume', 'Machine', 'update/attach'],
  ['forceSync', 'SystemService', 'backup/sync'],
  ['swapBackup', 'SystemService', 'configure'],
  ['addRM', 'SystemService', 'configure'],
  ['removeRM', 'SystemService', 'configure'],
  ['add', 'session-collection', 'authenticate/login'],
  ['login', 'session', 'authenticate/login'],
  ['start_deployment', '', 'deploy'],
  ['stop_deployment', '', 'undeploy'],
  ['bulk-stop_deployment', '', 'undeploy'],
  ['bulk_update_deployment', '', 'update'],
  ['reboot_nuvlabox', '', 'start/restart'],
  ['check-dct', '', 'evaluate'],
  ['component_check', '', 'evaluate'],
  ['validate-dns', '', 'evaluate'],
  ['collect', '', 'monitor'],
  ['deployment_state', '', 'monitor'],
  ['describe', '', 'read'],
  ['download', '', 'read'],
  ['upload', '', 'update'],
  ['execute', '', 'start'],
  ['activate', '', 'enable'],
  ['ready', '', 'enable'],
  ['quarantine', '', 'disable'],
  ['cancel', 'job', 'stop'],
  ['create-volume', '', 'create'],
  ['collect_virtual_machines', '', 'monitor'],
  ['defragment', '', undefined],
  ['constructor', '', undefined],
])('%s on a %s is %s, bare or as URI', (verb, type, action) => {
  for (const root of ROOTS) {
    expect(actionOf(`${root}${verb}`, typeOfUri(type))).toBe(action);
    expect(actionOf(`${root}${verb.toUpperCase()}?x=1#y`, typeOfUri(type))).toBe(action);
  }
  if (action !== undefined) expect(classifyAction(action).kind).not.toBe('unknown-root');
});

test.each([
  ['GET', 'Machine', 'read'],
  ['HEAD', 'Machine', 'read'],
  ['GET', 'MachineCollection', 'read/list'],
  ['POST', 'MachineCollection', 'create'],
  ['POST', 'Machine', undefined],
  ['PUT', 'Machine', 'update'],
  ['PATCH', 'MachineConfiguration', 'configure'],
  ['DELETE', 'Machine', 'delete'],
  ['start', 'Machine', 'start'],
  ['OPTIONS', 'Machine', undefined],
])('an access by %s to a %s is %s', (operation, type, action) => {
  expect(accessActionOf(operation, typeOfUri(type))).toBe(action);
});
