/** What a changing call of the API does, to what, by its method and path (Proxmox VE API viewer). */

export interface ApiCall {
  readonly action: string;
  readonly typeURI: string;
  /** The parts of the target's id below the cluster, or below `nodes`. */
  readonly id: readonly string[];
  /** The node a guest is on, as the path tells. */
  readonly node?: string;
  readonly name?: string;
  /** A task is made and tells how it went. */
  readonly isTask: boolean;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  DELETE: 'delete',
  PATCH: 'update',
};

/** `…/status/X` of a guest, `…/services/S/X` of a node. */
const STATES: Readonly<Record<string, string>> = {
  start: 'start',
  stop: 'stop',
  shutdown: 'stop/shutdown',
  reboot: 'start/reboot',
  reset: 'start/reset',
  suspend: 'stop/pause',
  resume: 'start/resume',
  restart: 'start/reboot',
  reload: 'configure',
};

/** The part of a guest's path → what it means; those with `task` make one. */
const GUEST_CALLS: Readonly<
  Record<string, { readonly action: string; readonly typeURI?: string; readonly task?: true }>
> = {
  'POST config': { action: 'update', task: true },
  'PUT config': { action: 'update' },
  'POST clone': { action: 'create/clone', task: true },
  'POST migrate': { action: 'update/migrate', task: true },
  'POST remote_migrate': { action: 'update/migrate', task: true },
  'POST mtunnel': { action: 'update/migrate', task: true },
  'POST template': { action: 'update', task: true },
  'PUT resize': { action: 'update', typeURI: 'storage/volume', task: true },
  'POST move_disk': { action: 'update', typeURI: 'storage/volume', task: true },
  'POST move_volume': { action: 'update', typeURI: 'storage/volume', task: true },
  'PUT unlink': { action: 'update/detach' },
  'PUT cloudinit': { action: 'update' },
  'PUT sendkey': { action: 'update/send-key' },
  'POST monitor': { action: 'update/monitor-command' },
  'POST vncproxy': { action: 'read/console', task: true },
  'POST termproxy': { action: 'read/console', task: true },
  'POST spiceproxy': { action: 'read/console', task: true },
};

/** The first parts of a path → type of what lies under them. The longest one that fits counts. */
const TYPES: readonly (readonly [string, string])[] = [
  ['access/users', 'data/security/account/user'],
  ['access/password', 'data/security/account/user'],
  ['access/tfa', 'data/security/credential'],
  ['access/groups', 'data/security/group'],
  ['access/roles', 'data/security/role'],
  ['access/acl', 'data/security/role'],
  ['access/domains', 'data/security/domain'],
  ['cluster/ha', 'data/config'],
  ['cluster/backup', 'data/workload/task'],
  ['cluster/jobs', 'data/workload/task'],
  ['cluster/replication', 'data/workload/task'],
  ['cluster/sdn', 'network'],
  ['cluster/config', 'network/cluster'],
  ['cluster/acme', 'data/security/account'],
  ['cluster/firewall', 'data/security/policy'],
  ['cluster/ceph', 'storage/node'],
  ['storage', 'storage/volume'],
  ['pools', 'service/composition'],
  ['nodes/*/services', 'service'],
  ['nodes/*/storage', 'storage/volume'],
  ['nodes/*/disks', 'storage/volume'],
  ['nodes/*/network', 'network'],
  ['nodes/*/firewall', 'data/security/policy'],
  ['nodes/*/subscription', 'data/security/license'],
  ['nodes/*/certificates', 'data/security/credential'],
  ['nodes/*/tasks', 'data/workload/task'],
  ['nodes/*/replication', 'data/workload/task'],
  ['nodes/*/apt', 'data/package'],
  ['nodes/*/ceph', 'storage/node'],
  ['nodes/*/aplinfo', 'data/image'],
];

const TASKS: readonly RegExp[] = [
  /^(?:POST|DELETE) nodes\/[^/]+\/(?:disks|ceph)\//,
  /^PUT nodes\/[^/]+\/disks\/wipedisk/,
  /^POST nodes\/[^/]+\/(?:startall|stopall|suspendall|migrateall|vzdump|aplinfo|vncshell|termproxy|spiceshell)$/,
  /^POST nodes\/[^/]+\/(?:apt\/update|services\/[^/]+\/\w+|replication\/[^/]+\/schedule_now)$/,
  /^(?:POST|PUT|DELETE) nodes\/[^/]+\/certificates\/acme\//,
  /^PUT nodes\/[^/]+\/network$/,
  /^POST nodes\/[^/]+\/storage\/[^/]+\/(?:upload|download-url|oci-registry-pull|content\/.+)$/,
  /^DELETE nodes\/[^/]+\/storage\/[^/]+\/(?:content\/.+|prunebackups)$/,
  /^POST cluster\/(?:config|config\/join|bulk-action\/.+)$/,
  /^PUT cluster\/(?:ceph\/flags|sdn)$/,
  /^(?:POST|PUT|DELETE) cluster\/acme\/account/,
  /^POST access\/domains\/[^/]+\/sync$/,
];

/** `path`: behind `/api2/json/`, without a query. */
export function readApiCall(method: string, path: string): ApiCall {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .slice(0, 16)
    .map(decoded);
  const [root, node, kind, number] = parts;
  if (root === 'nodes' && (kind === 'qemu' || kind === 'lxc') && node !== undefined)
    return guestCall(method, kind, node, number, parts.slice(4));
  if (root === 'cluster' && node === 'ha') return highAvailability(method, parts);
  const call = `${method} ${parts.join('/')}`;
  const typeURI = root === 'nodes' && parts.length === 2 ? 'compute/node' : typeOf(parts);
  return {
    action: actionOf(method, parts),
    typeURI,
    id: typeURI === 'compute/node' ? parts.slice(0, 2) : isUser(parts) ? ['user', ...parts.slice(2)] : parts,
    isTask: TASKS.some((pattern) => pattern.test(call)),
  };
}

/** A user's target is the same as where the user is an initiator. */
function isUser(parts: readonly string[]): boolean {
  return parts[0] === 'access' && parts[1] === 'users' && parts.length === 3;
}

function guestCall(
  method: string,
  kind: string,
  node: string,
  number: string | undefined,
  rest: readonly string[],
): ApiCall {
  const machine = kind === 'lxc' ? 'compute/machine/container' : 'compute/machine';
  const verb = VERBS[method] ?? 'unknown';
  if (number === undefined)
    return { action: verb, typeURI: machine, id: ['nodes', node, kind], isTask: true };
  const about = { typeURI: machine, id: ['guest', number], name: number, node };
  const [first, second, third] = rest;
  if (first === undefined) return { ...about, action: verb, isTask: true };
  if (first === 'status' && second !== undefined)
    return { ...about, action: STATES[second] ?? `update/${second}`, isTask: true };
  if (first === 'snapshot') {
    if (third === 'rollback') return { ...about, action: 'restore', isTask: true };
    if (third === 'config') return { ...about, action: 'update', isTask: false };
    return { ...about, action: method === 'DELETE' ? 'delete/snapshot' : 'capture', isTask: true };
  }
  if (first === 'firewall')
    return {
      ...about,
      typeURI: 'data/security/policy',
      id: ['guest', number, ...rest],
      action: verb,
      isTask: false,
    };
  if (first === 'agent') return { ...about, action: agentAction(second), isTask: false };
  const known = GUEST_CALLS[`${method} ${first}`];
  if (known === undefined) return { ...about, action: verb === 'create' ? 'update' : verb, isTask: false };
  return {
    ...about,
    action: known.action,
    ...(known.typeURI === undefined ? {} : { typeURI: known.typeURI, id: ['guest', number, 'volume'] }),
    isTask: known.task === true,
  };
}

/** Commands to the agent inside the guest; the generic call names its command in the body. */
function agentAction(command: string | undefined): string {
  if (command === 'exec') return 'update/exec';
  if (command === 'shutdown') return 'stop/shutdown';
  if (command?.startsWith('suspend-') === true) return 'stop/suspend';
  if (command === 'ping' || command === 'info' || command?.startsWith('get-') === true) return 'read';
  return 'update';
}

function highAvailability(method: string, parts: readonly string[]): ApiCall {
  const [, , kind, resourceId, command] = parts;
  const isMove = kind === 'resources' && (command === 'migrate' || command === 'relocate');
  if (isMove && resourceId !== undefined) {
    const number = resourceId.replace(/^(?:vm|ct):/, '');
    return {
      action: 'update/migrate',
      typeURI: 'compute/machine',
      id: ['guest', number],
      name: number,
      isTask: true,
    };
  }
  return { action: VERBS[method] ?? 'unknown', typeURI: 'data/config', id: parts, isTask: false };
}

function actionOf(method: string, parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  const root = parts[0];
  const kind = parts[2];
  if (root === 'access' && parts[1] === 'domains' && last === 'sync') return 'update';
  if (root === 'cluster' && parts[1] === 'bulk-action') return BULK[last] ?? 'update';
  if (root !== 'nodes') return VERBS[method] ?? 'unknown';
  if (kind === 'services') return STATES[last] ?? 'update';
  if (kind === 'status') return 'update/power';
  if (kind === 'tasks' && method === 'DELETE') return 'stop';
  if (method === 'POST' && kind !== undefined && parts.length === 3) return NODE_CALLS[kind] ?? 'create';
  if (kind === 'apt' || kind === 'replication' || kind === 'hosts') return 'update';
  if (kind === 'disks' && (last === 'initgpt' || last === 'wipedisk')) return 'configure';
  if (kind === 'certificates' && last === 'certificate' && method !== 'POST')
    return method === 'PUT' ? 'renew' : 'revoke';
  if (kind === 'ceph' && method === 'POST') return STATES[last] ?? 'create';
  if (kind === 'network' && method === 'PUT' && parts.length === 3) return 'configure';
  return VERBS[method] ?? 'unknown';
}

const BULK: Readonly<Record<string, string>> = {
  start: 'start',
  shutdown: 'stop/shutdown',
  suspend: 'stop/suspend',
  migrate: 'update/migrate',
};

const NODE_CALLS: Readonly<Record<string, string>> = {
  startall: 'start',
  stopall: 'stop/shutdown',
  suspendall: 'stop/suspend',
  migrateall: 'update/migrate',
  vzdump: 'backup',
  vncshell: 'read/console',
  termproxy: 'read/console',
  spiceshell: 'read/console',
  wakeonlan: 'start',
  execute: 'update/exec',
  hosts: 'update',
  subscription: 'update',
};

function typeOf(parts: readonly string[]): string {
  const [root = '', second = '', third = ''] = parts;
  if (root === 'access' && second === 'users' && (parts[3] === 'token' || parts[3] === 'tfa'))
    return 'data/security/credential';
  if (root === 'nodes' && (third in NODE_CALLS || third === 'status')) return 'compute/node';
  const at =
    root === 'nodes'
      ? `nodes/*/${third}`
      : root === 'access' || root === 'cluster'
        ? `${root}/${second}`
        : root;
  return TYPES.find(([prefix]) => prefix === at)?.[1] ?? 'data/config';
}

function decoded(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
