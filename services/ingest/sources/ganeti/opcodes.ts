/**
 * What Ganeti's operations mean: OP_ID without its prefix → action and target (Ganeti: src/Ganeti/OpCodes.hs, admin and
 * gnt-* manual pages). Jobs of the queue, lines of jobs.log, commands and RAPI requests are all told by these names.
 */

/** What an operation is done to; each has its own members that name it, and its own CADF type. */
export type TargetKind =
  | 'instance'
  | 'disks'
  | 'backup'
  | 'node'
  | 'group'
  | 'network'
  | 'cluster'
  | 'filter'
  | 'job'
  | 'tagged'
  | 'unknown';

export interface Meaning {
  readonly action: string;
  readonly target: TargetKind;
  /** Stable: `op-instance-create`; `unmapped-op` where the name is not known. */
  readonly rule: string;
  /** Changes nothing: not of interest to an audit by default. */
  readonly isRead: boolean;
  /** Its success is the beginning of something that a later operation ends. */
  readonly isPreparation: boolean;
}

type Row = readonly [names: string, action: string, target: TargetKind];

const ROWS: readonly Row[] = [
  ['INSTANCE_CREATE INSTANCE_MULTI_ALLOC', 'create', 'instance'],
  ['INSTANCE_REMOVE', 'delete', 'instance'],
  ['INSTANCE_STARTUP', 'start', 'instance'],
  ['INSTANCE_SHUTDOWN', 'stop/shutdown', 'instance'],
  ['INSTANCE_REBOOT', 'start/reboot', 'instance'],
  ['INSTANCE_SET_PARAMS INSTANCE_RENAME INSTANCE_CHANGE_GROUP', 'update', 'instance'],
  ['INSTANCE_REPLACE_DISKS INSTANCE_RECREATE_DISKS INSTANCE_GROW_DISK', 'update', 'disks'],
  ['INSTANCE_ACTIVATE_DISKS', 'update/attach', 'disks'],
  ['INSTANCE_DEACTIVATE_DISKS', 'update/detach', 'disks'],
  ['INSTANCE_REINSTALL', 'deploy', 'instance'],
  ['INSTANCE_MIGRATE INSTANCE_FAILOVER INSTANCE_MOVE', 'update/migrate', 'instance'],
  ['INSTANCE_CONSOLE', 'read/console', 'instance'],
  ['BACKUP_PREPARE BACKUP_EXPORT', 'backup', 'instance'],
  ['BACKUP_REMOVE', 'delete', 'backup'],
  ['NODE_ADD', 'create', 'node'],
  ['NODE_REMOVE', 'delete', 'node'],
  ['NODE_SET_PARAMS NODE_MODIFY_STORAGE REPAIR_NODE_STORAGE OOB_COMMAND', 'update', 'node'],
  ['NODE_POWERCYCLE', 'start/reset', 'node'],
  ['NODE_MIGRATE NODE_EVACUATE', 'update/migrate', 'node'],
  ['RESTRICTED_COMMAND', 'start', 'node'],
  ['GROUP_ADD', 'create', 'group'],
  ['GROUP_REMOVE', 'delete', 'group'],
  ['GROUP_RENAME GROUP_SET_PARAMS GROUP_ASSIGN_NODES', 'update', 'group'],
  ['GROUP_EVACUATE', 'update/migrate', 'group'],
  ['NETWORK_ADD', 'create', 'network'],
  ['NETWORK_REMOVE', 'delete', 'network'],
  ['NETWORK_RENAME NETWORK_SET_PARAMS', 'update', 'network'],
  ['NETWORK_CONNECT', 'update/attach', 'network'],
  ['NETWORK_DISCONNECT', 'update/detach', 'network'],
  ['CLUSTER_POST_INIT', 'create', 'cluster'],
  ['CLUSTER_DESTROY', 'delete', 'cluster'],
  ['CLUSTER_RENAME CLUSTER_REPAIR_DISK_SIZES', 'update', 'cluster'],
  ['CLUSTER_SET_PARAMS CLUSTER_REDIST_CONF', 'configure', 'cluster'],
  ['CLUSTER_RENEW_CRYPTO', 'renew', 'cluster'],
  ['CLUSTER_ACTIVATE_MASTER_IP', 'enable', 'cluster'],
  ['CLUSTER_DEACTIVATE_MASTER_IP', 'disable', 'cluster'],
  ['TAGS_SET TAGS_DEL', 'update', 'tagged'],
];

const KNOWN: ReadonlyMap<string, Meaning> = new Map(
  ROWS.flatMap(([names, action, target]) =>
    names.split(' ').map((name): [string, Meaning] => [
      name,
      {
        action,
        target,
        rule: `op-${name.toLowerCase().replaceAll('_', '-')}`,
        isRead: false,
        isPreparation: name === 'BACKUP_PREPARE',
      },
    ]),
  ),
);

const READ = /QUERY|DIAGNOSE|SEARCH|^TAGS_GET|^CLUSTER_CONFIG/;
const EVALUATE = /VERIFY|^TEST_/;
const OOB_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['power-on', 'start'],
  ['power-off', 'stop'],
  ['power-cycle', 'start/reset'],
  ['power-status', 'read'],
  ['health', 'read'],
]);
const PREFIXES: readonly (readonly [string, TargetKind])[] = [
  ['INSTANCE_', 'instance'],
  ['BACKUP_', 'backup'],
  ['NODE_', 'node'],
  ['GROUP_', 'group'],
  ['NETWORK_', 'network'],
  ['CLUSTER_', 'cluster'],
];
const VERBS: readonly (readonly [RegExp, string])[] = [
  [/_(?:ADD|CREATE)$/, 'create'],
  [/_(?:REMOVE|DELETE)$/, 'delete'],
  [/_(?:RENAME|SET_PARAMS|MODIFY)$/, 'update'],
];

/** `name` is the OP_ID without `OP_`; `oobCommand` the member `command` of OOB_COMMAND. */
export function meaningOf(name: string, oobCommand?: string): Meaning {
  const known = KNOWN.get(name);
  if (known !== undefined) {
    const action = name === 'OOB_COMMAND' ? OOB_ACTIONS.get(oobCommand ?? '') : undefined;
    return action === undefined ? known : { ...known, action, isRead: action === 'read' };
  }
  const bounded = name.slice(0, 128);
  const target = PREFIXES.find(([prefix]) => bounded.startsWith(prefix))?.[1] ?? 'unknown';
  const made = (action: string, rule: string, isRead = false): Meaning => ({
    action,
    target,
    rule,
    isRead,
    isPreparation: false,
  });
  if (EVALUATE.test(bounded)) return made('evaluate', 'op-evaluate', true);
  if (READ.test(bounded)) return made('read', 'op-read', true);
  const verb = target === 'unknown' ? undefined : VERBS.find(([pattern]) => pattern.test(bounded))?.[1];
  return verb === undefined ? made('unknown', 'unmapped-op') : made(verb, `op-other-${verb}`);
}
