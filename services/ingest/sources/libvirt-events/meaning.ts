/** What each event means in CADF terms: the tables of README.md as data. */
import type { EventLine, Subject } from './event-line.ts';

export interface Meaning {
  /** Stable name of the rule. */
  readonly rule: string;
  /** `monitor` for what was only seen; the table's verb else. */
  readonly action: string;
  readonly outcome: 'success' | 'failure' | 'pending' | 'unknown';
  /** Noise to an audit, or told by another event too: ignored unless kept. */
  readonly isIgnored?: true;
}

type Table = Readonly<Record<string, Meaning>>;
type Body = ReadonlyMap<string, string>;

function done(rule: string, action: string, outcome: Meaning['outcome'] = 'success'): Meaning {
  return { rule, action, outcome };
}

function noise(rule: string, outcome: Meaning['outcome'] = 'success'): Meaning {
  return { rule, action: 'monitor', outcome, isIgnored: true };
}

const PRECURSOR = noise('shutdown-precursor');
const INTERNAL = noise('internal-step');
const CRASH = done('lifecycle-crashed', 'stop/crash', 'failure');
const seenStopped = done('lifecycle-suspended-by-error', 'monitor', 'failure');

/** By both words of the detail (libvirt: virDomainEventType and its details). */
const DOMAIN: Table = {
  'Defined Added': done('lifecycle-defined', 'create'),
  'Defined Updated': done('lifecycle-updated', 'update'),
  'Defined Renamed': done('lifecycle-renamed', 'update/rename'),
  'Defined Snapshot': done('lifecycle-defined-snapshot', 'restore'),
  'Undefined Removed': done('lifecycle-undefined', 'delete'),
  'Undefined Renamed': noise('pair-of-rename'),
  'Started Booted': done('lifecycle-started-booted', 'start'),
  'Started Migrated': done('lifecycle-started-migrated', 'update/migrate'),
  'Started Restored': done('lifecycle-started-restored', 'start/resume'),
  // Told also where going back to the snapshot then fails.
  'Started Snapshot': done('lifecycle-started-snapshot', 'restore', 'unknown'),
  'Started Event wakeup': done('lifecycle-started-wakeup', 'start/resume'),
  // libvirt 11.6: a reset of a machine that QEMU cannot reset is done by stopping and starting it.
  'Started Recreation': done('lifecycle-started-recreation', 'start/reboot'),
  'Suspended Paused': done('lifecycle-suspended-paused', 'stop/pause'),
  'Suspended Post-copy': done('lifecycle-suspended-post-copy', 'stop/pause'),
  'Suspended I/O Error': seenStopped,
  'Suspended Watchdog': seenStopped,
  'Suspended API error': seenStopped,
  'Suspended Post-copy Error': seenStopped,
  'Suspended Post-copy failed': seenStopped,
  'Suspended Migrated': INTERNAL,
  'Suspended Restored': INTERNAL,
  'Suspended Snapshot': INTERNAL,
  'Resumed Unpaused': done('lifecycle-resumed-unpaused', 'start/unpause'),
  'Resumed Migrated': INTERNAL,
  'Resumed Snapshot': INTERNAL,
  'Resumed Post-copy': INTERNAL,
  'Resumed Post-copy Error': done('lifecycle-resumed-by-error', 'monitor', 'failure'),
  'Resumed Post-copy failed': done('lifecycle-resumed-by-error', 'monitor', 'failure'),
  'Stopped Shutdown': done('lifecycle-stopped-shutdown', 'stop/shutdown'),
  'Stopped Destroyed': done('lifecycle-stopped-destroyed', 'stop'),
  'Stopped Crashed': CRASH,
  'Stopped Migrated': done('lifecycle-stopped-migrated', 'update/migrate'),
  'Stopped Saved': done('lifecycle-stopped-saved', 'stop/suspend'),
  'Stopped Failed': CRASH,
  // The first half of going back to a snapshot.
  'Stopped Snapshot': done('lifecycle-stopped-snapshot', 'restore', 'pending'),
  'Stopped Recreation': INTERNAL,
  'Shutdown Finished': PRECURSOR,
  'Shutdown Finished after guest request': PRECURSOR,
  'Shutdown Finished after host request': PRECURSOR,
  'PMSuspended Memory': done('lifecycle-pm-suspended', 'stop/suspend'),
  'PMSuspended Disk': done('lifecycle-pm-suspended', 'stop/suspend'),
  'Crashed Panicked': CRASH,
  'Crashed Crashloaded': CRASH,
};

const OTHERS: Readonly<Record<Exclude<Subject, 'domain'>, Table>> = {
  network: {
    Defined: done('network-defined', 'create'),
    Undefined: done('network-undefined', 'delete'),
    Started: done('network-started', 'start'),
    Stopped: done('network-stopped', 'stop'),
  },
  'storage pool': {
    Defined: done('pool-defined', 'create'),
    Undefined: done('pool-undefined', 'delete'),
    Started: done('pool-started', 'start'),
    Stopped: done('pool-stopped', 'stop'),
    // The storage of a pool that is defined: made ready, and taken away.
    Created: done('pool-built', 'create'),
    Deleted: done('pool-deleted', 'delete'),
  },
  'node device': {
    Created: done('device-created', 'monitor'),
    Deleted: done('device-deleted', 'monitor'),
    Defined: done('device-defined', 'create'),
    Undefined: done('device-undefined', 'delete'),
  },
  secret: {
    Defined: done('secret-defined', 'create'),
    Undefined: done('secret-undefined', 'delete'),
  },
};

/** Events of machines other than lifecycle; of the rest only these two subjects have more. */
const KINDS: Table = {
  reboot: done('reboot', 'start/reboot'),
  'device-added': done('device-added', 'update/attach'),
  'device-removed': done('device-removed', 'update/detach'),
  'device-removal-failed': done('device-removal-failed', 'update/detach', 'failure'),
  tunable: done('tunable', 'update'),
  'disk-change': done('disk-change', 'monitor'),
  'metadata-change': done('metadata-change', 'monitor'),
  'nic-mac-change': done('nic-mac-change', 'monitor'),
  'block-threshold': done('block-threshold', 'monitor'),
  watchdog: done('watchdog', 'monitor', 'failure'),
  'io-error': done('io-error', 'monitor', 'failure'),
  'io-error-reason': done('io-error', 'monitor', 'failure'),
  'control-error': done('control-error', 'monitor', 'failure'),
  'memory-failure': done('memory-failure', 'monitor', 'failure'),
  'tray-change': noise('tray-change'),
  'rtc-change': noise('rtc-change'),
  'balloon-change': noise('balloon-change'),
  'memory-device-size-change': noise('balloon-change'),
  'migration-iteration': noise('migration-iteration'),
  'agent-lifecycle': noise('agent-lifecycle'),
  'pm-wakeup': noise('repeats-lifecycle'),
  'pm-suspend': noise('repeats-lifecycle'),
  'pm-suspend-disk': noise('repeats-lifecycle'),
  refresh: noise('pool-refresh'),
  update: noise('device-update'),
  'value-changed': done('secret-changed', 'update'),
};

/** `operation` of job-completed that no lifecycle event tells (libvirt: virDomainJobOperation). */
const JOBS: Readonly<Record<string, string>> = {
  5: 'capture',
  6: 'restore',
  7: 'capture',
  8: 'backup',
  9: 'delete/snapshot',
};

export function meaningOf(line: EventLine, body: Body): Meaning {
  const { native, subject, detail } = line;
  if (native === 'lifecycle')
    return (
      own(subject === 'domain' ? DOMAIN : OTHERS[subject], detail) ??
      done('unmapped-lifecycle', 'unknown', 'unknown')
    );
  if (native === 'job-completed') return jobMeaning(body);
  if (native === 'graphics') return graphicsMeaning(detail);
  if (native === 'block-job' || native === 'block-job-2') return blockJobMeaning(detail);
  return own(KINDS, native) ?? done('unmapped-event', 'unknown', 'unknown');
}

function jobMeaning(body: Body): Meaning {
  const action = own(JOBS, body.get('operation') ?? '');
  if (action === undefined) return noise('job-of-lifecycle');
  const success = body.get('success');
  const isFailed = success === 'no' || success === '0' || body.has('errmsg');
  return done('job-completed', action, isFailed ? 'failure' : 'success');
}

/** A client connects, is let in (`initialize`), and goes. */
function graphicsMeaning(detail: string): Meaning {
  if (detail.startsWith('connect ')) return done('graphics-connect', 'read/console', 'pending');
  if (detail.startsWith('initialize ')) return done('graphics-initialize', 'read/console');
  if (detail.startsWith('disconnect ')) return noise('graphics-disconnect');
  return done('unmapped-event', 'unknown', 'unknown');
}

function blockJobMeaning(detail: string): Meaning {
  if (detail.endsWith(' completed')) return done('block-job', 'monitor');
  if (detail.endsWith(' ready')) return done('block-job', 'monitor', 'pending');
  const isFailed = detail.endsWith(' failed') || detail.endsWith(' canceled');
  return done('block-job', 'monitor', isFailed ? 'failure' : 'unknown');
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
