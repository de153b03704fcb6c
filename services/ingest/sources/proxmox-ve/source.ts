/** Tasks, logins, API calls and firewall decisions of Proxmox VE, and logins and tasks of Proxmox Backup Server. */
import type { Source } from '../../src/source.ts';
import { looksLikeAccess } from './access-line.ts';
import { createNormalizer } from './normalizer.ts';
import { isProxmoxProgram, mayBeProxmoxProgram } from './programs.ts';

const FIREWALL = /^\d{1,10} \d \S{1,64} \d\d\/[A-Za-z]{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4} /;
const BACKUP_SERVER_LOGIN =
  /^\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:?\d\d): (?:(?:openid )?authentication failure; rhost=|successful (?:openid )?auth for user ')/;

export const source: Source = {
  id: 'proxmox-ve',
  describe: {
    title: 'Proxmox VE tasks, logins, API calls and firewall',
    vendor: 'Proxmox',
    documents: [
      'https://pve.proxmox.com/pve-docs/',
      'https://pve.proxmox.com/pve-docs/api-viewer/',
      'https://git.proxmox.com/?p=pve-common.git (PVE::UPID, PVE::RESTEnvironment)',
    ],
    framings: ['lines', 'json'],
  },
  recognize({ message, program, form }) {
    const start = message.slice(0, 450);
    if (start.startsWith('UPID:')) return { rule: 'task-upid', certainty: 1 };
    const isBracketed = start.charCodeAt(0) === 0x3c;
    if (isBracketed && /^<[^\s<>]{3,300}> (?:starting|end) task UPID:/.test(start))
      return { rule: 'task-message', certainty: 1 };
    if (program !== undefined && program !== '') {
      if (isProxmoxProgram(program)) return { rule: 'daemon', certainty: 0.9 };
      if (mayBeProxmoxProgram(program)) return { rule: 'command', certainty: 0.5 };
    }
    if (isBracketed && /^<[^\s<>]{3,300}@[^\s<>]{1,128}> successful /.test(start))
      return { rule: 'login', certainty: 0.9 };
    if (looksLikeAccess(start)) {
      // Other servers write the month as a word.
      if (start.includes(' /api2/')) return { rule: 'access-log', certainty: 1 };
      return /\[\d\d\/\d\d\//.test(start) ? { rule: 'access-log', certainty: 0.9 } : undefined;
    }
    if (FIREWALL.test(start)) return { rule: 'firewall-log', certainty: 0.9 };
    if (BACKUP_SERVER_LOGIN.test(start)) return { rule: 'backup-server-login', certainty: 0.9 };
    if (form !== 'none') return undefined;
    if (start.charCodeAt(0) === 0x7b) {
      if (/"upid" ?: ?"UPID:/.test(start)) return { rule: 'task-json', certainty: 1 };
      const isLog = /"msg" ?:/.test(start) && /"node" ?:/.test(start) && /"pri" ?:/.test(start);
      return isLog && /"tag" ?:/.test(start) ? { rule: 'cluster-log', certainty: 0.9 } : undefined;
    }
    if (/^(?:openid )?authentication failure; rhost=/.test(start)) return { rule: 'login', certainty: 0.9 };
    return /^TASK (?:OK$|ERROR: |WARNINGS: \d)/.test(start)
      ? { rule: 'task-log', certainty: 0.5 }
      : undefined;
  },
  fields: {
    id: 'the UPID of a task; else node, written time, process id and text of the record',
    eventType: 'control for the firewall, monitor for states of nodes, else activity',
    eventTime:
      'of a task: START of its UPID; of access and firewall logs: their own time; else the syslog header, in the zone of the setting timezone',
    action: 'the type of the task; method and path of the call; the verdict of the firewall',
    outcome:
      'pending at the beginning of a task and for calls that make one; the status of the task; the HTTP status',
    'initiator.id':
      'USER of the UPID, of the access log, of the login; unknown where only a constant stands there',
    'initiator.name': 'name@realm, or name@realm!token',
    'initiator.host.address': 'rhost, the address of the access log, SRC of the firewall',
    'target.id': 'the guest, node, storage … that the id of the task or the path names',
    'observer.id': 'NODE of the UPID, else the host of the header, and the program',
    'reason.reasonCode': 'status of the task, reason of the failed login, HTTP status, chain of the firewall',
    name: 'type of the task; method and path; words of the message',
    tags: 'operation (the UPID), ended, warnings, program, api-token, token-owner, ha, maybe, user, redacted, event-time',
    measurements: 'the state of a node; the message where the setting keep makes an event of noise',
  },
  rules: {
    'task-begun': 'a task began: pending',
    'task-ended': 'a task ended: final version of the same event',
    'unmapped-task': 'a task of a type that is not in the table',
    'guest-backup': 'the backup of one guest within a backup task',
    'guest-backup-begin': 'vzdump turns to a guest; ignored',
    login: 'successful auth for user; may be the renewal of a ticket',
    'login-failed': 'authentication failure',
    'cluster-message': 'a change that a daemon tells in words, without a task',
    'unmapped-message': 'words of a daemon about a user that are not in the table',
    'task-detail': 'words of a worker about its own task; ignored',
    'http-login': 'POST of a ticket',
    'http-logout': 'DELETE of a ticket',
    'http-change': 'a changing call that makes no task',
    'http-task': 'a call that makes a task, which tells how it goes',
    'http-read': 'a reading call; ignored',
    'http-internal': 'a call that a browser makes by itself; ignored',
    'http-other': 'a request outside the API; ignored',
    'firewall-allow': 'ACCEPT',
    'firewall-deny': 'DROP, REJECT',
    'firewall-evaluate': 'a packet that a rule logged without a verdict',
    'ha-node-state': 'the high-availability manager sees a node come, go, or be fenced',
    'worker-line': 'what a worker writes beside its task; ignored',
    'task-log-line': 'a line of a task log that is not its last; ignored',
    'guest-cleanup': 'qmeventd tidies up behind a guest; ignored',
    'daemon-lifecycle': 'workers and daemons come and go; ignored',
    'daemon-message': 'anything else from a daemon of Proxmox; ignored',
    'other-program': 'a line of another program; ignored',
    'journal-heading': 'a line that journalctl prints by itself',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
