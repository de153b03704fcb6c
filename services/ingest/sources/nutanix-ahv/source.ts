/** What a Nutanix cluster sends to syslog: Linux audit records of its CVMs and AHV hosts, and Prism's audit. */
import type { Source } from '../../src/source.ts';
import { source as machines } from '../libvirt-audit/source.ts';
import { createNormalizer } from './normalizer.ts';

const AUDIT = /^(?:node=\S{1,255} )?type=[A-Z0-9_]{1,40} (?:msg=)?audit\(/;
const PRISM =
  /"(?:affectedEntityList|affected_entity_list|alertUid|alert_uid|alertTypeUuid|alert_type_uuid|originatingClusterUuid)"\s{0,4}:|"auditType"\s{0,4}:\s{0,4}"[A-Za-z]{1,64}Audit"/;
const NODE = /^node=ntnx-/i;
const NAMED = /^ntnx-|-cvm$/i;

export const source: Source = {
  id: 'nutanix-ahv',
  describe: {
    title: 'Nutanix AHV: audit records of CVMs and hosts, Prism audit',
    vendor: 'Nutanix',
    documents: [
      'https://github.com/linux-audit/audit-documentation',
      'https://libvirt.org/auditlog.html',
      'https://portal.nutanix.com/page/documents/details?targetId=Prism-Central-Guide:mul-syslog-server-configure-pc-t.html',
    ],
    framings: ['lines', 'json'],
  },
  recognize({ message, program, host }) {
    const start = message.slice(0, 400);
    if (start.startsWith('clientType=') || start.includes('||NutanixApiVersion='))
      return { rule: 'api-audit', certainty: 1 };
    if (start.charCodeAt(0) === 0x7b) {
      if (program === 'consolidated_audit') return { rule: 'prism-audit', certainty: 1 };
      return PRISM.test(start) ? { rule: 'prism-audit-shape', certainty: 0.9 } : undefined;
    }
    const isNutanix = NODE.test(start) || (host !== undefined && NAMED.test(host));
    if (isNutanix && AUDIT.test(start)) return { rule: 'audit-of-cvm', certainty: 1 };
    if (program === 'consolidated_audit' || program === 'api_audit' || program?.startsWith('flow-hitCount'))
      return { rule: 'prism-program', certainty: 0.5 };
    return isNutanix && program !== undefined ? { rule: 'host-of-nutanix', certainty: 0.3 } : undefined;
  },
  fields: {
    id: 'audit records: host, stamp, type, text; Prism: cluster and uuid of the record; calls: host, time, text',
    eventType: 'control for AVC, role assignments and flow hits; else activity',
    eventTime: 'audit(…); creationTimestampUsecs; time of the call (local); else the syslog header',
    action: 'type of the record; alertUid and operationType; method and path of the call',
    outcome: 'res; status or message of Prism; of a call unknown: its answer is not logged',
    'initiator.id': 'auid, else the account of a login, else the program; userUuid or userName of Prism',
    'initiator.host': 'addr of the record, clientIp or ip_address of Prism',
    target: 'account, group, unit, host of the record; first affected entity; id in the path of the call',
    'observer.id': 'host and auditd, prism or flow',
    'reason.reasonCode': 'op, operationType, HTTP method',
    name: 'type, op and command; alertUid; method and path',
    tags: 'session; redacted; how the time was read; those of libvirt-audit',
  },
  rules: {
    ...machines.rules,
    'audit-*': 'an audit record whose type is in the table',
    'unmapped-audit-record': 'an audit record whose type is not',
    'prism-*': 'Prism’s audit: alertUid and operationType give the action',
    'unmapped-prism-operation': 'an operation without a meaning in the table',
    'api-*': 'a REST call that changes something',
    'unmapped-api-method': 'a method that is not of REST',
    'api-read': 'a REST call that only reads',
    alert: 'an alert or event that came with the audit trail',
    'flow-hit': 'a connection that a security policy let pass or dropped',
    'syscall-record': 'system calls and their parts',
    'session-record': 'parts of a login that USER_LOGIN or USER_AUTH tells',
    'crypto-record': 'key exchange of sessions',
    keystrokes: 'what was typed; never kept as an event',
    'daemon-record': 'other records of the audit daemon',
    'other-program': 'a line of another program',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
