/** Audit records libvirt writes about machines and their devices, as auditd, the journal or syslog deliver them. */
import type { Source } from '../../src/source.ts';
import { isAuvirtRow, isSeparator } from './audit-line.ts';
import { createNormalizer } from './normalizer.ts';

const RECORD = /type=(?:VIRT_[A-Z_]+|250[0-7]|UNKNOWN\[250[0-7]\]) (?:msg=)?audit\(/;
const NAMED = /^(?:VIRT_|(?:UNKNOWN\[|<audit-|AUDIT)250[0-7])/;
const TIME_OF_DAY = /^\d\d:\d\d:\d\d \S{1,255} audit\[\d{1,10}\]: VIRT_/;
const AUDIT =
  /^(?:\[ {0,6}\d{1,8}\.\d{6}\] )?(?:audit: )?(?:node=\S{1,255} )?type=[A-Z0-9_]{1,40} (?:msg=)?audit\(/;
/** Of the program `audit`, as the journal prints its records. */
const AUDIT_OF_JOURNAL = /^[A-Z][A-Z0-9_]{2,39} [A-Za-z0-9_-]{1,40}=/;

export const source: Source = {
  id: 'libvirt-audit',
  describe: {
    title: 'libvirt machine and device operations in the Linux audit log',
    vendor: 'libvirt',
    documents: ['https://libvirt.org/auditlog.html', 'https://github.com/linux-audit/audit-documentation'],
    framings: ['lines'],
  },
  recognize({ message, program, journal }) {
    const start = message.slice(0, 400);
    if (RECORD.test(start)) return { rule: 'virt-record', certainty: 1 };
    if ((program === 'audit' || journal?.get('_TRANSPORT') === 'audit') && NAMED.test(start))
      return { rule: 'virt-record-of-journal', certainty: 1 };
    if (TIME_OF_DAY.test(start)) return { rule: 'virt-record-of-journal', certainty: 1 };
    if (isAuvirtRow(start)) return { rule: 'auvirt-table', certainty: 0.9 };
    // An audit log without machine records may still be one of a hypervisor that has been quiet.
    const isAudit = AUDIT.test(start) || (program === 'audit' && AUDIT_OF_JOURNAL.test(start));
    return isAudit ? { rule: 'audit-record', certainty: 0.4 } : undefined;
  },
  continues: ({ text }) => isSeparator(text),
  fields: {
    id: 'host, stamp, serial, type and payload of the record',
    eventType: 'control for device rules, else activity',
    eventTime: 'seconds and milliseconds of audit(…)',
    action: 'op, resrc and reason of the payload',
    outcome: 'res of the payload',
    'initiator.id': 'auid where it is set, else the daemon (exe)',
    'initiator.name': 'AUID behind the byte 0x1D',
    'target.id': 'uuid',
    'target.name': 'vm',
    'observer.id': 'host and exe',
    'reason.reasonCode': 'reason, else op',
    name: 'type, op, resrc, reason',
    tags: 'how the time was read; the run of a container; that a start is missing',
  },
  rules: {
    'control-*': 'VIRT_CONTROL of libvirt: op and reason give the action',
    'docker-*': 'VIRT_CONTROL of docker: op gives the action',
    'resource-*': 'VIRT_RESOURCE that changes a machine: reason gives the action',
    'cgroup-*': 'a device was allowed to or denied a machine',
    'start-records-without-start': 'records of a start whose own record did not come',
    'unmapped-*': 'an operation, reason or record type without a meaning in the table',
    'cgroup-device-rule':
      'a device allowed or denied, which happens at every start; see the settings cgroup and keep',
    'not-virt': 'an audit record that is not about machines',
    'other-program': 'ignored: a line of another program in the same stream',
    'blank-line': 'nothing on the line',
    'ausearch-heading': 'a separator that ausearch prints',
  },
  createNormalizer,
};
