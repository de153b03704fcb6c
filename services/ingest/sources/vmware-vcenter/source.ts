/** What VMware vCenter Server says: its syslog, the events of its API, audit logs of its appliance. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const VPXD = /^\s{0,3}Event \[\d{1,20}\] \[\d{1,4}-\d{1,4}\] \[/;
/** Diagnostics of vpxd, ignored. */
const VPXD_LOG = /Z [a-z]{4,8} vpxd[a-z-]{0,20}\[/;
const APPLIANCE_PROGRAM =
  /^(?:vpxd|vpxd-main|vpxd-svcs|vpxd-profiler|applmgmt|applmgmt-audit|sso|websso|vmware-sts-idmd|ssoadminserver|vmcad|vmdird|vmafdd|vmon|updatemgr|eam|vsphere-ui|vapi-endpoint|content-library|sps|vsan-health|rbd|vcha|analytics|certificatemanagement)(?:-|$)/;

export const source: Source = {
  id: 'vmware-vcenter',
  describe: {
    title:
      'VMware vCenter Server: events of vpxd, of the API, audit of Single Sign-On and appliance; Horizon',
    vendor: 'VMware by Broadcom',
    documents: [
      'https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.event.Event.html',
      'https://github.com/lamw/vcenter-event-mapping',
      'https://knowledge.broadcom.com/external/article/423205',
      'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md',
    ],
    framings: ['lines', 'json'],
  },
  recognize({ message, program }) {
    const start = message.length > 400 ? message.slice(0, 400) : message;
    const first = start.charCodeAt(0);
    if (VPXD.test(start)) return { rule: 'vpxd-event', certainty: 1 };
    if (start.includes('"type":"com.vmware.sso.') || start.includes('"type": "com.vmware.sso.'))
      return { rule: 'sso-audit', certainty: 1 };
    if (first === 0x7b) return recognizeJson(start, message);
    if (start.includes('"eventSeverity"') && start.includes('"client"'))
      return { rule: 'sso-audit', certainty: 1 };
    if (start.includes('Authorization Result: User=')) return { rule: 'appliance-audit', certainty: 1 };
    if (start.includes('AuthorizationService.AuditLog')) return { rule: 'authorization-audit', certainty: 1 };
    if (VPXD_LOG.test(start)) return { rule: 'vpxd-log', certainty: 0.5 };
    return program !== undefined && APPLIANCE_PROGRAM.test(program)
      ? { rule: 'appliance-program', certainty: 0.5 }
      : undefined;
  },
  fields: {
    id: 'vCenter, key of the event and its time; of audit lines: host, time and text',
    eventType: 'monitor for connections of hosts, control for decisions and alarms, else activity',
    eventTime: 'CREATED of the line, CreatedTime of the object; of audit lines their own time',
    action: 'type of the event or method of the task (event-names.ts, task-names.ts, derived-names.ts)',
    outcome: 'name of the type, severity error, state of the task',
    'initiator.id': 'USER, UserName; vCenter itself where it is empty',
    'initiator.host': 'address and agent of session messages',
    'target.id': 'reference of the managed object (vm-56) behind the vCenter; by name where there is none',
    'target.name': 'name of the object, of the message in syslog',
    'observer.id': 'host of the line, source of the CloudEvent, _sourcehost_ of the arguments',
    'reason.reasonCode': 'type of the event',
    name: 'type of the event, method of the task',
    tags: 'operation: the chain; mediated-by, principal, detail, privilege, incomplete, redacted',
    measurements: 'type of an event that tells a state',
  },
  rules: {
    'event-*': 'an event whose type is in the table, or whose type ends in a verb and names its object',
    'task-*': 'a task was queued: its method tells the action',
    'sso-administration':
      'Single Sign-On: users, groups, roles, domains; the description tells what was done',
    'guest-operation': 'an operation in the guest of a machine',
    'esx-audit': 'an esx.audit id of a host, raised again by vCenter',
    'authorization-service-*': 'a line of the authorization service: roles and permissions',
    'appliance-authorization': 'the appliance management decided on a request',
    'horizon-audit': 'an AUDIT event of Horizon',
    'unmapped-*': 'an event, task, esx.audit id, line or Horizon type without a meaning in the tables',
    'noise-event': 'alarm changes, health, status, statistics, compliance',
    observation: 'an event without a user whose type syslog hides and whose message is not known',
    'host-health': 'esx.problem, esx.clear and device measurements of a host',
    'host-observation': 'vob and vprob ids of a host',
    'horizon-status': 'an event of Horizon that is no AUDIT',
    'other-program': 'a line of another program of the appliance',
  },
  continues(record) {
    // The rest of a message behind a line end: no header of its own, and no bracket or digit to begin with.
    return /^(?:\s|[A-Za-z]{1,64}[:.]|config\.)/.test(record.text.slice(0, 80)) || record.text === ']';
  },
  createNormalizer,
};

function recognizeJson(start: string, message: string): ReturnType<Source['recognize']> {
  if (start.includes('com.vmware.vsphere.') || start.includes('com.vmware.event.router/'))
    return { rule: 'cloud-event', certainty: 1 };
  const wide = message.slice(0, 4096);
  if (
    /"[kK]ey"\s{0,4}:/.test(wide) &&
    /"[cC]reatedTime"\s{0,4}:/.test(wide) &&
    /"[cC]hainId"\s{0,4}:/.test(wide)
  )
    return { rule: 'api-event', certainty: 1 };
  if (wide.includes('"machine_dns_name"') && wide.includes('"severity"'))
    return { rule: 'horizon-event', certainty: 1 };
  return wide.includes('"eventSeverity"') && wide.includes('"client"')
    ? { rule: 'sso-audit', certainty: 1 }
    : undefined;
}
