/** Commands of the gnt-* tools, as commands.log names them: tool and verb → the operation they ask for (gnt-* manual pages). */

import { meaningOf } from './opcodes.ts';
import type { Meaning, TargetKind } from './opcodes.ts';

const COMMON: Readonly<Record<string, string>> = { 'add-tags': 'TAGS_SET', 'remove-tags': 'TAGS_DEL' };
const VERBS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'gnt-instance': {
    add: 'INSTANCE_CREATE',
    'batch-create': 'INSTANCE_MULTI_ALLOC',
    remove: 'INSTANCE_REMOVE',
    startup: 'INSTANCE_STARTUP',
    start: 'INSTANCE_STARTUP',
    shutdown: 'INSTANCE_SHUTDOWN',
    stop: 'INSTANCE_SHUTDOWN',
    reboot: 'INSTANCE_REBOOT',
    modify: 'INSTANCE_SET_PARAMS',
    rename: 'INSTANCE_RENAME',
    'change-group': 'INSTANCE_CHANGE_GROUP',
    'replace-disks': 'INSTANCE_REPLACE_DISKS',
    'recreate-disks': 'INSTANCE_RECREATE_DISKS',
    'grow-disk': 'INSTANCE_GROW_DISK',
    'activate-disks': 'INSTANCE_ACTIVATE_DISKS',
    'deactivate-disks': 'INSTANCE_DEACTIVATE_DISKS',
    reinstall: 'INSTANCE_REINSTALL',
    migrate: 'INSTANCE_MIGRATE',
    failover: 'INSTANCE_FAILOVER',
    move: 'INSTANCE_MOVE',
    console: 'INSTANCE_CONSOLE',
  },
  'gnt-backup': { export: 'BACKUP_EXPORT', import: 'INSTANCE_CREATE', remove: 'BACKUP_REMOVE' },
  'gnt-node': {
    add: 'NODE_ADD',
    remove: 'NODE_REMOVE',
    modify: 'NODE_SET_PARAMS',
    powercycle: 'NODE_POWERCYCLE',
    power: 'OOB_COMMAND',
    evacuate: 'NODE_EVACUATE',
    migrate: 'NODE_MIGRATE',
    failover: 'NODE_MIGRATE',
    'modify-storage': 'NODE_MODIFY_STORAGE',
    'repair-storage': 'REPAIR_NODE_STORAGE',
    'restricted-command': 'RESTRICTED_COMMAND',
  },
  'gnt-group': {
    add: 'GROUP_ADD',
    remove: 'GROUP_REMOVE',
    rename: 'GROUP_RENAME',
    modify: 'GROUP_SET_PARAMS',
    'assign-nodes': 'GROUP_ASSIGN_NODES',
    evacuate: 'GROUP_EVACUATE',
  },
  'gnt-network': {
    add: 'NETWORK_ADD',
    remove: 'NETWORK_REMOVE',
    rename: 'NETWORK_RENAME',
    modify: 'NETWORK_SET_PARAMS',
    connect: 'NETWORK_CONNECT',
    disconnect: 'NETWORK_DISCONNECT',
  },
  'gnt-cluster': {
    init: 'CLUSTER_POST_INIT',
    destroy: 'CLUSTER_DESTROY',
    rename: 'CLUSTER_RENAME',
    modify: 'CLUSTER_SET_PARAMS',
    'redist-conf': 'CLUSTER_REDIST_CONF',
    'renew-crypto': 'CLUSTER_RENEW_CRYPTO',
    'activate-master-ip': 'CLUSTER_ACTIVATE_MASTER_IP',
    'deactivate-master-ip': 'CLUSTER_DEACTIVATE_MASTER_IP',
    'repair-disk-sizes': 'CLUSTER_REPAIR_DISK_SIZES',
  },
};
const READ =
  /^(?:list|info|verify|search|show|volumes|health|getmaster|version|diagnose|watch|wait|monitor|physical-volumes)(?:-|$)/;

/** Commands that make no job, or several of different kinds. */
const DIRECT: Readonly<Record<string, readonly [action: string, target: TargetKind]>> = {
  'gnt-job cancel': ['stop', 'job'],
  'gnt-job change-priority': ['update', 'job'],
  'gnt-job archive': ['update', 'job'],
  'gnt-job autoarchive': ['update', 'job'],
  'gnt-filter add': ['create', 'filter'],
  'gnt-filter replace': ['update', 'filter'],
  'gnt-filter delete': ['delete', 'filter'],
  'gnt-cluster command': ['start', 'cluster'],
  'gnt-cluster copyfile': ['update', 'cluster'],
  'gnt-cluster master-failover': ['update/migrate', 'cluster'],
  'gnt-cluster upgrade': ['update', 'cluster'],
  'gnt-cluster epo': ['update', 'cluster'],
  'gnt-cluster queue': ['configure', 'cluster'],
  'gnt-cluster watcher': ['configure', 'cluster'],
};

/** What `gnt-instance add` asks for; undefined where the command is not known. */
export function commandMeaning(program: string): Pick<Meaning, 'action' | 'target' | 'isRead'> | undefined {
  const op = opOfCommand(program);
  if (op !== undefined) return meaningOf(op);
  const row = Object.hasOwn(DIRECT, program) ? DIRECT[program] : undefined;
  return row === undefined ? undefined : { action: row[0], target: row[1], isRead: false };
}

/** `gnt-instance add` → `INSTANCE_CREATE`; `QUERY` for those that only look; undefined where it is not known. */
function opOfCommand(program: string): string | undefined {
  const blank = program.indexOf(' ');
  const tool = blank < 0 ? program : program.slice(0, blank);
  const verb = blank < 0 ? '' : program.slice(blank + 1);
  const verbs = Object.hasOwn(VERBS, tool) ? VERBS[tool] : undefined;
  if (verbs !== undefined && Object.hasOwn(verbs, verb)) return verbs[verb];
  if (Object.hasOwn(COMMON, verb)) return COMMON[verb];
  return READ.test(verb) || tool === 'gnt-os' ? 'QUERY' : undefined;
}
