/** What CIMI's operations are in CADF's taxonomy of actions. */
import type { ResourceType } from './resource-types.ts';

/** Lower case, `-` as `_`; of CIMI 1 and 2, then of servers that have words of their own. */
const VERBS: Readonly<Record<string, string>> = {
  add: 'create',
  create: 'create',
  edit: 'update',
  update: 'update',
  delete: 'delete',
  insert: 'update/insert',
  remove: 'update/remove',
  start: 'start',
  stop: 'stop',
  restart: 'start/restart',
  reboot: 'start/restart',
  pause: 'stop/pause',
  suspend: 'stop/suspend',
  capture: 'capture',
  snapshot: 'capture/snapshot',
  restore: 'restore',
  export: 'backup/export',
  import: 'deploy/import',
  enable: 'enable',
  disable: 'disable',
  connectvolume: 'update/attach',
  forcesync: 'backup/sync',
  swapbackup: 'configure',
  addrm: 'configure',
  removerm: 'configure',
  login: 'authenticate/login',
  start_deployment: 'deploy',
  stop_deployment: 'undeploy',
  update_deployment: 'update',
  collect: 'monitor',
  describe: 'read',
  download: 'read',
  read: 'read',
  upload: 'update',
  execute: 'start',
  activate: 'enable',
  ready: 'enable',
  quarantine: 'disable',
  cancel: 'stop',
};
const HTTP: Readonly<Record<string, string>> = {
  get: 'read',
  head: 'read',
  put: 'update',
  patch: 'update',
  delete: 'delete',
};
/** Of `create-volume`, `collect_virtual_machines`: the words that mean the same of anything. */
const LEADING = new Set([
  'create',
  'delete',
  'update',
  'start',
  'stop',
  'restart',
  'reboot',
  'edit',
  'collect',
]);

/** Last segment of an action's URI, or the bare word: lower case, `-` as `_`. */
export function verbOf(action: string): string {
  const path = action
    .trim()
    .slice(0, 2048)
    .replace(/[?#].*$/s, '')
    .replace(/\/{1,8}$/, '');
  return path
    .slice(path.lastIndexOf('/') + 1)
    .toLowerCase()
    .replaceAll('-', '_');
}

/** The CADF action of a CIMI one on a resource of a type; undefined where it is none that is known. */
export function actionOf(action: string, type: ResourceType): string | undefined {
  const verb = verbOf(action).replace(/^bulk_/, '');
  const { name } = type;
  if ((verb === 'edit' || verb === 'update') && /(?:^resourcemetadata|configuration)$/.test(name))
    return 'configure';
  if (verb === 'snapshot' && name === 'volume') return 'backup/snapshot';
  if (verb === 'import' && name === 'systemtemplate') return 'create/import';
  if ((verb === 'add' || verb === 'create') && name === 'session') return 'authenticate/login';
  if (Object.hasOwn(VERBS, verb)) return VERBS[verb];
  if (verb.includes('check') || verb.startsWith('validate')) return 'evaluate';
  if (verb.endsWith('_state')) return 'monitor';
  const first = verb.slice(0, Math.max(0, verb.indexOf('_')));
  return LEADING.has(first) ? VERBS[first] : undefined;
}

/** The CADF action of an access: a method of HTTP, or the name of an operation. A POST to a collection adds to it. */
export function accessActionOf(operation: string, type: ResourceType): string | undefined {
  const method = operation.trim().toLowerCase();
  if (method === 'post') return type.isCollection ? actionOf('add', type) : undefined;
  if (method === 'put' || method === 'patch') return actionOf('edit', type);
  const known = Object.hasOwn(HTTP, method) ? HTTP[method] : undefined;
  if (known === 'read' && type.isCollection) return 'read/list';
  return known ?? actionOf(operation, type);
}
