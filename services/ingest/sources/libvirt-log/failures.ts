/**
 * What error lines of the daemons say of operations that failed: the table of README.md. libvirt puts the kind of error
 * before the text (libvirt: src/util/virerror.c, error numbers of virErrorNumber); who asked is never in it.
 */

export interface Failure {
  /** Stable name of the rule. */
  readonly rule: string;
  readonly action: string;
  /** The native operation or kind of error. */
  readonly name: string;
  /** The thing it was about, as libvirt names it; undefined where the line does not say. */
  readonly about?: Thing;
  /** The daemon did it on its own. */
  readonly byDaemon?: true;
}

export interface Thing {
  readonly kind: ThingKind;
  readonly name?: string;
}

export type ThingKind = 'machine' | 'network' | 'pool' | 'filter' | 'secret' | 'interface' | 'service';

/** Only this much of a text is looked at. */
const LOOKED_AT = 1024;

const KINDS: ReadonlyMap<string, ThingKind> = new Map([
  ['domain', 'machine'],
  ['VM', 'machine'],
  ['network', 'network'],
  ['pool', 'pool'],
  ['storage pool', 'pool'],
  ['filter', 'filter'],
  ['nwfilter', 'filter'],
  ['secret', 'secret'],
  ['interface', 'interface'],
]);

const AUTOSTART = /Failed to (?:autostart|start job on) (VM|network|storage pool|interface) '([^']{1,256})'/;
const EXISTS =
  /(domain|network|storage pool|pool|nwfilter|filter|secret|interface) '([^']{1,256})' (?:already exists|is already defined)/;
const RUNNING =
  /(?:(domain|network|storage pool|pool) )?(?:'([^']{1,256})' )?is already (?:running|active|being started)/;
const QEMU_COMMAND = /unable to execute QEMU (?:agent )?command '([a-z0-9_-]{1,64})'/;
const PREVENTED = /prevents (\w{1,64})/;
const JOB = /(migration|save|dump|snapshot|backup)(?: (?:in|out))?(?: job)?\b/;

const JOBS: Readonly<Record<string, string>> = {
  migration: 'update/migrate',
  save: 'stop/suspend',
  dump: 'capture',
  snapshot: 'capture',
  backup: 'backup',
};

/** Commands of the QEMU monitor that an operation of a user ends in; questions (`query-…`) are none. */
const QEMU_COMMANDS: Readonly<Record<string, string>> = {
  device_add: 'update/attach',
  netdev_add: 'update/attach',
  'netdev-add': 'update/attach',
  'chardev-add': 'update/attach',
  'blockdev-add': 'update/attach',
  'object-add': 'update/attach',
  drive_add: 'update/attach',
  device_del: 'update/detach',
  netdev_del: 'update/detach',
  'chardev-remove': 'update/detach',
  'blockdev-del': 'update/detach',
  'object-del': 'update/detach',
  drive_del: 'update/detach',
  cont: 'start/unpause',
  stop: 'stop/pause',
  migrate: 'update/migrate',
  'migrate-incoming': 'update/migrate',
  system_powerdown: 'stop/shutdown',
  system_reset: 'start/reset',
  system_wakeup: 'start/resume',
  'guest-shutdown': 'stop/shutdown',
  'guest-suspend-ram': 'stop/suspend',
  'guest-suspend-disk': 'stop/suspend',
  'guest-set-user-password': 'update',
  'blockdev-snapshot': 'capture',
  'blockdev-snapshot-sync': 'capture',
  'snapshot-save': 'capture',
  'snapshot-load': 'restore',
  'snapshot-delete': 'delete/snapshot',
  transaction: 'capture',
  savevm: 'capture',
  loadvm: 'restore',
  delvm: 'delete/snapshot',
  'dump-guest-memory': 'capture',
  'blockdev-backup': 'backup',
  'drive-backup': 'backup',
  block_resize: 'update/resize',
  balloon: 'update',
  'block-commit': 'update',
  'block-stream': 'update',
  'blockdev-mirror': 'update',
  'drive-mirror': 'update',
  block_set_io_throttle: 'update',
  'blockdev-change-medium': 'update',
  'blockdev-insert-medium': 'update',
  'blockdev-remove-medium': 'update',
  eject: 'update',
  change: 'update',
  set_password: 'update',
  expire_password: 'update',
};

/** Undefined where the text tells of no operation that failed. Linear in at most 1,024 characters. */
export function readFailure(text: string): Failure | undefined {
  const start = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  return (
    accessFailure(start) ??
    auditFailure(start) ??
    startFailure(start) ??
    commandFailure(start) ??
    operationFailure(start)
  );
}

function accessFailure(text: string): Failure | undefined {
  const service: Thing = { kind: 'service' };
  for (const name of ['authentication failed', 'authentication cancelled', 'authentication unavailable'])
    if (text.startsWith(name))
      return { rule: 'authentication-failed', action: 'authenticate', name, about: service };
  if (text.startsWith('access denied'))
    return { rule: 'access-denied', action: 'deny', name: 'access denied', about: service };
  if (!text.startsWith('operation forbidden')) return undefined;
  const name = PREVENTED.exec(text)?.[1] ?? 'operation forbidden';
  return { rule: 'access-denied', action: 'deny', name, about: service };
}

/** libvirt goes on when the audit log cannot be written, unless `audit_level` is 2. */
function auditFailure(text: string): Failure | undefined {
  if (!text.startsWith('Failed to send audit message')) return undefined;
  return {
    rule: 'audit-record-lost',
    action: 'send',
    name: 'audit message',
    about: { kind: 'service' },
    byDaemon: true,
  };
}

function startFailure(text: string): Failure | undefined {
  const autostart = AUTOSTART.exec(text);
  if (autostart !== null)
    return {
      rule: 'autostart-failed',
      action: 'start',
      name: 'autostart',
      about: thing(autostart[1], autostart[2]),
      byDaemon: true,
    };
  for (const sign of [
    'process exited while connecting to monitor',
    'qemu unexpectedly closed the monitor',
    'guest failed to start',
  ])
    if (text.includes(sign))
      return { rule: 'start-failed', action: 'start', name: sign, about: { kind: 'machine' } };
  return undefined;
}

function commandFailure(text: string): Failure | undefined {
  const command = QEMU_COMMAND.exec(text)?.[1];
  if (command === undefined || !Object.hasOwn(QEMU_COMMANDS, command)) return undefined;
  return {
    rule: 'qemu-command-failed',
    action: QEMU_COMMANDS[command] ?? 'unknown',
    name: command,
    about: { kind: 'machine' },
  };
}

function operationFailure(text: string): Failure | undefined {
  const exists = EXISTS.exec(text);
  if (exists !== null)
    return {
      rule: 'create-failed',
      action: 'create',
      name: 'already exists',
      about: thing(exists[1], exists[2]),
    };
  if (text.startsWith('Requested operation is not valid')) {
    const running = RUNNING.exec(text);
    if (running === null) return undefined;
    return {
      rule: 'start-refused',
      action: 'start',
      name: 'already running',
      about: thing(running[1], running[2]),
    };
  }
  if (text.startsWith('Unsafe migration') || text.startsWith('migration successfully aborted'))
    return { rule: 'job-failed', action: 'update/migrate', name: 'migration', about: { kind: 'machine' } };
  for (const name of ['operation failed', 'operation aborted', 'Timed out during operation']) {
    if (!text.startsWith(name)) continue;
    const job = JOB.exec(text)?.[1];
    if (job !== undefined)
      return { rule: 'job-failed', action: JOBS[job] ?? 'unknown', name: job, about: { kind: 'machine' } };
    return { rule: 'operation-failed', action: 'unknown', name, about: { kind: 'service' } };
  }
  return undefined;
}

function thing(noun = 'domain', name: string | undefined): Thing {
  return { kind: KINDS.get(noun) ?? 'service', ...(name === undefined ? {} : { name }) };
}
