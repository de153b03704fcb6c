/** Engines before 3.5 wrote messages without the name of the event; the most usual ones are told by their words. */
import { nameOfWords } from './message-words.ts';

const WORDS: readonly (readonly [words: RegExp, name: string])[] = [
  [
    /^User \S{1,300} failed to log in|^User \S{1,300} connecting from .{0,80} failed to log in/,
    'USER_VDC_LOGIN_FAILED',
  ],
  [/^User \S{1,300} logged in to VM /, 'USER_LOGGED_IN_VM'],
  [/^User \S{1,300} logged out from VM /, 'USER_LOGGED_OUT_VM'],
  [/^User \S{1,300} (?:connecting from .{0,200} )?logged in/, 'USER_VDC_LOGIN'],
  [/^User \S{1,300} (?:connected from .{0,200} )?logged out/, 'USER_VDC_LOGOUT'],
  [/^User \S{1,300} cannot login/, 'AUTH_FAILED_OTHER'],
  [/^VM \S{1,300} has paused due to /, 'VM_PAUSED_ERROR'],
  [/^VM \S{1,300} has been paused/, 'VM_PAUSED'],
  [/^User \S{1,300} initiated console session/, 'VM_SET_TICKET'],
  [/^User \S{1,300} is connected to VM /, 'VM_CONSOLE_CONNECTED'],
  [/^User \S{1,300} got disconnected from VM /, 'VM_CONSOLE_DISCONNECTED'],
  [/^Host \S{1,300} installed/, 'VDS_INSTALL'],
  [/^Host \S{1,300} installation failed/, 'VDS_INSTALL_FAILED'],
  [/^Host \S{1,300} is non responsive/, 'VDS_FAILURE'],
  [/^VDSM (?:\S{1,300} )?command .{0,200}failed/, 'VDS_BROKER_COMMAND_FAILURE'],
  [/^Failed to verify Power Management configuration/, 'VDS_ALERT_FENCE_IS_NOT_CONFIGURED'],
  [/^(?:Warning|Critical), Low disk space/i, 'IRS_DISK_SPACE_LOW'],
  [/^VM \S{1,300} was started by /, 'USER_STARTED_VM'],
  [/^VM \S{1,300} started on Host /, 'USER_RUN_VM'],
  [/^Failed to run VM /, 'USER_FAILED_RUN_VM'],
  [/^VM shutdown initiated by /, 'USER_INITIATED_SHUTDOWN_VM'],
  [/^VM \S{1,300} powered off by /, 'USER_STOP_VM'],
  [/^VM \S{1,300} is down with error/, 'VM_DOWN_ERROR'],
  [/^VM \S{1,300} is down\b/, 'VM_DOWN'],
  [/^VM \S{1,300} creation was initiated by /, 'USER_ADD_VM_STARTED'],
  [/^VM \S{1,300} creation has been completed/, 'USER_ADD_VM_FINISHED_SUCCESS'],
  [/^VM \S{1,300} was created by /, 'USER_ADD_VM'],
  [/^VM \S{1,300} configuration was updated by /, 'USER_UPDATE_VM'],
  [/^VM \S{1,300} was (?:successfully )?removed(?! from)/, 'USER_REMOVE_VM_FINISHED'],
  [/^VM \S{1,300} (?:was|on Host \S{1,300} is) suspended/, 'USER_SUSPEND_VM_OK'],
  [/^Migration cancelled /, 'VM_CANCEL_MIGRATION'],
  [/^User \S{1,300} forcibly logged out /, 'USER_VDC_SESSION_TERMINATED'],
  [/^Failed to log out user /, 'USER_VDC_LOGOUT_FAILED'],
  [/^User \S{1,300} has reached the maximum number of /, 'USER_MAX_SESSIONS_EXCEEDED'],
  [/^Snapshot .{1,300} creation for VM \S{1,300} was initiated/, 'USER_CREATE_SNAPSHOT'],
  [
    /^Snapshot .{1,300} creation for VM \S{1,300} has been completed/,
    'USER_CREATE_SNAPSHOT_FINISHED_SUCCESS',
  ],
  [/^Migration started /, 'VM_MIGRATION_START'],
  [/^Migration (?:complete|completed) /, 'VM_MIGRATION_DONE'],
  [/^Migration failed/, 'VM_MIGRATION_FAILED'],
  [/^Host \S{1,300} was added by /, 'USER_ADD_VDS'],
  [/^Host \S{1,300} was removed by /, 'USER_REMOVE_VDS'],
  [/^Host \S{1,300} was switched to Maintenance/, 'USER_VDS_MAINTENANCE'],
  [/^Storage Domain \S{1,300} was added by /, 'USER_ADD_STORAGE_DOMAIN'],
];

/** `Host cluster Default was updated by …`: what, and what was done, as names of events say it. */
const DONE =
  /^(Host cluster|Cluster|Data Center|Storage Domain|Network|Template|Disk|Tag|Role|Quota|Provider|VM Pool|VM|Host) .{1,300}? was (?:successfully )?(added|created|removed|updated|attached|detached|activated|deactivated)\b/;
const VERBS: Readonly<Record<string, string>> = {
  added: 'ADD',
  created: 'ADD',
  removed: 'REMOVE',
  updated: 'UPDATE',
  attached: 'ATTACH',
  detached: 'DETACH',
  activated: 'ACTIVATE',
  deactivated: 'DEACTIVATE',
};
const NOUNS: Readonly<Record<string, string>> = {
  'Host cluster': 'CLUSTER',
  'Data Center': 'STORAGE_POOL',
  Host: 'VDS',
  Template: 'VM_TEMPLATE',
};

/** Undefined: words of nothing that is known. */
export function nameOfMessage(message: string): string | undefined {
  const start = message.slice(0, 1000);
  const known = WORDS.find(([words]) => words.test(start))?.[1];
  if (known !== undefined) return known;
  const done = DONE.exec(start);
  if (done === null || /\b(?:to|from) VM Pool\b|^Disk Profile |filter parameter|VFs/.test(start))
    return nameOfWords(message);
  const [, noun = '', verb = ''] = done;
  return `USER_${VERBS[verb] ?? ''}_${NOUNS[noun] ?? noun.toUpperCase().replaceAll(' ', '_')}`;
}
