/** What each libvirt record means in CADF terms: the table of README.md as data. */
import type { Fields } from './payload.ts';
import { first, last } from './payload.ts';

export interface Meaning {
  readonly action: string;
  /** Stable name of the rule. */
  readonly rule: string;
  readonly eventType: 'activity' | 'control';
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
  const action = op === 'start' ? START[reason] : op === 'stop' ? STOP[reason] : undefined;
  const name = reason === '' ? op : `${op}-${reason}`;
  if (action === undefined) return activity('unknown', `unmapped-control-${name}`);
  const meaning = activity(action, `control-${name}`);
  return action === 'stop/crash' ? { ...meaning, outcome: 'failure' } : meaning;
}

/** VIRT_CONTROL of docker: the daemon's executable tells it from libvirt. */
export function dockerMeaning(payload: Fields): Meaning {
  const op = first(payload, 'op') ?? '';
  const action = Object.hasOwn(DOCKER, op) ? DOCKER[op] : undefined;
  return action === undefined
    ? activity('unknown', `unmapped-docker-${op}`)
    : activity(action, `docker-${op}`);
}

/** VIRT_RESOURCE that changes a running machine, or grants it a device. */
export function resourceMeaning(payload: Fields): Meaning {
  const kind = last(payload, 'resrc') ?? '';
  const reason = last(payload, 'reason') ?? '';
  if (kind === 'cgroup' && (reason === 'allow' || reason === 'deny')) {
    return { action: reason, rule: `cgroup-${reason}`, eventType: 'control' };
  }
  const action = Object.hasOwn(CHANGE, reason) ? CHANGE[reason] : undefined;
  if (action === undefined) return activity('unknown', `unmapped-resource-${kind}-${reason}`);
  return activity(action, `resource-${reason}`);
}

export function activity(action: string, rule: string): Meaning {
  return { action, rule: rule.slice(0, 100), eventType: 'activity' };
}

export function isDocker(payload: Fields): boolean {
  return /\/docker[^/]*$/.test(last(payload, 'exe') ?? '');
}

/** `res=success`, `res=failed`, `res=1`, `res=0`. */
export function recordOutcome(payload: Fields): 'success' | 'failure' | 'unknown' {
  const res = last(payload, 'res');
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
