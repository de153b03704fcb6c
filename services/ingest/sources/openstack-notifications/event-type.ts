/** What the type of a notification says: `compute.instance.create.end` is the end of making an instance. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

export interface Meaning {
  readonly rule: string;
  readonly action: string;
  readonly outcome: EventOutcome;
  /** What it is about, as the service calls it: `instance`, `security_group`. */
  readonly resource: string;
  readonly phase: 'start' | 'end' | 'error' | undefined;
  /** The type without its phase: the same for the beginning and the end of an operation. */
  readonly base: string;
  /** Sent periodically, or about the service itself. */
  readonly isNoise: boolean;
}

const PHASES: ReadonlyMap<string, Meaning['phase']> = new Map([
  ['start', 'start'],
  ['end', 'end'],
  ['success', 'end'],
  ['error', 'error'],
  ['fail', 'error'],
  ['failed', 'error'],
  ['failure', 'error'],
  ['scheduled', 'start'],
]);
/** First words that name the service; what they send is told by the next one. */
const SERVICES = new Set([
  'compute',
  'identity',
  'orchestration',
  'dns',
  'baremetal',
  'trove',
  'magnum',
  'sahara',
  'share',
  'network',
  'volume',
  'image',
  'loadbalancer',
  'alarm',
]);
/** Ends of types that report and are no operation. */
const REPORTS = new Set([
  'exists',
  'usage',
  'metrics',
  'meter',
  'progress',
  'capacity',
  'heartbeat',
  'prepare',
  'poll',
  'createprogress',
  'health',
  'hit',
  'miss',
  'evict',
]);
const VERBS: ReadonlyMap<string, string> = new Map([
  ...same([
    'create',
    'update',
    'delete',
    'enable',
    'disable',
    'backup',
    'restore',
    'authenticate',
    'allow',
    'revoke',
  ]),
  ['created', 'create'],
  ['updated', 'update'],
  ['deleted', 'delete'],
  ['disabled', 'disable'],
  ['enabled', 'enable'],
  ['import', 'create/import'],
  ['clone', 'create/clone'],
  ['soft_delete', 'delete/soft'],
  ['force_delete', 'delete/force'],
  ['power_on', 'start'],
  ['power_off', 'stop'],
  ['start', 'start'],
  ['stop', 'stop'],
  ['reboot', 'start/reboot'],
  ['resume', 'start/resume'],
  ['unpause', 'start/unpause'],
  ['rescue', 'start/rescue'],
  ['unrescue', 'start/unrescue'],
  ['unshelve', 'start/unshelve'],
  ['shutdown', 'stop/shutdown'],
  ['suspend', 'stop/suspend'],
  ['pause', 'stop/pause'],
  ['shelve', 'stop/shelve'],
  ['shelve_offload', 'stop/shelve'],
  ['snapshot', 'capture'],
  ['trigger_crash_dump', 'capture/crash-dump'],
  ['attach', 'update/attach'],
  ['detach', 'update/detach'],
  ['volume_attach', 'update/attach'],
  ['volume_detach', 'update/detach'],
  ['volume_swap', 'update/swap'],
  ['share_attach', 'update/attach'],
  ['share_detach', 'update/detach'],
  ['power_on_share', 'start'],
  ['power_off_share', 'stop'],
  ['interface_attach', 'update/attach'],
  ['interface_detach', 'update/detach'],
  ['create_ip', 'update/attach'],
  ['delete_ip', 'update/detach'],
  ['add_host', 'update/attach'],
  ['remove_host', 'update/detach'],
  ['add_member', 'update/add'],
  ['remove_member', 'update/remove'],
  ['add', 'update/add'],
  ['remove', 'update/remove'],
  ['evacuate', 'update/migrate'],
  ['migrate', 'update/migrate'],
  ['cold_migrate', 'update/migrate'],
  ['finish_resize', 'update/resize'],
  ['extend', 'update/extend'],
  ['upload', 'update/upload'],
  ['activate', 'enable'],
  ['reactivate', 'enable'],
  ['deactivate', 'disable'],
  ['creation', 'create'],
  ['deletion', 'delete'],
  ['state_transition', 'notify'],
  ['addhost', 'update/attach'],
  ['removehost', 'update/detach'],
  ['addmember', 'update/add'],
  ['allocate', 'create'],
  ['deallocate', 'delete'],
  ['associate', 'update/attach'],
  ['disassociate', 'update/detach'],
  ['send', 'read/export'],
  ['download', 'read/export'],
  ['power_set', 'update/power'],
  ['provision_set', 'update/provision'],
  ...changes([
    'rebuild',
    'resize',
    'resize_prep',
    'resize_confirm',
    'resize_revert',
    'resize_finish',
    'retype',
    'lock',
    'unlock',
    'manage',
    'unmanage',
    'failover',
    'freeze',
    'thaw',
    'accept',
    'cache_images',
    'update_metadata',
    'update_prop',
    'revert',
    'promote',
    'reset_status',
    'autoscaling',
    'power_state_corrected',
    'maintenance_set',
    'console_set',
    'manage_existing',
    'updateprop',
    'updatemetadata',
    'rule_change',
    'modify_volume',
    'modify_flavor',
    'shrink',
  ]),
]);
/** An image can be imported, a volume resized, with a word more: `resize.prep`, `live_migration.post.dest`. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  // That it went wrong, or was called off, is no migration.
  [/^live[._]migration[._]_?rollback/, 'update/migrate/rollback'],
  [/^live[._]migration[._]_?abort/, 'update/migrate/abort'],
  [/^live[._]migration/, 'update/migrate'],
  [/^resize\./, 'update/resize'],
  [/^volume\.attach$/, 'update/attach'],
  [/^volume\.detach$/, 'update/detach'],
  [/^interface\.create$/, 'update/attach'],
  [/^interface\.delete$/, 'update/detach'],
  [/^access\.add$/, 'allow'],
  [/^access\.remove$/, 'revoke'],
];

/** Tasks of nova by their method: told where they failed (`compute_task.*.error`, and older ones by the method alone). */
const TASKS: ReadonlyMap<string, string> = new Map([
  ['build_instances', 'create'],
  ['run_instance', 'create'],
  ['build_and_run_instance', 'create'],
  ['migrate_server', 'update/migrate'],
  ['live_migration', 'update/migrate'],
  ['rebuild_server', 'update/rebuild'],
  ['rebuild_instance', 'update/rebuild'],
  ['terminate_instance', 'delete'],
  ['start_instance', 'start'],
  ['power_on_instance', 'start'],
  ['stop_instance', 'stop'],
  ['power_off_instance', 'stop'],
  ['reboot_instance', 'start/reboot'],
  ['suspend_instance', 'stop/suspend'],
  ['resume_instance', 'start/resume'],
  ['pause_instance', 'stop/pause'],
  ['unpause_instance', 'start/unpause'],
  ['rescue_instance', 'start/rescue'],
  ['unrescue_instance', 'start/unrescue'],
  ['snapshot_instance', 'capture'],
  ['attach_volume', 'update/attach'],
  ['detach_volume', 'update/detach'],
  ['attach_interface', 'update/attach'],
  ['detach_interface', 'update/detach'],
  ...changesOf(
    ['prep_resize', 'resize_instance', 'finish_resize', 'confirm_resize', 'revert_resize'],
    'resize',
  ),
  ['set_admin_password', 'update/password'],
  ['get_vnc_console', 'read/console'],
  ['get_spice_console', 'read/console'],
]);

/** Types are few and come again. */
const knownMeanings = new Map<string, Meaning>();
const MAX_KNOWN = 2048;

export function meaningOf(eventType: string, priority: string): Meaning {
  const key = `${priority} ${eventType}`;
  const found = knownMeanings.get(key);
  if (found !== undefined) return found;
  const meaning = readMeaning(eventType, priority);
  if (key.length > 256) return meaning;
  if (knownMeanings.size >= MAX_KNOWN) knownMeanings.clear();
  knownMeanings.set(key, meaning);
  return meaning;
}

function readMeaning(eventType: string, priority: string): Meaning {
  const words = eventType.slice(0, 256).toLowerCase().split('.');
  const last = words.at(-1) ?? '';
  const phase = words.length > 2 ? PHASES.get(last) : undefined;
  const base = phase === undefined ? words : words.slice(0, -1);
  // The service's name is kept where it is also what the notification is about: `volume.create`.
  const own =
    base.length > 2 && SERVICES.has(base[0] ?? '') && !isFamily(base.slice(1).join('.'))
      ? base.slice(1)
      : base;
  const [resource = '', ...rest] = own;
  const verb = rest.join('.');
  const outcome: EventOutcome =
    phase === 'error' || priority === 'ERROR' || priority === 'CRITICAL'
      ? 'failure'
      : phase === 'start'
        ? 'pending'
        : 'success';
  const meaning = (rule: string, action: string, isNoise = false): Meaning => ({
    rule,
    action,
    outcome,
    resource,
    phase,
    base: base.join('.'),
    isNoise,
  });
  if (REPORTS.has(last) || REPORTS.has(base.at(-1) ?? '')) return meaning('report', 'monitor', true);
  if (resource === 'scheduler' || resource === 'metrics') return meaning('scheduling', 'unknown', true);
  const task = resource === 'compute_task' ? verb : base.length === 1 ? resource : undefined;
  const taskAction = TASKS.get(task ?? '');
  if (taskAction !== undefined)
    return { ...meaning('instance', taskAction), resource: 'instance', outcome: 'failure' };
  if (resource === 'backup') {
    const action = backupAction(verb);
    if (action !== undefined) return meaning('notification', action);
  }
  const action = actionOf(verb, resource);
  if (action === undefined) return meaning('unmapped-notification', 'unknown');
  return meaning(resource === 'instance' ? 'instance' : 'notification', action);
}

function actionOf(verb: string, resource: string): string | undefined {
  // A compute service tells that it lost its hypervisor.
  if (resource === 'libvirt' && verb === 'connect') return 'monitor';
  const known = VERBS.get(verb) ?? FAMILIES.find(([pattern]) => pattern.test(verb))?.[1];
  if (known !== undefined) return known;
  // `identity.role_assignment.created`, `router.interface.create`: the last word tells.
  const last = verb.slice(verb.lastIndexOf('.') + 1);
  return last !== verb || resource === '' ? VERBS.get(last) : undefined;
}

function backupAction(verb: string): string | undefined {
  if (verb === 'create') return 'backup';
  return verb === 'restore' ? 'restore' : undefined;
}

function isFamily(verb: string): boolean {
  return FAMILIES.some(([pattern]) => pattern.test(verb)) && !verb.startsWith('live');
}

function same(verbs: readonly string[]): [string, string][] {
  return verbs.map((verb) => [verb, verb]);
}

function changes(verbs: readonly string[]): [string, string][] {
  return verbs.map((verb) => [verb, `update/${verb.replaceAll('_', '-')}`]);
}

function changesOf(verbs: readonly string[], change: string): [string, string][] {
  return verbs.map((verb) => [verb, `update/${change}`]);
}
