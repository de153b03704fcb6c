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
  ...rows([MANAGER, WORKER], [12010, 12030, 12240, 15130, 15500], {
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
  ...rows([MANAGER], [18014], { rule: 'checkpoint-applied', action: 'restore' }),
  ...rows([MANAGER], [18016], { rule: 'checkpoint-deleted', action: 'delete/snapshot' }),
  // Merging the disks of a checkpoint that was deleted, in the background: begun, done, interrupted, failed.
  ...rows([MANAGER], [19070], { rule: 'disk-merge', action: 'update/merge', outcome: 'pending' }),
  ...rows([MANAGER], [19080], { rule: 'disk-merge', action: 'update/merge' }),
  ...rows([MANAGER], [19090, 19100], { rule: 'disk-merge', action: 'update/merge', outcome: 'failure' }),
  ...rows([MANAGER], [14070, 14092], { rule: 'service-started', action: 'start', target: 'service' }),
  ...rows([MANAGER], [14094], { rule: 'service-stopped', action: 'stop', target: 'service' }),
  ...rows([MANAGER, SWITCH], [26000], { rule: 'network-created', action: 'create', target: 'network' }),
  ...rows([MANAGER, SWITCH], [26002], { rule: 'network-deleted', action: 'delete', target: 'network' }),
  // 17 to 20: the same for a disk that the host itself cannot use, and where no disk number was given.
  ...rows([DISK], [1, 17, 19], { rule: 'disk-attached', action: 'update/attach', target: 'disk' }),
  ...rows([DISK], [2, 11, 18, 20], { rule: 'disk-detached', action: 'update/detach', target: 'disk' }),
  ...rows([DISK], [3, 4], {
    rule: 'disk-attach-failed',
    action: 'update/attach',
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
/** Handles of disks that are opened and closed, at each look at a file. */
const DISK_HANDLES = new Set([12, 14, 15, 16, 21, 22, 23, 25, 27, 28]);

export function meaningOf(event: WindowsEvent): Meaning {
  const provider = shortProvider(event.provider);
  if (provider === DISK) {
    const meaning = diskMeaning(event);
    if (meaning !== undefined) return meaning;
  }
  const row = ROWS.get(`${provider} ${event.eventId}`) ?? networkRow(provider, event.eventId);
  if (row === undefined) return unmapped(event, provider);
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
  if (!DISK_HANDLES.has(eventId) || hasFailed(event)) return undefined;
  return { rule: 'disk-handle', action: 'unknown', outcome: 'success', target: 'disk', isNoise: true };
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
