/** The audit log of oVirt and Red Hat Virtualization, as the engine's log, its database or its REST interface has it. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const ENGINE_LINE =
  /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}(?:Z|[+-]\d\d(?::?\d\d)?)? )?(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) {1,4}\[(?:org\.ovirt\.|o\.o\.e\.)/;

export const source: Source = {
  id: 'ovirt-engine',
  describe: {
    title: 'oVirt and Red Hat Virtualization engine audit log',
    vendor: 'oVirt, Red Hat',
    documents: [
      'https://www.ovirt.org/documentation/administration_guide/',
      'https://ovirt.github.io/ovirt-engine-api-model/master/#types/event',
      'https://github.com/oVirt/ovirt-engine (AuditLogType, AuditLogMessages.properties, CommandBase)',
    ],
    framings: ['lines', 'json'],
  },
  recognize({ message, form }) {
    const start = message.slice(0, 400);
    if (ENGINE_LINE.test(start)) {
      return start.includes('AuditLogDirector]')
        ? { rule: 'audit-line', certainty: 1 }
        : { rule: 'engine-line', certainty: 0.9 };
    }
    if (/^EVENT_ID: [A-Z][A-Z0-9_]{2,200}\(\d[\d.,]{0,20}\), /.test(start))
      return { rule: 'audit-text', certainty: 0.9 };
    if (form !== 'none' || start.charCodeAt(0) !== 0x7b) return undefined;
    if (start.includes('/ovirt-engine/api/events/')) return { rule: 'rest-event', certainty: 1 };
    const isRow =
      /"(?:log_time|audit_log_id)" ?:/.test(start) && /"(?:audit_)?log_type(?:_name)?" ?:/.test(start);
    if (isRow) return { rule: 'audit-row', certainty: 0.9 };
    const isEvent = /"code" ?:/.test(start) && /"description" ?:/.test(start) && /"severity" ?:/.test(start);
    return isEvent && /"(?:origin|custom_id|flood_rate)" ?:/.test(start)
      ? { rule: 'rest-event', certainty: 0.9 }
      : undefined;
  },
  continues: ({ text }) =>
    !/^(?:<\d|\d{4}-\d\d-\d\d[ T]|[A-Z][a-z]{2} [ \d]\d \d\d:)/.test(text.slice(0, 16)),
  fields: {
    id: 'host, written time, name, correlation id and message; the id of the row; of an end the id of its beginning',
    eventType: 'control for permissions granted, monitor for what the engine sees, else activity',
    eventTime: 'time of the line with its zone, of the row, or of the syslog header',
    action: 'name of the event: table, else the words in it',
    outcome: 'name of the event; pending where a request was taken',
    'initiator.id':
      'user in the message or row; the engine for what it sees; else unknown, or who began the operation',
    'initiator.name': 'user in the message or row',
    'initiator.host.address': 'messages about logins',
    'target.id': 'UUID from the row or the command of the same correlation id, else the name in the message',
    'target.name': 'the name in the message or row',
    'observer.id': 'host of the engine',
    'reason.reasonCode': 'code of the event, without separators of thousands; reasons of a refusal',
    name: 'name of the event; of a refusal the name of the command',
    tags: 'operation, correlation, job, severity, user-id, subject, name, redacted, event-time',
    measurements: 'the message, for what the engine sees',
  },
  rules: {
    event: 'an event of the table',
    'event-by-rule': 'an event whose name tells what it is',
    state: 'what the engine sees of machines, hosts, storage; alarms',
    'unmapped-event': 'an event whose name tells no action',
    'action-refused': 'a command the engine refused to a user',
    'sso-login-failed': 'a login that single sign-on refused',
    progress: 'a step of a longer operation; ignored',
    'running-command': 'a command began; its targets are kept for the event; ignored',
    'engine-message': 'another line of the engine; ignored',
    'debug-message': 'a debug line of the engine; ignored',
    continuation: 'a line that goes on with one that is ignored',
    'other-program': 'a line of another program; ignored',
  },
  createNormalizer,
};
