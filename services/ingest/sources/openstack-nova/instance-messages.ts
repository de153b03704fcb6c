/** What nova-compute says it does to an instance: messages of nova/compute/manager.py and nova/virt (Diablo to 2025). */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

export interface InstanceMeaning {
  readonly rule: string;
  readonly action: string;
  readonly outcome: EventOutcome;
  /** Kind of the operation that this begins, goes on with, or ends; the same for all of its lines. */
  readonly operation?: string;
  readonly part?: 'begin' | 'report' | 'end';
  /** A state that was seen, without an actor. */
  readonly state?: string;
  readonly isNoise?: boolean;
  /** The volume or interface that is attached or detached. */
  readonly device?: string;
}

type Row = readonly [start: string, meaning: InstanceMeaning];

const begin = (start: string, operation: string, action: string): Row => [
  start,
  { rule: `instance-${operation}`, action, outcome: 'pending', operation, part: 'begin' },
];
const end = (start: string, operation: string, action: string, part: 'report' | 'end' = 'end'): Row => [
  start,
  { rule: `instance-${operation}`, action, outcome: 'success', operation, part },
];
const failed = (start: string, operation: string, action: string): Row => [
  start,
  { rule: `instance-${operation}-failed`, action, outcome: 'failure', operation, part: 'end' },
];
const noise = (start: string, rule: string): Row => [
  start,
  { rule, action: 'unknown', outcome: 'success', isNoise: true },
];

/** By how the message begins; the first that fits. */
const ROWS: readonly Row[] = [
  begin('Starting instance', 'build', 'create'),
  begin('Attempting claim', 'build', 'create'),
  end('Instance spawned successfully', 'build', 'create', 'report'),
  failed('Instance failed to spawn', 'build', 'create'),
  failed('Failed to build and run instance', 'build', 'create'),
  failed('Instance failed block device setup', 'build', 'create'),
  failed('Instance failed network setup', 'build', 'create'),
  begin('Terminating instance', 'delete', 'delete'),
  begin('Soft deleting instance', 'soft-delete', 'delete/soft'),
  begin('Reclaiming queued deletion', 'delete', 'delete'),
  begin('Rebooting instance', 'reboot', 'start/reboot'),
  end('Instance rebooted successfully', 'reboot', 'start/reboot'),
  end('Instance soft rebooted successfully', 'reboot', 'start/reboot'),
  failed('Cannot reboot instance', 'reboot', 'start/reboot'),
  begin('Shutting down instance', 'shutdown', 'stop/shutdown'),
  end('Instance shutdown successfully', 'shutdown', 'stop/shutdown'),
  begin('Instance shutdown by itself. Calling the stop API', 'self-shutdown', 'stop/shutdown'),
  begin('Pausing', 'pause', 'stop/pause'),
  begin('Unpausing', 'unpause', 'start/unpause'),
  begin('Suspending', 'suspend', 'stop/suspend'),
  begin('Resuming', 'resume', 'start/resume'),
  begin('instance snapshotting', 'snapshot', 'capture'),
  begin('Beginning live snapshot process', 'snapshot', 'capture'),
  begin('Beginning cold snapshot process', 'snapshot', 'capture'),
  end('Snapshot image upload complete', 'snapshot', 'capture'),
  failed('Live Migration failure', 'migrate', 'update/migrate'),
  failed('Live migration failed', 'migrate', 'update/migrate'),
  failed('Pre live migration failed', 'migrate', 'update/migrate'),
  failed('Migration operation has aborted', 'migrate', 'update/migrate'),
  end('Migration operation has completed', 'migrate', 'update/migrate', 'report'),
  noise('Migration running for', 'migration-progress'),
  begin('Rescuing', 'rescue', 'start/rescue'),
  begin('Unrescuing', 'unrescue', 'start/unrescue'),
  begin('Rebuilding instance', 'rebuild', 'update/rebuild'),
  begin('Shelving', 'shelve', 'stop/shelve'),
  begin('Shelve offloading', 'shelve-offload', 'stop/shelve'),
  begin('Unshelving', 'unshelve', 'start/unshelve'),
  begin('Evacuating', 'evacuate', 'update/migrate'),
  begin('Powering on', 'power-on', 'start'),
  begin('Powering off', 'power-off', 'stop'),
  begin('Confirming resize', 'resize', 'update/resize'),
  begin('Reverting resize', 'resize', 'update/resize'),
  begin('Confirming migration', 'resize', 'update/resize'),
  begin('Reverting migration', 'resize', 'update/resize'),
  begin('Automatically confirming migration', 'resize', 'update/resize'),
  end('Root password set', 'password', 'update/password'),
  begin('Setting admin password', 'password', 'update/password'),
  begin('Swapping volume', 'swap-volume', 'update/swap'),
  ['Get console output', { rule: 'instance-console', action: 'read/console', outcome: 'success' }],
  ['Retrieving diagnostics', { rule: 'instance-diagnostics', action: 'read', outcome: 'success' }],
  noise('Claim successful', 'build-step'),
  noise('Total memory', 'build-step'),
  noise('Total vcpu', 'build-step'),
  noise('Total disk', 'build-step'),
  noise('Total CPUs', 'build-step'),
  noise('memory limit', 'build-step'),
  noise('disk limit', 'build-step'),
  noise('vcpu limit', 'build-step'),
  noise('CPUs limit', 'build-step'),
  noise('Creating image', 'build-step'),
  noise('Creating config drive', 'build-step'),
  noise('Using config drive', 'build-step'),
  noise('Injecting ', 'build-step'),
  noise('Ignoring supplied device name', 'build-step'),
  noise('Booting with', 'build-step'),
  noise('Ensuring ', 'build-step'),
  noise('Node default boot device', 'build-step'),
  noise('Instance destroyed successfully', 'delete-step'),
  noise('Deleting instance files', 'delete-step'),
  noise('Instance already shutdown', 'delete-step'),
  noise('Instance instance already', 'delete-step'),
  noise('Deleting local config drive', 'delete-step'),
  noise('Instance disappeared', 'delete-step'),
  noise('Going to destroy instance again', 'delete-step'),
  noise('Instance may be started again', 'delete-step'),
  noise('Ensure instance destroyed', 'delete-step'),
  begin('Deleting instance as it has been marked', 'delete', 'delete'),
  [
    'Setting instance to ERROR state',
    { rule: 'instance-state', action: 'monitor', outcome: 'failure', state: 'error' },
  ],
  noise('Attempting to driver detach', 'device-step'),
  noise('Successfully detached device', 'device-step'),
  noise('Successfully attached', 'device-step'),
  noise('Increasing downtime', 'migration-progress'),
  noise('Switching to post-copy', 'migration-progress'),
  noise('Error monitoring migration', 'migration-progress'),
  noise('Starting monitoring of live migration', 'migration-progress'),
  noise('Instance running successfully', 'compute-step'),
  noise('You may see the error', 'compute-step'),
  noise('Source node ', 'compute-step'),
  noise('Swapping old allocation', 'compute-step'),
  noise('Running cleanup', 'compute-step'),
  noise('Will plug ', 'compute-step'),
  noise('bringing vm to original state', 'compute-step'),
  noise('disk on shared storage', 'compute-step'),
  noise('disk not on shared storage', 'compute-step'),
  noise('Snapshot extracted', 'snapshot-step'),
  noise('During sync_power_state', 'state-sync'),
  noise('During the sync_power', 'state-sync'),
  noise('Recovered from', 'state-sync'),
  noise('Successfully reverted task state', 'state-sync'),
  noise('Instance successfully', 'state-sync'),
  noise('Updating ', 'state-sync'),
  noise('Neutron deleted interface', 'network-step'),
  noise('VIF plugged', 'network-step'),
  noise('Port ', 'network-step'),
  noise('Preserve ', 'network-step'),
  noise('Received event network-', 'network-step'),
  noise('No waiting events found', 'network-step'),
  noise('Received unexpected event', 'network-step'),
];
const BY_LETTER = byFirstLetter(ROWS);

const LIFECYCLE = /^VM (\w{1,20}) \(Lifecycle Event\)/;
const TOOK = /^Took [\d.]{1,12} seconds to (build|destroy|spawn|deallocate|detach|attach|\w{1,20})/;
const ATTACH =
  /^(?:Attaching volume|Attach volume|Booting with volume|Detach(?:ing)? volume|Detaching volume) ([0-9A-Za-z-]{1,64})/;
const DEVICE_FAILED = /^(?:Driver )?[Ff]ailed to (attach|detach) (?:volume )?([0-9A-Za-z-]{1,64})/;
const MIGRATING_DONE = /^Migrating instance to \S{1,255} finished successfully/;
const BUILD_FAILED = /^Build of instance \S{1,64} (?:aborted|was re-scheduled)/;
const DELETION = /^Deletion of \S{1,500} complete/;
const NOVA_COMPUTE_STEP =
  /^(?:_post_live_migration|Post operation of migration|Instance disappeared|Detected )/;

/** Undefined where the message is none of those known. `message` may begin with blanks. */
export function instanceMeaning(message: string): InstanceMeaning | undefined {
  const text = message.length > 800 ? message.slice(0, 800) : message;
  const lifecycle = LIFECYCLE.exec(text);
  if (lifecycle !== null)
    return {
      rule: 'instance-state',
      action: 'monitor',
      outcome: 'success',
      state: (lifecycle[1] ?? '').toLowerCase(),
    };
  for (const [start, meaning] of BY_LETTER.get(text.charCodeAt(0)) ?? [])
    if (text.startsWith(start)) return meaning;
  return tookMeaning(text) ?? deviceMeaning(text) ?? otherMeaning(text);
}

function tookMeaning(text: string): InstanceMeaning | undefined {
  const took = TOOK.exec(text)?.[1];
  if (took === undefined) return undefined;
  if (took === 'build')
    return { rule: 'instance-build', action: 'create', outcome: 'success', operation: 'build', part: 'end' };
  if (took === 'destroy')
    return {
      rule: 'instance-delete',
      action: 'delete',
      outcome: 'success',
      operation: 'delete',
      part: 'end',
    };
  return { rule: 'duration', action: 'unknown', outcome: 'success', isNoise: true };
}

function deviceMeaning(text: string): InstanceMeaning | undefined {
  const failure = DEVICE_FAILED.exec(text);
  if (failure !== null) {
    const [, verb = '', device = ''] = failure;
    const operation = `${verb} ${device}`;
    return {
      rule: `instance-${verb}-failed`,
      action: `update/${verb}`,
      outcome: 'failure',
      operation,
      part: 'end',
      device,
    };
  }
  const device = ATTACH.exec(text)?.[1];
  if (device === undefined) return undefined;
  if (text.startsWith('Booting'))
    return { rule: 'build-step', action: 'unknown', outcome: 'success', isNoise: true };
  const verb = text.startsWith('Attach') ? 'attach' : 'detach';
  const operation = `${verb} ${device}`;
  return {
    rule: `instance-${verb}`,
    action: `update/${verb}`,
    outcome: 'pending',
    operation,
    part: 'begin',
    device,
  };
}

function otherMeaning(text: string): InstanceMeaning | undefined {
  if (MIGRATING_DONE.test(text))
    return {
      rule: 'instance-migrate',
      action: 'update/migrate',
      outcome: 'success',
      operation: 'migrate',
      part: 'end',
    };
  if (text.startsWith('Migrating'))
    return {
      rule: 'instance-migrate',
      action: 'update/migrate',
      outcome: 'pending',
      operation: 'migrate',
      part: 'begin',
    };
  if (BUILD_FAILED.test(text))
    return {
      rule: 'instance-build-failed',
      action: 'create',
      outcome: 'failure',
      operation: 'build',
      part: 'end',
    };
  if (DELETION.test(text))
    return {
      rule: 'instance-delete',
      action: 'delete',
      outcome: 'success',
      operation: 'delete',
      part: 'report',
    };
  if (NOVA_COMPUTE_STEP.test(text))
    return { rule: 'compute-step', action: 'unknown', outcome: 'success', isNoise: true };
  return undefined;
}

function byFirstLetter(rows: readonly Row[]): ReadonlyMap<number, readonly Row[]> {
  const map = new Map<number, Row[]>();
  for (const row of rows) {
    const letter = row[0].charCodeAt(0);
    const list = map.get(letter) ?? [];
    list.push(row);
    map.set(letter, list);
  }
  return map;
}
