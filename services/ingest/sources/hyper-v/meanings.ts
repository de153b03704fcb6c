/**
 * What an event says was done. Keyed on provider and number, never on the message, which is localized; the same number
 * means other things with another provider. Numbers by Microsoft's event manifests as published and as captured.
 */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { codeNumber } from './windows-event.ts';
import type { WindowsEvent } from './windows-event.ts';

export interface Meaning {
  readonly rule: string;
  readonly action: string;
  readonly outcome: EventOutcome;
  readonly target: 'machine' | 'disk' | 'network' | 'service';
  /** The guest system acted, not the host. */
  readonly byGuest?: boolean;
  /** What the event saw, where nobody did anything: it is told as a measurement. */
  readonly state?: string;
  /** A disk operation that another event ends (`begin`), or that ends another's (`end`). */
  readonly part?: 'begin' | 'end';
  /** Bookkeeping that is ignored unless asked for. */
  readonly isNoise?: boolean;
}

interface Row {
  readonly rule: string;
  readonly action: string;
  readonly target?: Meaning['target'];
  /** Whatever the level says. */
  readonly outcome?: EventOutcome;
  readonly byGuest?: boolean;
}

const MANAGER = 'VMMS';
const WORKER = 'Worker';
const CLUSTER = 'High-Availability';
const SWITCH = 'VmSwitch';
const DISK = 'VHDMP';

const ROWS: ReadonlyMap<string, Row> = new Map([
  ...rows([MANAGER], [13002, 18304], { rule: 'machine-created', action: 'create' }),
  ...rows([MANAGER], [13003], { rule: 'machine-deleted', action: 'delete' }),
  ...rows([MANAGER], [18303], { rule: 'machine-exported', action: 'read/export' }),
  ...rows([WORKER], [18500], { rule: 'machine-started', action: 'start' }),
  ...rows([WORKER], [18502], { rule: 'machine-turned-off', action: 'stop' }),
  ...rows([WORKER], [18504], { rule: 'machine-shut-down', action: 'stop/shutdown' }),
  ...rows([WORKER], [18508], { rule: 'machine-shut-down-by-guest', action: 'stop/shutdown', byGuest: true }),
  ...rows([WORKER], [18510], { rule: 'machine-saved', action: 'stop/suspend' }),
  ...rows([WORKER], [18512], { rule: 'machine-reset', action: 'start/reset' }),
  ...rows([WORKER], [18514], { rule: 'machine-reset-by-guest', action: 'start/reboot', byGuest: true }),
  ...rows([WORKER], [18516], { rule: 'machine-paused', action: 'stop/pause' }),
  ...rows([WORKER], [18518], { rule: 'machine-resumed', action: 'start/unpause' }),
  ...rows([WORKER], [18596], { rule: 'machine-restored', action: 'start/resume' }),
  ...rows([WORKER], [18560, 18590, 18602, 18604], {
    rule: 'machine-crashed',
    action: 'stop/crash',
    outcome: 'failure',
  }),
  ...rows([MANAGER, WORKER], [3040, 3050, 3112, 3122, 12010, 12030, 12240, 15130, 15500, 19544], {
    rule: 'machine-start-failed',
    action: 'start',
    outcome: 'failure',
  }),
  ...rows([MANAGER, CLUSTER], [20415, 20418], { rule: 'machine-migrated', action: 'update/migrate' }),
  // A warning that the machine stood still long; the migration itself went well.
  ...rows([MANAGER, CLUSTER], [20417], {
    rule: 'machine-migrated',
    action: 'update/migrate',
    outcome: 'success',
  }),
  ...rows([MANAGER, CLUSTER], [21111, 21024, 21125, 21501, 21502], {
    rule: 'machine-migration-failed',
    action: 'update/migrate',
    outcome: 'failure',
  }),
  ...rows([MANAGER], [18012], { rule: 'checkpoint-created', action: 'capture' }),
  ...rows([MANAGER], [3280, 10150, 10172], {
    rule: 'checkpoint-failed',
    action: 'capture',
    outcome: 'failure',
  }),
  ...rows([MANAGER], [29292, 29312, 32022, 32315, 32552, 33676], {
    rule: 'machine-replication-failed',
    action: 'update/replicate',
    outcome: 'failure',
  }),
  ...rows([MANAGER], [18014], { rule: 'checkpoint-applied', action: 'restore' }),
  ...rows([MANAGER], [18016], { rule: 'checkpoint-deleted', action: 'delete/snapshot' }),
  // Merging the disks of a checkpoint that was deleted, in the background: begun, done, interrupted, failed.
  ...rows([MANAGER], [19070], { rule: 'disk-merge', action: 'update/merge', outcome: 'pending' }),
  ...rows([MANAGER], [19080], { rule: 'disk-merge', action: 'update/merge' }),
  ...rows([MANAGER], [16370, 19090, 19100], {
    rule: 'disk-merge',
    action: 'update/merge',
    outcome: 'failure',
  }),
  ...rows([MANAGER], [14070, 14092], { rule: 'service-started', action: 'start', target: 'service' }),
  ...rows([MANAGER], [14094], { rule: 'service-stopped', action: 'stop', target: 'service' }),
  ...rows([SWITCH], [232, 233, 234], { rule: 'network-changed', action: 'update', target: 'network' }),
  ...rows([MANAGER, SWITCH], [26000], { rule: 'network-created', action: 'create', target: 'network' }),
  ...rows([MANAGER, SWITCH], [26002], { rule: 'network-deleted', action: 'delete', target: 'network' }),
  // 208 and 209 switch the tracking of changes on and off; the others say that it broke.
  ...rows([DISK], [208, 209, 210, 211, 212, 213, 214], {
    rule: 'disk-change-tracking',
    action: 'update/change-tracking',
    target: 'disk',
  }),
  ...rows([DISK], [13, 24], {
    rule: 'disk-open-failed',
    action: 'read/open',
    target: 'disk',
    outcome: 'failure',
  }),
]);

/** Where the word of VhdMetaOps is one of these; lower case. */
const DISK_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['create', 'create'],
  ['convert', 'create/convert'],
  ['clone', 'create/clone'],
  ['copy', 'create/clone'],
  ['delete', 'delete'],
  ...['compact', 'expand', 'resize', 'merge', 'mirror', 'set', 'fork', 'snapshot'].map(
    (word): [string, string] => [word, `update/${word}`],
  ),
]);
/** Attaching (surfacing) and detaching: who asked stands in the beginning, the end is often the system's own. */
const DISK_STEPS: ReadonlyMap<number, Pick<Meaning, 'rule' | 'action' | 'part'>> = new Map([
  ...steps([25], 'disk-attach-begun', 'attach', 'begin'),
  // 17 to 20: the same for a disk that the host itself cannot use, and where no disk number was given.
  ...steps([1, 17, 19], 'disk-attached', 'attach', 'end'),
  ...steps([3, 4], 'disk-attach-failed', 'attach', 'end'),
  ...steps([26], 'disk-detach-begun', 'detach', 'begin'),
  // 11: because an operation failed; 35: with data that was not written.
  ...steps([2, 11, 18, 20, 35], 'disk-detached', 'detach', 'end'),
]);
/** Handles of disks and of their files, opened, flushed and closed at each look at a file. */
const DISK_HANDLES = new Set([12, 14, 15, 16, 21, 22, 23, 27, 28, 30, 31, 32, 33, 34, 36]);
/** Frequent on Windows 11, without a description in what Microsoft and others publish; information only. */
const DISK_UNDESCRIBED = new Set([29, 300, 301]);
/** Requests to read and write, in the channel for analysis. */
const DISK_REQUESTS = new Set([1001, 1002, 1010, 1011]);
/** Providers of the hypervisor's and the guests' own drivers. */
const DRIVERS = /^(?:Hypervisor|VID|KMCL|KMCL-Child|Netvsc|VmBus|Guest-Drivers-.{1,80})$/i;

export function meaningOf(event: WindowsEvent): Meaning {
  const provider = shortProvider(event.provider);
  if (provider === DISK) {
    const meaning = diskMeaning(event);
    if (meaning !== undefined) return meaning;
  }
  const row = ROWS.get(`${provider} ${event.eventId}`) ?? networkRow(provider, event.eventId);
  if (row === undefined) return noiseMeaning(event, provider) ?? unmapped(event, provider);
  // The snapshot numbers are also given to a checkpoint that did not come about.
  const isSnapshot = row.rule.startsWith('checkpoint-');
  if (isSnapshot && (event.level === 3 || hasFailed(event)))
    return { rule: 'checkpoint-failed', action: 'capture', outcome: 'failure', target: 'machine' };
  return {
    rule: row.rule,
    action: row.action,
    outcome: row.outcome ?? (hasFailed(event) ? 'failure' : 'success'),
    target: row.target ?? 'machine',
    ...(row.byGuest === true ? { byGuest: true } : {}),
  };
}

/** `VMMS` of `Microsoft-Windows-Hyper-V-VMMS`. */
export function shortProvider(provider: string): string {
  return provider.replace(/^Microsoft-Windows-(?:Hyper-V-)?/, '');
}

/** Whether a provider is one of Hyper-V: of the hypervisor, its management service, disks, cluster, SCVMM. */
export function isHyperV(provider: string, channel: string | undefined): boolean {
  return /Hyper-V|VHDMP|VirtualMachineManager|Virtual Machine Manager|^SCVMM/i.test(
    provider === '' ? (channel ?? '') : provider,
  );
}

/** Level critical or error, or an error code that is not 0. */
export function hasFailed({ level, data }: WindowsEvent): boolean {
  if (level === 1 || level === 2) return true;
  const code = codeNumber(data.get('ErrorCode'));
  return code !== undefined && code !== 0;
}

function diskMeaning(event: WindowsEvent): Meaning | undefined {
  const { eventId, data } = event;
  // Before Windows 10 these numbers were about the log of changes.
  if (eventId >= 8 && eventId <= 14 && data.has('LogFileName')) return unmapped(event, DISK);
  const step = DISK_STEPS.get(eventId);
  if (step !== undefined) {
    const isFailure = step.rule === 'disk-attach-failed' || hasFailed(event);
    return {
      ...step,
      outcome: step.part === 'begin' ? 'pending' : isFailure ? 'failure' : 'success',
      target: 'disk',
    };
  }
  if (eventId === 50 || eventId === 51) {
    const action = DISK_OPERATIONS.get(diskOperation(event)?.toLowerCase() ?? '');
    const isBegin = eventId === 50;
    const rule = isBegin ? 'disk-operation-begun' : 'disk-operation-done';
    return {
      rule: action === undefined ? `unmapped-${rule}` : rule,
      action: action ?? 'unknown',
      outcome: isBegin ? 'pending' : hasFailed(event) || diskStatus(event) > 0 ? 'failure' : 'success',
      target: 'disk',
      part: isBegin ? 'begin' : 'end',
    };
  }
  if (eventId === 5 || eventId === 6) {
    const action = DISK_OPERATIONS.get(diskOperation(event)?.toLowerCase() ?? '') ?? 'update';
    return { rule: 'disk-operation-failed', action, outcome: 'failure', target: 'disk' };
  }
  return diskNoise(event);
}

function diskNoise(event: WindowsEvent): Meaning | undefined {
  const { eventId } = event;
  // A chain or a log of changes that is corrupt; recovery from failures of the storage below.
  if ((eventId >= 7 && eventId <= 10) || (eventId >= 100 && eventId <= 126)) {
    if (hasFailed(event) || event.level === 3)
      return {
        rule: 'disk-fault',
        action: 'monitor',
        outcome: 'failure',
        target: 'disk',
        state: `fault-${eventId}`,
      };
    return noise('disk-recovery', 'disk');
  }
  if (hasFailed(event)) return undefined;
  if (DISK_HANDLES.has(eventId)) return noise('disk-handle', 'disk');
  if (DISK_UNDESCRIBED.has(eventId)) return noise('disk-undescribed', 'disk');
  return DISK_REQUESTS.has(eventId) ? noise('disk-request', 'disk') : undefined;
}

function noise(rule: string, target: Meaning['target']): Meaning {
  return { rule, action: 'unknown', outcome: 'success', target, isNoise: true };
}

/** What says nothing to an audit, of any provider. */
function noiseMeaning(event: WindowsEvent, provider: string): Meaning | undefined {
  const { eventId, level, data } = event;
  if (data.has('TraceData')) return noise('trace', 'machine');
  if (level === undefined || level === 3 || hasFailed(event)) return undefined;
  if (DRIVERS.test(provider)) return noise('driver-message', 'service');
  if (provider === 'SynthNic' && (eventId === 12582 || eventId === 12597))
    return noise('device-message', 'machine');
  return provider === WORKER && eventId === 18601 ? noise('machine-booted', 'machine') : undefined;
}

/** Attaching and detaching of a file, and changes by name, are operations with a beginning and an end. */
export function operationOf(event: WindowsEvent, meaning: Meaning): string {
  const verb = meaning.action.startsWith('update/') ? meaning.action.slice('update/'.length) : '';
  return verb === 'attach' || verb === 'detach' ? verb : (diskOperation(event) ?? '');
}

/** `Create`; values without names stand in the order operation, file, other file, status. */
export function diskOperation({ data }: WindowsEvent): string | undefined {
  return data.get('VhdMetaOps') ?? data.get('Data0');
}

function diskStatus({ data }: WindowsEvent): number {
  const status = codeNumber(data.get('Status'));
  if (status !== undefined) return Math.abs(status);
  const values = [...data].filter(([key]) => /^Data[2-9]$/.test(key)).map(([, value]) => codeNumber(value));
  return Math.abs(values.findLast((value) => value !== undefined) ?? 0);
}

function networkRow(provider: string, eventId: number): Row | undefined {
  if ((provider !== MANAGER && provider !== SWITCH) || eventId < 26_000 || eventId > 26_144) return undefined;
  return { rule: 'network-changed', action: 'update', target: 'network' };
}

function unmapped(event: WindowsEvent, provider: string): Meaning {
  return {
    rule: 'unmapped-event',
    action: 'unknown',
    outcome: hasFailed(event) ? 'failure' : 'unknown',
    target: provider === DISK ? 'disk' : provider === SWITCH ? 'network' : 'machine',
  };
}

function rows(providers: readonly string[], ids: readonly number[], row: Row): [string, Row][] {
  return providers.flatMap((provider) => ids.map((id): [string, Row] => [`${provider} ${id}`, row]));
}

function steps(
  ids: readonly number[],
  rule: string,
  verb: string,
  part: 'begin' | 'end',
): [number, Pick<Meaning, 'rule' | 'action' | 'part'>][] {
  return ids.map((id) => [id, { rule, action: `update/${verb}`, part }]);
}
