/** What each type of task means in CADF terms: the table of README.md as data. */

/** What the id of a task names; how it becomes a target, target.ts tells. */
export type TargetKind =
  | 'vm'
  | 'container'
  | 'guest'
  | 'guest-disk'
  | 'guest-file'
  | 'guest-or-node'
  | 'node'
  | 'node-network'
  | 'packages'
  | 'service'
  | 'storage'
  | 'directory'
  | 'disk'
  | 'image'
  | 'ceph'
  | 'certificate'
  | 'acme-account'
  | 'realm'
  | 'cluster'
  | 'job';

export interface TaskMeaning {
  readonly action: string;
  readonly target: TargetKind;
}

const VM: Readonly<Record<string, string>> = {
  qmcreate: 'create',
  qmclone: 'create/clone',
  qmrestore: 'restore',
  qmdestroy: 'delete',
  qmstart: 'start',
  qmstop: 'stop',
  qmshutdown: 'stop/shutdown',
  qmreboot: 'start/reboot',
  qmreset: 'start/reset',
  qmpause: 'stop/pause',
  qmsuspend: 'stop/suspend',
  qmresume: 'start/resume',
  qmconfig: 'update',
  qmtemplate: 'update',
  qmsnapshot: 'capture',
  qmrollback: 'restore',
  qmdelsnapshot: 'delete/snapshot',
  qmsnapshotdelete: 'delete/snapshot',
  qmigrate: 'update/migrate',
  qmtunnel: 'update/migrate',
};

const CONTAINER: Readonly<Record<string, string>> = {
  vzcreate: 'create',
  vzclone: 'create/clone',
  vzrestore: 'restore',
  vzdestroy: 'delete',
  vzstart: 'start',
  vzstop: 'stop',
  vzshutdown: 'stop/shutdown',
  vzreboot: 'start/reboot',
  vzsuspend: 'stop/pause',
  vzresume: 'start/resume',
  vztemplate: 'update',
  vzmount: 'update',
  vzumount: 'update',
  vzsnapshot: 'capture',
  vzrollback: 'restore',
  vzdelsnapshot: 'delete/snapshot',
  vzmigrate: 'update/migrate',
  vzmtunnel: 'update/migrate',
  pull_file: 'read/export',
};

/** Requests to the high-availability manager; the task that does it is another. */
const GUEST: Readonly<Record<string, string>> = {
  hastart: 'start',
  hastop: 'stop',
  hashutdown: 'stop/shutdown',
  hamigrate: 'update/migrate',
  harelocate: 'update/migrate',
  vncproxy: 'read/console',
  spiceproxy: 'read/console',
  'pbs-download': 'read/export',
};

/** Over all guests of a node. */
const NODE: Readonly<Record<string, string>> = {
  startall: 'start',
  'bulk-start': 'start',
  stopall: 'stop/shutdown',
  'bulk-shutdown': 'stop/shutdown',
  suspendall: 'stop/suspend',
  'bulk-suspend': 'stop/suspend',
  migrateall: 'update/migrate',
  'bulk-migrate': 'update/migrate',
  vncshell: 'read/console',
  spiceshell: 'read/console',
  reboot: 'start/reboot',
  shutdown: 'stop/shutdown',
};

const SERVICE: Readonly<Record<string, string>> = {
  srvstart: 'start',
  srvstop: 'stop',
  srvrestart: 'start/reboot',
  srvreload: 'configure',
};

/** Of volumes and storages; from `backup` on they are of the backup server. */
const STORAGE: Readonly<Record<string, string>> = {
  imgcopy: 'create',
  imgdel: 'delete',
  unknownimgdel: 'delete',
  imgdelete: 'delete',
  prunebackups: 'delete',
  lvmcreate: 'create',
  lvmthincreate: 'create',
  zfscreate: 'create',
  lvmremove: 'delete',
  lvmthinremove: 'delete',
  zfsremove: 'delete',
  backup: 'backup',
  reader: 'read/export',
  prune: 'delete',
  prunejob: 'delete',
  garbage_collection: 'delete',
  'create-datastore': 'create',
  'delete-datastore': 'delete',
  'delete-group': 'delete',
  'delete-namespace': 'delete',
  'delete-snapshot': 'delete',
  'tape-backup': 'backup',
  'tape-backup-job': 'backup',
  'tape-restore': 'restore',
  verify: 'read/verify',
  verificationjob: 'read/verify',
  verify_snapshot: 'read/verify',
  verify_group: 'read/verify',
  sync: 'update',
  syncjob: 'update',
};

const OTHERS: Readonly<Record<string, TaskMeaning>> = {
  termproxy: { action: 'read/console', target: 'guest-or-node' },
  vzdump: { action: 'backup', target: 'guest-or-node' },
  push_file: { action: 'create', target: 'guest-file' },
  resize: { action: 'update', target: 'guest-disk' },
  qmmove: { action: 'update', target: 'guest-disk' },
  move_volume: { action: 'update', target: 'guest-disk' },
  move_disk: { action: 'update', target: 'guest-disk' },
  download: { action: 'create', target: 'image' },
  ociregistrypull: { action: 'create', target: 'image' },
  aptupdate: { action: 'update', target: 'packages' },
  reloadnetworkall: { action: 'configure', target: 'node-network' },
  diskinit: { action: 'configure', target: 'disk' },
  wipedisk: { action: 'configure', target: 'disk' },
  dircreate: { action: 'create', target: 'directory' },
  dirremove: { action: 'delete', target: 'directory' },
  acmenewcert: { action: 'create', target: 'certificate' },
  acmerenew: { action: 'renew', target: 'certificate' },
  acmerevoke: { action: 'revoke', target: 'certificate' },
  acmeregister: { action: 'create', target: 'acme-account' },
  acmeupdate: { action: 'update', target: 'acme-account' },
  acmerefresh: { action: 'renew', target: 'acme-account' },
  acmedeactivate: { action: 'disable', target: 'acme-account' },
  'auth-realm-sync': { action: 'update', target: 'realm' },
  'auth-realm-sync-test': { action: 'read', target: 'realm' },
  clustercreate: { action: 'create', target: 'cluster' },
  clusterjoin: { action: 'update', target: 'cluster' },
  cephfscreate: { action: 'create', target: 'ceph' },
  logrotate: { action: 'update', target: 'job' },
};

const MEANINGS: ReadonlyMap<string, TaskMeaning> = new Map<string, TaskMeaning>([
  ...entriesOf(VM, 'vm'),
  ...entriesOf(CONTAINER, 'container'),
  ...entriesOf(GUEST, 'guest'),
  ...entriesOf(NODE, 'node'),
  ...entriesOf(SERVICE, 'service'),
  ...entriesOf(STORAGE, 'storage'),
  ...Object.entries(OTHERS),
]);

/** Undefined for a type that is not in the table. */
export function meaningOfTask(type: string): TaskMeaning | undefined {
  const found = MEANINGS.get(type);
  if (found !== undefined) return found;
  if (type.startsWith('cephcreate')) return { action: 'create', target: 'ceph' };
  if (type.startsWith('cephdestroy')) return { action: 'delete', target: 'ceph' };
  return type.startsWith('cephset') ? { action: 'update', target: 'ceph' } : undefined;
}

function entriesOf(actions: Readonly<Record<string, string>>, target: TargetKind): [string, TaskMeaning][] {
  return Object.entries(actions).map(([type, action]) => [type, { action, target }]);
}
