/** The audit trail of XAPI, the manager of XenServer and XCP-ng: who called what, and whether it was allowed. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const AUDIT = /\|audit\] \(/;
const LOG = /^\[(?:\d{4}-?\d\d-?\d\dT[\d:.]{8,18}Z\|)? {0,4}[a-z]{4,8}\|/;

export const source: Source = {
  id: 'xapi-audit',
  describe: {
    title: 'XAPI audit trail (XenServer, Citrix Hypervisor, XCP-ng)',
    vendor: 'Xen Project / XenServer',
    documents: [
      'https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/rbac_audit.ml',
      'https://docs.xenserver.com/en-us/xenserver/8/users.html',
    ],
    framings: ['lines'],
  },
  recognize({ message, program }) {
    const start = message.slice(0, 400);
    if (start.includes("('trackid=") && (AUDIT.test(start) || start.startsWith("('trackid=")))
      return { rule: 'audit-trail', certainty: 1 };
    if (start.charCodeAt(0) !== 0x5b || !LOG.test(start)) return undefined;
    const closing = start.indexOf(']');
    const bars = closing < 0 ? 0 : start.slice(0, closing).split('|').length - 1;
    if (bars < 4) return undefined;
    return program === 'xapi'
      ? { rule: 'log-of-xapi', certainty: 0.9 }
      : { rule: 'log-of-xapi-shape', certainty: 0.5 };
  },
  fields: {
    id: 'host, time, thread and task of the prefix; trackid, call, result and references of the arguments',
    eventType: 'control where access was denied, and for notify and evaluate; else activity',
    eventTime: 'time of the prefix (UTC); of the syslog header where it has none',
    action: 'the call; `deny/` before it where access was denied',
    outcome: 'ALLOWED with OK, ALLOWED with ERROR, DENIED',
    'initiator.id': 'SID, LOCAL_SUPERUSER or LOCAL_SESSION; else the user name',
    'initiator.name': 'user name, else the SID',
    'initiator.host': 'address before `->` in the thread; originator of session.create and session.destroy',
    target:
      'uuid and name, or reference, of the argument that is the object; type from the class of the call',
    'observer.id': 'host of the prefix, or of the syslog header, and xapi',
    'reason.reasonCode': 'error code, OK or DENIED',
    name: 'the call',
    tags: 'trackid: the session; operation: the task',
  },
  rules: {
    denied: 'the role of the user does not allow the call',
    'api-*': 'a call of the XenAPI; the rest of the name is the action',
    'http-*': 'a request that is no call: console, export, backup …',
    'unmapped-api-call': 'a call without a meaning in the table',
    'unmapped-http-call': 'a request without a meaning in the table',
    polling: 'calls that clients and hosts repeat all the time',
    'debug-message': 'other lines of xapi: debug messages, backtraces',
    'other-program': 'a line of another program',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
