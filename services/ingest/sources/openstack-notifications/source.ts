/** Notifications of OpenStack's services: what was done, and the CADF events that some of them hold. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

export const source: Source = {
  id: 'openstack-notifications',
  describe: {
    title: 'OpenStack notifications',
    vendor: 'OpenStack',
    documents: [
      'https://docs.openstack.org/nova/latest/reference/notifications.html',
      'https://docs.openstack.org/keystone/latest/admin/event_notifications.html',
      'https://docs.openstack.org/oslo.messaging/latest/reference/notifier.html',
    ],
    framings: ['json', 'lines'],
  },
  recognize({ message }) {
    const isJson = message.startsWith('{') || message.startsWith('[{');
    const start = message.slice(0, 1024);
    if (!isJson)
      return start.includes('oslo.messaging.notification') && start.includes('{"')
        ? { rule: 'logged-notification', certainty: 1 }
        : undefined;
    if (start.includes('"oslo.message"')) return { rule: 'oslo-envelope', certainty: 1 };
    // Members stand in any order, and the payload may be long.
    if (!message.includes('"event_type"')) return undefined;
    return message.includes('"payload"') ? { rule: 'notification', certainty: 0.9 } : undefined;
  },
  fields: {
    id: 'request, thing and type without its phase; else message_id; of a CADF event its own',
    eventType: 'monitor for reports, else activity; of a CADF event its own',
    eventTime: 'timestamp, UTC',
    action: 'last word of event_type before its phase',
    outcome: 'phase of event_type (start, end, error) and priority',
    'initiator.id': '_context_user_id, action_initiator_user; the service where the context names nobody',
    'initiator.project_id': '_context_project_id',
    'initiator.host': '_context_remote_address',
    'target.id': 'id in the payload: instance_id, uuid, volume_id, resource_info …',
    'target.name': 'display_name, name',
    'observer.id': 'publisher_id',
    'reason.reasonCode': 'exception of a failure; else event_type',
    name: 'event_type',
    tags: 'message_id, request ids, key of the operation, what was redacted or put right',
    measurements: 'that a report came',
    requestPath: 'of a CADF event, as all its members',
    reporterchain: 'of a CADF event',
    resource_info: 'of a CADF event',
  },
  rules: {
    cadf: 'the payload is a CADF event by the letter of the standard: that event, unchanged',
    'cadf-repaired': 'the payload is a CADF event of a dialect: put right, with what came attached',
    instance: 'compute.instance.* and instance.*',
    notification: 'a notification of another thing: its last word is the action',
    'unmapped-notification': 'a type whose last word is no known action',
    report: 'sent periodically: exists, usage, progress',
    scheduling: 'messages of the scheduler, metrics',
    'empty-list': 'a list without notifications',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
