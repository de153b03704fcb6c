/** What each type of audit record means in CADF terms: the table of README.md as data (`libaudit.h`, `audit.h`). */

export interface AuditMeaning {
  readonly action: string;
  /** What the record is about: the host, a user account, a service … */
  readonly about:
    | 'host'
    | 'account'
    | 'group'
    | 'credential'
    | 'role'
    | 'service'
    | 'audit'
    | 'config'
    | 'object';
  readonly rule: string;
}

const MEANINGS: Readonly<Record<string, readonly [action: string, about: AuditMeaning['about']]>> = {
  USER_LOGIN: ['authenticate/login', 'host'],
  USER_LOGOUT: ['authenticate/logout', 'host'],
  USER_AUTH: ['authenticate', 'host'],
  USER_ERR: ['authenticate', 'host'],
  ANOM_LOGIN_FAILURES: ['authenticate', 'host'],
  ANOM_LOGIN_TIME: ['authenticate', 'host'],
  ANOM_LOGIN_SESSIONS: ['authenticate', 'host'],
  ANOM_LOGIN_LOCATION: ['authenticate', 'host'],
  ANOM_LOGIN_ACCT: ['authenticate', 'host'],
  USER_CMD: ['update/exec', 'host'],
  ADD_USER: ['create', 'account'],
  DEL_USER: ['delete', 'account'],
  USER_MGMT: ['update', 'account'],
  ACCT_LOCK: ['disable', 'account'],
  ACCT_UNLOCK: ['enable', 'account'],
  RESP_ACCT_LOCK: ['disable', 'account'],
  RESP_ACCT_LOCK_TIMED: ['disable', 'account'],
  RESP_ACCT_UNLOCK_TIMED: ['enable', 'account'],
  ADD_GROUP: ['create', 'group'],
  DEL_GROUP: ['delete', 'group'],
  GRP_MGMT: ['update', 'group'],
  GRP_CHAUTHTOK: ['update', 'group'],
  USER_CHAUTHTOK: ['update', 'credential'],
  ROLE_ASSIGN: ['allow', 'role'],
  ROLE_REMOVE: ['revoke', 'role'],
  ROLE_MODIFY: ['update', 'role'],
  USER_ROLE_CHANGE: ['update', 'role'],
  SERVICE_START: ['start', 'service'],
  SERVICE_STOP: ['stop', 'service'],
  SYSTEM_BOOT: ['start', 'host'],
  SYSTEM_SHUTDOWN: ['stop/shutdown', 'host'],
  DAEMON_START: ['start', 'audit'],
  DAEMON_RESUME: ['start/resume', 'audit'],
  DAEMON_END: ['stop', 'audit'],
  DAEMON_ABORT: ['stop/crash', 'audit'],
  DAEMON_CONFIG: ['configure', 'audit'],
  CONFIG_CHANGE: ['configure', 'audit'],
  USYS_CONFIG: ['configure', 'config'],
  MAC_STATUS: ['configure', 'config'],
  MAC_CONFIG_CHANGE: ['configure', 'config'],
  MAC_POLICY_LOAD: ['configure', 'config'],
  USER_MAC_POLICY_LOAD: ['configure', 'config'],
  USER_MAC_CONFIG_CHANGE: ['configure', 'config'],
  AVC: ['deny', 'object'],
  USER_AVC: ['deny', 'object'],
  SECCOMP: ['deny', 'object'],
  ANOM_ABEND: ['notify', 'object'],
  ANOM_PROMISCUOUS: ['notify', 'object'],
};

/** Parts of an event of another type, or of a login that USER_LOGIN tells. */
const IGNORED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'syscall-record':
      'SYSCALL PATH CWD PROCTITLE EXECVE SOCKADDR SOCKETCALL EOE IPC IPC_SET_PERM OBJ_PID BPRM_FCAPS CAPSET MMAP FD_PAIR NETFILTER_CFG KERN_MODULE BPF OPENAT2 MQ_OPEN INTEGRITY_RULE INTEGRITY_DATA KERNEL KERNEL_OTHER TIME_INJOFFSET TIME_ADJNTPVAL',
    'session-record': 'USER_ACCT USER_START USER_END CRED_ACQ CRED_DISP CRED_REFR LOGIN CHUSER_ID CHGRP_ID',
    'crypto-record':
      'CRYPTO_KEY_USER CRYPTO_SESSION CRYPTO_LOGIN CRYPTO_LOGOUT CRYPTO_TEST_USER CRYPTO_PARAM_CHANGE_USER',
    keystrokes: 'TTY USER_TTY',
    'daemon-record':
      'DAEMON_ROTATE DAEMON_ACCEPT DAEMON_CLOSE DAEMON_ERR SYSTEM_RUNLEVEL USER TRUSTED_APP TEST USER_SELINUX_ERR SELINUX_ERR',
  }).flatMap(([rule, types]) => types.split(' ').map((type): [string, string] => [type, rule])),
);

/** Rule of a type that is noise to an audit. */
export function ignoredRule(type: string): string | undefined {
  return IGNORED.get(type);
}

export function auditMeaning(type: string): AuditMeaning {
  const found = Object.hasOwn(MEANINGS, type) ? MEANINGS[type] : undefined;
  if (found === undefined) return { action: 'unknown', about: 'host', rule: 'unmapped-audit-record' };
  const [action, about] = found;
  return { action, about, rule: `audit-${type.toLowerCase().replaceAll('_', '-')}` };
}
