/** Logs of VMware ESXi hosts, from ESX 3 to ESXi 9: hostd, vobd, shell, auth, audit records, vmware.log of machines. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const PROGRAMS = new Set([
  'hostd',
  'vpxa',
  'vobd',
  'vmware-hostd',
  'vmware-authd',
  'hostd-probe',
  'rhttpproxy',
  'vmkernel',
  'vmkwarning',
  'esxshell',
  'dcui',
  'vmauthd',
  'apiforwarder',
  'esxtokend',
  'fdm',
  'vmsyslogd',
  'esxupdate',
  'vsanmgmt',
  'configrp',
  'envoy-access',
  'settingsd',
  'cmmdsd',
  'clusteragent',
  'kmxa',
  'esximage',
  'vmtoolsd-esx',
  'sensord',
  'healthd',
]);
const OLD_FORM =
  /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z )?\[(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} )?(?:'[^'\]]{1,256}' \d{1,20} (?:info|verbose|warning|error|trivia)|[0-9A-F]{8} (?:info|verbose|warning|error|trivia) ')/;
const FILE_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /;
/** vpxd.log of vCenter has the same brackets. */
const VCENTER_LOG = /^(?:vpxd|vsan-health|sps|eam)|Z [a-z]{4,8} (?:vpxd|vsan-health|sps|eam)[a-z-]{0,20}\[/;
const VOBD = /(?:^|[ :])\[[A-Za-z]{1,60}Correlator\] /;
const LEVEL_FORM =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z (?:In|No|Wa|Er|Db|Cr|Al|Em)\(\d{1,3}\)\+? /;
const FILE_PROGRAM =
  /Z (?:[a-z]{4,8} )?(?:hostd|vpxa|vobd|shell|sshd|SSH|Hostd|Vpxa|ESXShell|DCUI|login|rhttpproxy|hostd-probe|vmkernel|vmkwarning)(?:\[|:)|Z cpu\d{1,4}:\d{1,10}\)/;
const MACHINE_LOG =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d)\| [^|]{1,64}\| [A-Z]\d{3}[+:] /;

export const source: Source = {
  id: 'vmware-esxi',
  describe: {
    title: 'VMware ESXi hosts: hostd, vobd, shell and auth logs, audit records, vmware.log',
    vendor: 'VMware by Broadcom',
    documents: [
      'https://techdocs.broadcom.com/us/en/vmware-cis/vsphere/vsphere/8-0/vsphere-security.html',
      'https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.event.Event.html',
      'https://github.com/lamw/vcenter-event-mapping',
    ],
    framings: ['lines'],
  },
  recognize({ message, program, structuredData }) {
    const start = message.length > 400 ? message.slice(0, 400) : message;
    if (start.includes('[Originator@6876') || structuredData?.startsWith('[Originator@6876') === true)
      return { rule: 'originator', certainty: VCENTER_LOG.test(program ?? start) ? 0.3 : 1 };
    if (start.includes('@6876 ') || structuredData?.includes('@6876 ') === true)
      return { rule: 'audit-record', certainty: 1 };
    if (VOBD.test(start)) return { rule: 'vobd', certainty: 1 };
    if (OLD_FORM.test(start)) return { rule: 'hostd-of-old', certainty: 1 };
    if (program !== undefined && PROGRAMS.has(program.toLowerCase()))
      return { rule: 'program', certainty: 0.9 };
    if (program === 'shell' && /^\[[^\]]{1,64}\]: /.test(start)) return { rule: 'shell', certainty: 0.9 };
    if (MACHINE_LOG.test(start)) return { rule: 'machine-log', certainty: 0.9 };
    if (!FILE_FORM.test(start)) return undefined;
    if (LEVEL_FORM.test(start)) return { rule: 'level-and-priority', certainty: 1 };
    return FILE_PROGRAM.test(start.slice(0, 100)) ? { rule: 'file-of-host', certainty: 0.9 } : undefined;
  },
  continues(record) {
    return record.text.startsWith('-->') || record.text.startsWith('->');
  },
  fields: {
    id: 'host, time, program and text; of tasks and requests: host, their key and when they began',
    eventType: 'monitor for states of machines, control for denials and questions, else activity',
    eventTime: 'time of the line, of the innermost header where the line has none',
    action:
      'text of the event (event-texts.ts of vmware-vcenter), method of the task, id of vobd, name of the audit record',
    outcome: 'text of the event, Status of the task, result of the audit record',
    'initiator.id': 'user= (behind vpxuser:), name in the text, subject of the audit record',
    'initiator.host': 'address and agent in the text',
    'target.id': 'machine, account … in the text behind the host; number of the machine in a task',
    'target.name': 'name in the text',
    'observer.id': 'host and program of the line',
    'reason.reasonCode': 'Status, new state, status of the audit record, else the name',
    name: 'id of the event, method, id of vobd, name of the audit record',
    tags: 'operation: key of the task, else opID or process; event-number, mediated-by, vmx, from, redacted',
    measurements: 'new state of a machine',
  },
  rules: {
    'event-*': 'an event of hostd whose text is known: `Event N : TEXT`',
    'guest-operation': 'an operation in the guest of a machine',
    'task-*': 'Task Created, Task Completed: the method tells the action',
    'machine-state': 'State Transition',
    'machine-answer': 'Received answer to a question of a machine',
    'password-*': 'Accepted or Rejected password',
    'authd-login': 'login from ADDRESS of vmware-authd',
    setting: 'Set called with key',
    'esx-audit': 'vobd: an esx.audit id of the table',
    'shell-command': 'shell.log: a command',
    'shell-audit': 'audit record shell.cmd',
    'audit-record': 'another audit record whose name tells the action',
    'ssh-accepted': 'sshd let somebody in',
    'ssh-failed': 'sshd let somebody not in',
    'ssh-command': 'sshd: a command run without a terminal',
    'pam-failed': 'a login at the console failed',
    'console-login': 'a login at the console',
    'session-closed': 'a session of sshd ended',
    'shell-switched': 'SSH or the shell was switched on or off',
    'tally-denied': 'pam_tally2 refused somebody: too many failures',
    'machine-snapshot': 'vmware.log: a snapshot begins, is done',
    'machine-console': 'vmware.log: a console ticket, a console connection',
    'machine-screenshot': 'vmware.log: a screenshot',
    'machine-request': 'vmware.log: a request to the machine or its guest',
    'machine-response': 'vmware.log: the end of a request that was not seen',
    'unmapped-*': 'an event with a user, a task, an id or an audit record without a meaning in the tables',
    'noise-event': 'alarm changes, health, status',
    observation: 'an event without a user whose text is not known: storage, network, resources',
    'host-health': 'vobd: esx.problem, esx.clear and measurements of devices',
    'host-observation': 'vobd: vob ids, the same that esx.audit says again',
    connection: 'sshd and PAM: what is logged beside a login',
    'continuation-line': 'a line with --> behind a line that is ignored',
    'debug-message': 'a line of a known program that is no audit',
    'other-program': 'a line of another program of the host',
  },
  createNormalizer,
};
