/** Log lines of OpenStack's compute service: what nova-compute does to instances, what nova-api was asked for. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';
import { isStrayTraceback } from './open-record.ts';
import { readOsloLine } from './oslo-line.ts';

/** Other services of OpenStack, and libraries, write lines of the same form. */
const RELATIVES = /^(?:cinder|neutron|glance|keystone|heat|placement|oslo|eventlet\.wsgi|amqp|os_)/;

export const source: Source = {
  id: 'openstack-nova',
  describe: {
    title: 'OpenStack compute service log',
    vendor: 'OpenStack',
    documents: [
      'https://docs.openstack.org/nova/latest/admin/manage-logs.html',
      'https://docs.openstack.org/oslo.log/latest/configuration/index.html',
      'https://docs.openstack.org/api-ref/compute/',
    ],
    framings: ['lines'],
  },
  recognize({ message, program }) {
    if (message.startsWith('{')) {
      const start = message.slice(0, 2048);
      const isNova = /"name": ?"nova[".]/.test(start) && start.includes('"level');
      return isNova ? { rule: 'nova-json', certainty: 0.9 } : undefined;
    }
    const line = readOsloLine(message.length > 400 ? message.slice(0, 400) : message);
    if (line === undefined) return undefined;
    if (/^nova(?:\.|$)/.test(line.logger)) return { rule: 'nova-line', certainty: 1 };
    const isNova = program?.startsWith('nova') === true || line.file?.startsWith('nova') === true;
    if (!RELATIVES.test(line.logger)) return isNova ? { rule: 'nova-library', certainty: 0.9 } : undefined;
    return isNova ? { rule: 'nova-library', certainty: 0.9 } : { rule: 'oslo-line', certainty: 0.5 };
  },
  continues: ({ text }) => isStrayTraceback(text),
  fields: {
    id: 'host, request, operation and instance; without a request host, time, process id and text',
    eventType: 'monitor for states seen, else activity',
    eventTime: 'time of the line in the setting timezone',
    action: 'beginning of the message; method and path of a request',
    outcome: 'message and level; status of a request',
    'initiator.id': 'user of the context; without one the service',
    'initiator.project_id': 'project of the context',
    'initiator.host': 'address of a request',
    'target.id': '[instance: …]; the path of a request',
    'observer.id': 'host and service',
    'reason.reasonCode': 'status of a request; exception of a traceback; level',
    name: 'the message; method and path of a request',
    tags: 'request ids, the operation, how the time was read',
    measurements: 'state of a lifecycle event',
  },
  rules: {
    'instance-*': 'what nova-compute does to an instance, by the beginning of its message',
    'api-read': 'a request that reads',
    'api-*': 'a request to the API, by method and path',
    'unmapped-*':
      'a message about an instance with a user or an error, or a request, without a meaning in the table',
    'build-step': 'a step of making an instance',
    'delete-step': 'a step of deleting an instance',
    'device-step': 'a step of attaching or detaching',
    'snapshot-step': 'a step of a snapshot',
    'network-step': 'a step of plugging networks',
    'compute-step': 'a step of a migration',
    'migration-progress': 'how far a migration is',
    'state-sync': 'the periodic comparison of states',
    duration: 'how long a step took',
    'debug-message': 'level DEBUG or TRACE',
    'service-message': 'a message of a service about itself',
    'other-program': 'a line of a library or of another service of OpenStack',
    traceback: 'lines of a traceback whose beginning was not seen',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
