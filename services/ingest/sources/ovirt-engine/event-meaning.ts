/** What an event of the engine means, by its name (AuditLogType): a short table, and a rule for the other 1,300. */
import codes from './event-codes.json' with { type: 'json' };

export type EventOutcome = 'success' | 'failure' | 'pending' | 'unknown';

export interface EventMeaning {
  readonly action: string;
  readonly outcome: EventOutcome;
  readonly rule: 'event' | 'event-by-rule' | 'state' | 'progress' | 'unmapped-event';
  /** What ties the begin and end of one operation together, where it has both: the name without their words. */
  readonly operation: string;
}

/** In place of a name, for a message without one and words that nobody knows. */
export const UNNAMED = 'UNNAMED_MESSAGE';

const NAME_OF_CODE: ReadonlyMap<string, string> = new Map(Object.entries(codes));
const NAMES: ReadonlySet<string> = new Set(NAME_OF_CODE.values());

/** Rows of the database and of REST have the code only. */
export function nameOfCode(code: string): string | undefined {
  return NAME_OF_CODE.get(code);
}

type Row = readonly [action: string, outcome: EventOutcome, operation?: string];

/** Names whose words would lead the rule astray, and those that begin or end what another name calls otherwise. */
const TABLE: Readonly<Record<string, Row>> = {
  USER_STARTED_VM: ['start', 'pending', 'RUN_VM'],
  USER_INITIATED_RUN_VM: ['start', 'pending', 'RUN_VM'],
  USER_INITIATED_RUN_VM_AND_PAUSE: ['start', 'pending', 'RUN_VM'],
  USER_RUN_VM: ['start', 'success', 'RUN_VM'],
  USER_RUN_VM_AS_STATELESS: ['start', 'success', 'RUN_VM'],
  USER_RUN_VM_ON_NON_DEFAULT_VDS: ['start', 'success', 'RUN_VM'],
  USER_FAILED_RUN_VM: ['start', 'failure', 'RUN_VM'],
  USER_INITIATED_RUN_VM_FAILED: ['start', 'failure', 'RUN_VM'],
  RUN_VM_FAILED: ['start', 'failure', 'RUN_VM'],
  VDS_INITIATED_RUN_VM: ['start', 'pending'],
  USER_INITIATED_SHUTDOWN_VM: ['stop/shutdown', 'pending'],
  USER_STOP_VM: ['stop', 'success'],
  USER_STOPPED_VM_INSTEAD_OF_SHUTDOWN: ['stop', 'success'],
  USER_FAILED_STOPPING_VM_INSTEAD_OF_SHUTDOWN: ['stop', 'failure'],
  USER_STOP_SUSPENDED_VM: ['stop', 'success'],
  USER_PAUSE_VM: ['stop/suspend', 'success'],
  USER_SUSPEND_VM_OK: ['stop/suspend', 'success', 'USER_SUSPEND_VM'],
  USER_FAILED_PAUSE_VM: ['stop/suspend', 'failure'],
  USER_MOVED_VM: ['update/move', 'success'],
  VM_MIGRATION_DONE: ['update/migrate', 'success', 'VM_MIGRATION'],
  VM_MIGRATION_START: ['update/migrate', 'pending', 'VM_MIGRATION'],
  VM_MIGRATION_START_SYSTEM_INITIATED: ['update/migrate', 'pending', 'VM_MIGRATION'],
  VM_MIGRATION_FAILED: ['update/migrate', 'failure', 'VM_MIGRATION'],
  VM_MIGRATION_TO_SERVER_FAILED: ['update/migrate', 'failure', 'VM_MIGRATION'],
  VM_MIGRATION_ABORT: ['update/migrate', 'failure', 'VM_MIGRATION'],
  VM_MIGRATION_TRYING_RERUN: ['update/migrate', 'pending', 'VM_MIGRATION'],
  VM_MIGRATION_NO_VDS_TO_MIGRATE_TO: ['update/migrate', 'failure'],
  USER_REMOVE_VM_FINISHED: ['delete', 'success', 'USER_REMOVE_VM'],
  USER_ADD_ROLE: ['create', 'success'],
  USER_VDC_SESSION_TERMINATED: ['authenticate/logout', 'success'],
  USER_VDC_SESSION_TERMINATION_FAILED: ['authenticate/logout', 'failure'],
  USER_ACCOUNT_DISABLED_OR_LOCKED: ['authenticate/login', 'failure'],
  USER_ACCOUNT_EXPIRED: ['authenticate/login', 'failure'],
  USER_ACCOUNT_PASSWORD_EXPIRED: ['authenticate/login', 'failure'],
  USER_MAX_SESSIONS_EXCEEDED: ['authenticate/login', 'failure'],
  USER_LOGGED_IN_VM: ['authenticate/login', 'success'],
  USER_LOGGED_OUT_VM: ['authenticate/logout', 'success'],
  USER_LOCKED_VM: ['disable/lock', 'success'],
  USER_UNLOCKED_VM: ['enable/unlock', 'success'],
  USER_VDS_START: ['start', 'success'],
  USER_VDS_STOP: ['stop', 'success'],
  USER_VDS_RESTART: ['start/reboot', 'success'],
  USER_CLEAR_ALL_AUDIT_LOG_EVENTS: ['delete', 'success'],
  USER_CLEAR_ALL_AUDIT_LOG_ALERTS: ['delete', 'success'],
  USER_REDUCE_DOMAIN_DEVICES_SUCCEEDED: ['update', 'success', 'USER_REDUCE_DOMAIN_DEVICES'],
  VDS_ANSIBLE_HOST_REMOVE_FINISHED: ['delete', 'success', 'VDS_ANSIBLE_HOST_REMOVE'],
  VM_ADD_HOST_DEVICES: ['update/attach', 'success'],
  VM_REMOVE_HOST_DEVICES: ['update/detach', 'success'],
  VDC_START: ['start', 'success'],
  VDC_STOP: ['stop', 'success'],
  VDS_INITIATED_RUN_AS_STATELESS_VM_NOT_YET_RUNNING: ['start', 'pending'],
  USER_VDS_MAINTENANCE_MIGRATION_FAILED: ['disable', 'failure'],
  USER_DEACTIVATE_STORAGE_DOMAIN_OVF_UPDATE_INCOMPLETE: ['disable', 'failure'],
  USER_UPDATE_VM_CLUSTER_DEFAULT_HOST_CLEARED: ['update', 'success'],
  USER_CLEAR_UNKNOWN_VMS: ['update', 'success'],
  USER_FAILED_CLEAR_UNKNOWN_VMS: ['update', 'failure'],
  // The message begins with what failed on the side.
  USER_MOVED_DISK_FINISHED_WITH_LEFTOVERS: ['update/move', 'success', 'USER_MOVED_DISK'],
  GLUSTER_VOLUME_PROFILE_START: ['update', 'success'],
  GLUSTER_VOLUME_GEO_REP_START: ['update', 'success'],
  MEMORY_HOT_UNPLUG_SUCCESSFULLY_REQUESTED: ['update/detach', 'pending'],
  MEMORY_HOT_UNPLUG_SUCCESSFULLY_REQUESTED_PLUS_MEMORY_INFO: ['update/detach', 'pending'],
  NO_MEMORY_DEVICE_TO_HOT_UNPLUG: ['update/detach', 'failure'],
  NO_SUITABLE_MEMORY_DEVICE_TO_HOT_UNPLUG: ['update/detach', 'failure'],
  VDS_REGISTER_AUTO_APPROVE_PATTERN: ['deploy/register', 'failure'],
  VDS_REGISTER_EMPTY_ID: ['deploy/register', 'failure'],
  VDS_REGISTER_HOST_IS_ACTIVE: ['deploy/register', 'failure'],
  VDS_REGISTER_NAME_IS_ACTIVE: ['deploy/register', 'failure'],
};

/** Without an actor: what the engine sees. Failure where what it sees is one. */
const STATES: Readonly<Record<string, readonly [action: string, outcome: EventOutcome]>> = {
  VM_DOWN: ['stop', 'success'],
  VM_DOWN_ERROR: ['stop/crash', 'failure'],
  VM_WAS_SET_DOWN_DUE_TO_HOST_REBOOT_OR_MANUAL_FENCE: ['stop', 'success'],
  COLD_REBOOT_VM_DOWN: ['stop', 'success'],
  HA_VM_FAILED: ['stop/crash', 'failure'],
  VM_RECOVERED_FROM_PAUSE_ERROR: ['monitor', 'success'],
  // Warnings and findings whose words sound like a deed.
  SYSTEM_MASTER_DOMAIN_NOT_IN_SYNC: ['monitor', 'failure'],
  ILLEGAL_STORAGE_DOMAIN_DISCARD_AFTER_DELETE: ['monitor', 'success'],
  LUNS_BROKE_SD_DISCARD_AFTER_DELETE_SUPPORT: ['monitor', 'success'],
  STORAGE_DEVICE_REMOVED_FROM_THE_HOST: ['monitor', 'success'],
  GLUSTER_HOOK_DETECTED_DELETE: ['monitor', 'success'],
  VDS_RUN_IN_NO_KVM_MODE: ['monitor', 'success'],
  VM_CLEARED: ['monitor', 'success'],
  VM_MIGRATION_NOT_ALL_VM_NICS_WERE_PLUGGED_BACK: ['monitor', 'failure'],
  VM_MIGRATION_PLUGGING_VM_NICS_FAILED: ['monitor', 'failure'],
  VM_MIGRATION_ON_CONNECT_CHECK_FAILED: ['monitor', 'failure'],
  VM_MIGRATION_ON_CONNECT_CHECK_SUCCEEDED: ['monitor', 'success'],
  VM_BACKUP_SNAPSHOT_POSSIBLE_LEFTOVER: ['monitor', 'failure'],
  HOST_UPDATES_ARE_AVAILABLE: ['monitor', 'success'],
  HOST_UPDATES_ARE_AVAILABLE_WITH_PACKAGES: ['monitor', 'success'],
  COPY_VOLUME_DATA_EXECUTION_HOST: ['monitor', 'success'],
  MERGE_SNAPSHOTS_ON_HOST: ['monitor', 'success'],
  USER_ISCSI_BOND_HOST_RESTART_WARNING: ['monitor', 'success'],
  DETACH_DOMAIN_WITH_VMS_AND_TEMPLATES_LEASES: ['monitor', 'success'],
  HOSTED_ENGINE_MAX_RECOMMENDED_HOSTS_INSTALLED: ['monitor', 'success'],
};

const PROGRESS = /^ANSIBLE_RUNNER_EVENT_NOTIFICATION|_IN_PROGRESS(?:_WARNING|_ERROR)?$/;
/** Names that tell a state by their form. */
const STATE_WORDS =
  /^(?:VDS_|HOST_)?(?:DETECTED|FAILURE|RECOVER|SOFT_RECOVER)|_FENCE|^FENCE|ALERT|_LOW_|_HIGH_|STATUS|THRESHOLD|EXPIRED?|NON_?OPERATIONAL|NON_?RESPON|NOT_RESPONDING|^VM_PAUSED|^VM_SLA|^DWH_|INCOMPATIB|UNSUPPORTED|MISSING|_LIMIT|UNTRUSTED|OUT_OF_SYNC|_IN_USE|^MIGRATION_REASON|^PM_POLICY|^KDUMP|_STATE_(?:UP|DOWN)|^VM_NOT|^ENGINE_NO_|NOTHING_TO_DO|^EXCEEDED_|^AFFINITY_RULES|^IRS_|_WARNING$|INVALID_INTERFACES|_SKIPPED_|_IGNORED$/;

type Rule = readonly [words: RegExp, action: string];

/** The first one that fits a name counts; `_` stands before and behind each word. */
const VERBS: readonly Rule[] = [
  [/_LOGIN_|^_AUTH_FAILED/, 'authenticate/login'],
  [/_LOGOUT_/, 'authenticate/logout'],
  [/_(?:ADD|ADDED)(?:_SYSTEM)?_PERMISSION_/, 'allow'],
  [/_REMOVED?(?:_SYSTEM)?_PERMISSION_/, 'revoke'],
  // What is done to a part or a setting of the target is no deed to the target itself.
  [/_CHECKPOINT_/, 'delete/snapshot'],
  [/_CANCEL_(?:MIGRATION|CONVERSION)_/, 'update/cancel'],
  [/_TO_VM_FROM_POOL_/, 'update/attach'],
  [/_REMOVE_DISK_ATTACHED_TO_VMS_/, 'delete'],
  [/_AVAILABLE_UPDATES_/, 'read'],
  [
    /_(?:REMOVE|REMOVING|REMOVED)_(?:GLUSTER_VOLUME_)?BRICKS?_|_BRICK_REMOVED_|_REMOVE_VFS_|_REMOVE_DEVICE_FROM_/,
    'update/detach',
  ],
  [/_ADD_BRICKS?_|_BRICK_ADDED_|_ADD_VFS_/, 'update/attach'],
  [
    /_USER_PROFILE_|^_USER_(?:ADD|REMOVE|UPDATE)_PROFILE_|_VM_NUMA_NODE_|_NIC_FILTER_|_GEO_?REP_|_VOLUME_PROFILE_|_VOLUME_REBALANCE_|_RECONSTRUCT_MASTER_|_VOLUME_OPTIONS?_|_STORAGE_DOMAIN_DR_/,
    'update',
  ],
  [/_PAUSED_(?:BY|ON)_/, 'stop/pause'],
  [/_REBOOT_|_RESTART(?:ED)?_/, 'start/reboot'],
  [/_RESET_VM_/, 'start/reset'],
  [/_(?:REMOVE|DELETE)D?_(?:DISK_)?SNAPSHOT_|_SNAPSHOT(?:S)?_DELETED?_/, 'delete/snapshot'],
  [/_SNAPSHOT_SCHEDULE|_SNAPSHOT_RESCHEDULE|_SNAPSHOT_CONFIG/, 'update'],
  [/_DEACTIVATE[D]?_/, 'disable'],
  [/_ACTIVATE[D]?_|_APPROVE_|_THAW_/, 'enable'],
  [/_RESTORE[D]?_|_TRY_BACK_TO_|_REVERT_/, 'restore'],
  [/_CREATE_(?:LIVE_)?SNAPSHOT_|_SNAPSHOT_CREATED?_/, 'capture'],
  [/_MIGRATE_|_MIGRATION_/, 'update/migrate'],
  [/_SUSPEND_|_HIBERNATE_|_FREEZE_/, 'stop/suspend'],
  [/_RESUMED?_/, 'start/resume'],
  [/_SHUTDOWN_|_POWER_DOWN_/, 'stop/shutdown'],
  [/_MAINTENANCE_/, 'disable'],
  [/_CONSOLE_|_SET_TICKET_/, 'read/console'],
  [/_EXPORT_|_DOWNLOAD_|_SCREENSHOT_/, 'read/export'],
  [/_IMPORT(?:ED)?_|_CONVERT_|_CONVERSION_/, 'create/import'],
  [/_TRANSFER_IMAGE_|_UPLOAD_IMAGE_/, 'update/transfer'],
  [/_BACKUP_/, 'backup'],
  [/_COPY_|_COPIED_/, 'create/clone'],
  [/_MOVED?_/, 'update/move'],
  [/_UNREGISTER_/, 'undeploy/unregister'],
  [/_REGISTER_|_REGISTRATION_/, 'deploy/register'],
  [/_INSTALL(?:ED)?_|_PROVISION_/, 'deploy'],
  [/_ENROLLMENT_|_RENEW_/, 'renew'],
  [/_DETACH(?:ED)?_|_HOT_?UNPLUG_|_UNPLUG(?:GED)?_|_EJECT_|_FROM_POOL_/, 'update/detach'],
  [/_ATTACH(?:ED)?_|_HOT_?PLUG_|_ADD_DISK_TO_VM_|_TO_POOL_|_PLUG(?:GED)?_/, 'update/attach'],
  [/_REMOV(?:E|ED|AL|ING)_|_DELETED?_|_CLEAR(?:ED|ING)?_/, 'delete'],
  [/_ADD(?:ED|ITION)?_|_CREATED?_|_RECONSTRUCT_/, 'create'],
  [/_DISABLED?_/, 'disable'],
  [/_ENABLED?_/, 'enable'],
  [
    /_UPD(?:AT|TA)E[DS]?_|_EDIT_|_CHANGED?_|_SET_|_EXTEND(?:ED)?_|_REDUCE_|_SPARSIFY_|_AMEND_|_RENAMED_|_(?:UN)?LABEL_|_MODIFIED_|_RESET_|_REPLACED?_|_UPGRADE_|_SYNC(?:HRONIZED|HRONIZATION|ED)?_|_REFRESH(?:ED)?_|_COMMI[N]?T_|_PERSIST_|_SETUP_|_SET_UP_|_RELOAD_|_REBALANCE_|_SWITCH_|_RECOVERY_|_SCAN_|_FORCE_|_DISPLAY_|_ASSIGN|_MERGE_|_CANCEL_|_CONFIG_|_HOT_SET_|_REMOUNT_|_CONNECT_|_WRITE_|_GET_/,
    'update',
  ],
  [/_START(?:ED)?_|_RUN_/, 'start'],
  [/_STOP(?:PED)?_|_SLEEP_/, 'stop'],
];

const FAILED =
  /_FAIL(?:ED|URE)?_|_ERROR_|_CANNOT_|_FAILED[A-Z]|_INVALID_|_NOT_POSSIBLE_|_COULDNT_|_COULD_NOT_|_ABORT_|_CANCELL?ED_/;
const BEGUN = /_(?:STARTED|INITIATED|START|REQUEST|STARTING)_$|^_IMPORTEXPORT_STARTING_|^_START_REMOVING_/;
const SAYS_FAILED = /^(?:Failed|Cannot|Can't|Could not|Unable)\b/;
/** What begins and ends of an operation have on top of its name. */
const PHASE =
  /_(?:STARTED|INITIATED|START|REQUEST|FINISH(?:ED)?(?:_(?:SUCCESS|FAILURE|FAILED|WITH_[A-Z_]+))?|SUCCESS|SUCCEEDED|SUCCESSFULLY|FAILED|FAILURE|ENDED|COMPLETED|DONE)$/;

const known = new Map<string, EventMeaning>();
/** Names are few; what is made up by others must not fill the memory. */
const MAX_KNOWN = 4096;

/** `message` tells where only a request was taken: "initiated by". */
export function meaningOf(name: string, message: string): EventMeaning {
  let meaning = known.get(name);
  if (meaning === undefined) {
    meaning = derive(name);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, meaning);
  }
  if (meaning.outcome !== 'success') return meaning;
  if (meaning.rule === 'event-by-rule' && SAYS_FAILED.test(message.slice(0, 10).trimStart()))
    return { ...meaning, outcome: 'failure' };
  return /\binitiated by\b/i.test(message.slice(0, 1000)) ? { ...meaning, outcome: 'pending' } : meaning;
}

/** Operations of which an event tells the good end. */
let withEnd: ReadonlySet<string> | undefined;

/** Whether the end of an operation is told by an event of its own, so that its beginning is worth remembering. */
export function endsAfterwards(operation: string): boolean {
  withEnd ??= new Set(
    [...NAMES]
      .map((name) => ({ name, meaning: derive(name) }))
      .filter(({ name, meaning }) => meaning.outcome === 'success' && meaning.operation !== name)
      .map(({ meaning }) => meaning.operation),
  );
  return withEnd.has(operation);
}

function derive(name: string): EventMeaning {
  const row = TABLE[name];
  const operation = row?.[2] ?? operationOf(name);
  if (row !== undefined) return { action: row[0], outcome: row[1], rule: 'event', operation };
  if (name === UNNAMED || /^EVENT_\d/.test(name))
    return { action: 'unknown', outcome: 'unknown', rule: 'unmapped-event', operation };
  const state = STATES[name];
  if (state !== undefined) return { action: state[0], outcome: state[1], rule: 'state', operation };
  if (PROGRESS.test(name)) return { action: 'monitor', outcome: 'pending', rule: 'progress', operation };
  const framed = `_${name}_`;
  const outcome = outcomeOf(name, framed);
  const isUsers = name.startsWith('USER_') && !/^USER_(?:EXCEEDED|VM_POOL_MAX)_/.test(name);
  if (!isUsers && (name.startsWith('USER_') || STATE_WORDS.test(name)))
    return {
      action: 'monitor',
      outcome: FAILED.test(framed) ? 'failure' : 'success',
      rule: 'state',
      operation,
    };
  const stem = BEGUN.test(framed) ? `_${name.replace(PHASE, '')}_` : framed;
  const action = (VERBS.find(([words]) => words.test(stem)) ??
    VERBS.find(([words]) => words.test(framed)))?.[1];
  if (action === undefined && !isUsers && NAMES.has(name)) {
    return {
      action: 'monitor',
      outcome: outcome === 'failure' ? 'failure' : 'success',
      rule: 'state',
      operation,
    };
  }
  if (action === undefined) return { action: 'unknown', outcome, rule: 'unmapped-event', operation };
  const isStart = action === 'start' || action === 'stop';
  // `GLUSTER_VOLUME_START` is the whole operation, not the beginning of one.
  return {
    action,
    outcome: isStart && outcome === 'pending' ? 'success' : outcome,
    rule: 'event-by-rule',
    operation,
  };
}

function outcomeOf(name: string, framed: string): EventOutcome {
  if (FAILED.test(framed)) return 'failure';
  if (BEGUN.test(framed)) return 'pending';
  if (PHASE.test(name)) return 'success';
  // The name of an operation that has an end of its own and no other beginning is its beginning.
  const hasEnd = NAMES.has(`${name}_FINISHED_SUCCESS`) || NAMES.has(`${name}_FINISH_SUCCESS`);
  const hasBegin = ['STARTED', 'INITIATED', 'START'].some((word) => NAMES.has(`${name}_${word}`));
  return hasEnd && !hasBegin ? 'pending' : 'success';
}

/** `USER_ADD_VM` of `USER_ADD_VM_STARTED` and of `USER_ADD_VM_FINISHED_FAILURE`. */
function operationOf(name: string): string {
  if (name.startsWith('VM_MIGRATION_FAILED')) return 'VM_MIGRATION';
  if (name.startsWith('IMPORTEXPORT_'))
    return name.replace(PHASE, '').replace(/^IMPORTEXPORT_(?:STARTING_)?/, '');
  return name.replace(PHASE, '').replace(/^USER_(?:FAILED|FINISHED)_(?:FAILED_)?/, 'USER_');
}
