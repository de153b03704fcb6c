/** Verbs of Prism: in the name of an audit type (`VmPowerOnAudit`), as its operation type, as the end of a REST path. */

const VERBS: readonly (readonly [verb: string, action: string])[] = [
  ['poweron', 'start'],
  ['poweroff', 'stop'],
  ['powercycle', 'start/reset'],
  ['guestshutdown', 'stop/shutdown'],
  ['acpishutdown', 'stop/shutdown'],
  ['shutdown', 'stop/shutdown'],
  ['guestreboot', 'start/reboot'],
  ['acpireboot', 'start/reboot'],
  ['reboot', 'start/reboot'],
  ['restart', 'start/reboot'],
  ['unpause', 'start/unpause'],
  ['suspend', 'stop/suspend'],
  ['resume', 'start/resume'],
  ['pause', 'stop/pause'],
  ['migrate', 'update/migrate'],
  ['clone', 'create/clone'],
  ['revert', 'restore'],
  ['restore', 'restore'],
  ['attach', 'update/attach'],
  ['detach', 'update/detach'],
  ['entermaintenance', 'disable'],
  ['exitmaintenance', 'enable'],
  ['unregister', 'undeploy/unregister'],
  ['deregister', 'undeploy/unregister'],
  ['register', 'deploy/register'],
  ['export', 'read/export'],
  ['download', 'read/export'],
  ['console', 'read/console'],
];
const OPERATIONS: readonly (readonly [verb: string, action: string])[] = [
  ['create', 'create'],
  ['add', 'create'],
  ['import', 'create'],
  ['upload', 'create'],
  ['delete', 'delete'],
  ['remove', 'delete'],
  ['destroy', 'delete'],
  ['update', 'update'],
  ['edit', 'update'],
  ['modify', 'update'],
  ['set', 'update'],
  ['change', 'update'],
  ['rename', 'update'],
  ['configure', 'configure'],
  ['enable', 'enable'],
  ['disable', 'disable'],
  ['logout', 'authenticate/logout'],
  ['login', 'authenticate/login'],
  ['start', 'start'],
  ['stop', 'stop'],
  ['reset', 'start/reset'],
  ['snapshot', 'capture'],
  ['backup', 'backup'],
  ['assign', 'allow'],
  ['unassign', 'revoke'],
  ['grant', 'allow'],
  ['revoke', 'revoke'],
  ['list', 'read'],
  ['read', 'read'],
  ['get', 'read'],
  ['view', 'read'],
];

const MAX_REMEMBERED = 1024;

/** The same few words come again and again. */
function remembering(find: (word: string) => string | undefined): (word: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (word) => {
    const found = known.get(word);
    if (found !== undefined || known.has(word)) return found;
    const made = find(word);
    // A copy: a part of a text keeps the whole of it in memory. UUIDs, which never come again, are longer.
    if (known.size < MAX_REMEMBERED && word.length <= 32) known.set(Buffer.from(word).toString(), made);
    return made;
  };
}

/** `VmPowerOnAudit`, `power-on`, `POWER_ON` → `poweron`. At most 128 characters count. */
function plain(word: string): string {
  return word
    .slice(0, 128)
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}

/** Of what is done to a machine: more than a change. */
export const machineVerb = remembering((word) => {
  const text = plain(word);
  return VERBS.find(([verb]) => text.includes(verb))?.[1];
});

/** `created`, `creating`, `creation`; of `create` the stem is `creat`. A plural is no verb. */
const ENDINGS = new Set(['ed', 'ing', 'ion']);

function stem(verb: string): string {
  return verb.endsWith('e') ? verb.slice(0, -1) : verb;
}

/** Of an operation type, or a name without a verb for machines: one of its words is the verb. */
export const operationVerb = remembering((word) => {
  const words = word
    .slice(0, 128)
    .split(/(?<=[a-z])(?=[A-Z])|[^A-Za-z]{1,8}/)
    .map((part) => part.toLowerCase());
  return OPERATIONS.find(([verb]) =>
    words.some(
      (part) => part === verb || (part.startsWith(stem(verb)) && ENDINGS.has(part.slice(stem(verb).length))),
    ),
  )?.[1];
});

const TYPES: readonly (readonly [word: string, typeURI: string])[] = [
  ['vmsnapshot', 'storage/volume/snapshot'],
  ['vmrecoverypoint', 'storage/volume/snapshot'],
  ['vmdisk', 'storage/volume'],
  ['vdisk', 'storage/volume'],
  ['nic', 'network/connection'],
  ['nics', 'network/connection'],
  ['snapshot', 'storage/volume/snapshot'],
  ['recoverypoint', 'storage/volume/snapshot'],
  ['volumegroup', 'storage/volume'],
  ['virtualdisk', 'storage/volume'],
  ['disk', 'storage/volume'],
  ['container', 'storage/node'],
  ['storagepool', 'storage/node'],
  ['vms', 'compute/machine'],
  ['vm', 'compute/machine'],
  ['virtualmachine', 'compute/machine'],
  ['hosts', 'compute/node'],
  ['host', 'compute/node'],
  ['node', 'compute/node'],
  ['cluster', 'network/cluster'],
  ['subnet', 'network'],
  ['network', 'network'],
  ['vpc', 'network'],
  ['image', 'data/image'],
  ['usergroup', 'data/security/group'],
  ['user', 'data/security/account/user'],
  ['role', 'data/security/role'],
  ['accesscontrolpolic', 'data/security/role'],
  ['authorizationpolic', 'data/security/role'],
  ['certificate', 'data/security/credential'],
  ['key', 'data/security/key'],
  ['license', 'data/security/license'],
  ['task', 'data/workload/task'],
];

/** CADF type of an entity type or a segment of a REST path; undefined where the table has none. */
export const entityType = remembering((word) => {
  const text = plain(word);
  return TYPES.find(([name]) => (name.length < 4 ? text === name : text.startsWith(name)))?.[1];
});
