/** What each libvirt record means in CADF terms: the table of README.md as data. */
import type { Fields } from './payload.ts';
import { first, last } from './payload.ts';

export interface Meaning {
  readonly action: string;
  /** Stable name of the rule. */
  readonly rule: string;
  /** A device was allowed to or denied a machine. */
  readonly isDeviceRule?: true;
  /** Set where the record's own `res` says otherwise. */
  readonly outcome?: 'failure' | 'unknown';
  /** The records belong to a start that is not in the log. */
  readonly withoutStart?: true;
}

const START: Readonly<Record<string, string>> = {
  booted: 'start',
  restored: 'start/resume',
  migrated: 'update/migrate',
  'from-snapshot': 'restore',
};

const STOP: Readonly<Record<string, string>> = {
  destroyed: 'stop',
  shutdown: 'stop/shutdown',
  saved: 'stop/suspend',
  migrated: 'update/migrate',
  failed: 'stop/crash',
  'from-snapshot': 'restore',
};

const CHANGE: Readonly<Record<string, string>> = {
  attach: 'update/attach',
  hotplug: 'update/attach',
  detach: 'update/detach',
  unplug: 'update/detach',
  update: 'update',
  // A disk is copied live (blockcopy), or goes on in a new file above the old one.
  mirror: 'update/mirror',
  snapshot: 'capture',
};

/** The API calls docker of ProjectAtomic logged under VIRT_CONTROL; every other one is `unknown`. */
const DOCKER: Readonly<Record<string, string>> = {
  create: 'create',
  start: 'start',
  stop: 'stop/shutdown',
  kill: 'stop',
  restart: 'start/reboot',
  pause: 'stop/pause',
  unpause: 'start/unpause',
  exec: 'update/exec',
  resize: 'update/resize',
  rename: 'update/rename',
  update: 'update',
  attach: 'read/console',
  logs: 'read/log',
  export: 'read/export',
  commit: 'capture',
  remove: 'delete',
  delete: 'delete',
  _ping: 'read/ping',
};

/** VIRT_CONTROL of libvirt. A guest process that died is a failure, though the stop itself succeeded. */
export function controlMeaning(payload: Fields): Meaning {
  const op = last(payload, 'op') ?? '';
  const reason = last(payload, 'reason') ?? '';
  const action = actionOf(op === 'start' ? START : op === 'stop' ? STOP : {}, reason);
  const name = reason === '' ? op : `${op}-${reason}`;
  if (action === undefined) return meaningOf('unknown', `unmapped-control-${name}`);
  const meaning = meaningOf(action, `control-${name}`);
  return action === 'stop/crash' ? { ...meaning, outcome: 'failure' } : meaning;
}

/** VIRT_CONTROL of docker: the daemon's executable tells it from libvirt. */
export function dockerMeaning(payload: Fields): Meaning {
  const op = first(payload, 'op') ?? '';
  const action = actionOf(DOCKER, op);
  return action === undefined
    ? meaningOf('unknown', `unmapped-docker-${op}`)
    : meaningOf(action, `docker-${op}`);
}

/** VIRT_RESOURCE that changes a running machine, or grants it a device. */
export function resourceMeaning(payload: Fields): Meaning {
  const kind = last(payload, 'resrc') ?? '';
  const reason = last(payload, 'reason') ?? '';
  if (kind === 'cgroup' && (reason === 'allow' || reason === 'deny')) {
    return { action: reason, rule: `cgroup-${reason}`, isDeviceRule: true };
  }
  const action = actionOf(CHANGE, reason);
  if (action === undefined) return meaningOf('unknown', `unmapped-resource-${kind}-${reason}`);
  return meaningOf(action, `resource-${reason}`);
}

/** An activity by its action; `rule` is cut where a record made it long. */
export function meaningOf(action: string, rule: string): Meaning {
  return { action, rule: rule.slice(0, 100) };
}

function actionOf(table: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

export function isDocker(payload: Fields): boolean {
  return /\/docker[^/]*$/.test(last(payload, 'exe') ?? '');
}

/** `res=success`, `res=failed`, `res=1`, `res=0`; in the daemon's own log `success=yes`, `success=no`. */
export function recordOutcome(payload: Fields): 'success' | 'failure' | 'unknown' {
  const res = last(payload, 'res') ?? last(payload, 'success');
  if (res === 'success' || res === 'yes' || res === '1') return 'success';
  return res === 'failed' || res === 'no' || res === '0' ? 'failure' : 'unknown';
}

/** CADF resource type of what a VIRT_RESOURCE record is about. */
export function deviceType(kind: string): string {
  if (kind === 'disk' || kind === 'fs') return 'storage/volume';
  if (kind === 'net') return 'network/connection';
  if (kind === 'mem' || kind === 'shmem') return 'storage/memory';
  if (kind === 'vcpu') return 'compute/cpu';
  if (kind === 'iothread') return 'compute/thread';
  return 'unknown';
}
