/** The access log of xenstored: what the Xen toolstack writes into the store when it starts, changes and stops domains. */
import type { Source } from '../../src/source.ts';
import { createNormalizer } from './normalizer.ts';

const ACCESS = /^\[\d{8}T\d\d:\d\d:\d\d(?:\.\d{3})?Z?\] {1,4}[AD]\d{1,9}(?:\.\d{1,10})? {1,16}[a-z]/;
const TRACE = /^(?:io: )?(?:IN|OUT) 0x[0-9a-f]{1,16} (?:\(d\d{1,9}\) )?\d{8} \d\d:\d\d:\d\d [A-Z_]{2,24} \(/;
const DAEMON = /^\[\d{8}T\d\d:\d\d:\d\d\.\d{3}Z\| {0,4}[a-z]{4,5}\|[a-z]{3,16}\] /;
const COLUMNS = /^[AD]\d{1,9}(?:\.\d{1,10})? {2,16}[a-z]/;

export const source: Source = {
  id: 'xenstored',
  describe: {
    title: 'xenstored access log (Xen)',
    vendor: 'Xen Project',
    documents: [
      'https://xenbits.xen.org/docs/unstable/misc/xenstore.txt',
      'https://xenbits.xen.org/docs/unstable/misc/xenstore-paths.html',
    ],
    framings: ['lines'],
  },
  recognize({ message, program }) {
    const start = message.slice(0, 120);
    if (ACCESS.test(start)) return { rule: 'access-line', certainty: 1 };
    if (TRACE.test(start)) return { rule: 'trace-line', certainty: 1 };
    if (program === 'oxenstored' || program === 'xenstored') {
      return COLUMNS.test(start)
        ? { rule: 'access-line-of-syslog', certainty: 1 }
        : { rule: 'daemon', certainty: 0.5 };
    }
    if (start.startsWith('Xen Storage Daemon, version ')) return { rule: 'daemon-banner', certainty: 1 };
    return DAEMON.test(start) ? { rule: 'daemon-line', certainty: 0.5 } : undefined;
  },
  fields: {
    id: 'host, time, connection, transaction, operation and path with value',
    eventType: 'control for refused access, else activity',
    eventTime: 'time at the beginning: UTC in the access log, local in the C trace; else the syslog header',
    action: 'operation and path',
    outcome:
      'success where committed, pending for a request to the guest, unknown where the commit is not in the log',
    'initiator.id':
      'the connection: a socket of a tool, or a domain; of a start the one that made the domain’s tree',
    target: 'domain id of the path, qualified by the host; name while it is being made',
    'observer.id': 'host and xenstored',
    'reason.reasonCode': 'the value written, else the operation',
    name: 'operation, path and value',
    tags: 'operation: the domain a request to shut down was for; redacted; how the time was read',
  },
  rules: {
    'control-*': 'a value written to control/shutdown of a domain',
    'unmapped-control': 'another value written to control/shutdown',
    'device-added': 'a toolstack made a backend of a device',
    'device-removed': 'a toolstack removed a backend of a device',
    renamed: 'the name of a running domain was written',
    'memory-target': 'the memory target of a running domain was written',
    'vcpu-availability': 'a virtual CPU of a running domain was put on or off line',
    'domain-started': 'a domain was introduced: its connection was made',
    'domain-stopped': 'the connection of a domain was closed',
    'domain-announced': '@introduceDomain fired, and nothing else said which domain it was',
    'domain-released': '@releaseDomain fired, and nothing else said which domain it was',
    'access-denied': 'EACCES or EPERM was answered',
    announcement: 'a further sign of a start or stop that was already seen',
    watch: 'watches and what they tell',
    connection: 'tools that connect and go',
    protocol: 'reading, permissions, transactions',
    'device-detail': 'members of a device',
    'store-detail': 'other paths, and a domain’s tree while it is made',
    'shutdown-acknowledged': 'control/shutdown was emptied',
    'transaction-not-committed': 'writes that did not count',
    'daemon-message': 'messages of the daemon',
    'other-program': 'a line of another program',
    'blank-line': 'nothing on the line',
  },
  createNormalizer,
};
