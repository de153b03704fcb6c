/** The logs of libvirt's daemons: libvirtd.log, virtqemud.log …, and the same through syslog or the journal. */
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { RawRecord, Source } from '../../src/source.ts';
import { isDaemon, isOwnForm } from './log-line.ts';
import { createNormalizer } from './normalizer.ts';

const UTC = createLocalClock();
/** What a child of the daemon printed, quoted by it, goes on in lines of their own with another form of time. */
const QUOTED_OUTPUT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [\w.+-]{1,64}: /;
const OTHER_HEADER = /^[<{\d]|^[A-Z][a-z]{2} [ \d]\d \d\d:/;

export const source: Source = {
  id: 'libvirt-log',
  describe: {
    title: 'Logs of libvirt daemons: libvirtd, virtqemud and the other modular ones',
    vendor: 'libvirt',
    documents: [
      'https://libvirt.org/logging.html',
      'https://libvirt.org/auditlog.html',
      'https://libvirt.org/daemons.html',
    ],
    framings: ['lines'],
  },
  recognize({ message, program }, record) {
    if (isOwnForm(record.text, record.receivedMs, UTC)) return { rule: 'libvirt-log-line', certainty: 1 };
    if (!isDaemon(program)) return undefined;
    return /^success=(?:yes|no) /.test(message)
      ? { rule: 'libvirt-audit-payload', certainty: 1 }
      : { rule: 'libvirt-daemon', certainty: 0.9 };
  },
  continues: ({ text }: RawRecord) => {
    const start = text.slice(0, 200);
    return QUOTED_OUTPUT.test(start) || !OTHER_HEADER.test(start);
  },
  fields: {
    id: 'host, time as written, thread or process, and text (of an audit payload its type too)',
    eventType: 'control for access decisions, device rules and notices, else activity',
    eventTime: 'the time of the line; of syslog or the journal their time',
    action: 'of an audit payload as libvirt-audit; else the kind of error, or the command that failed',
    outcome: 'success=yes|no of an audit payload; failure for errors; success for notices',
    'initiator.id':
      'the daemon for audit payloads, autostart and notices; else unknown: the log tells no client',
    'target.id': 'uuid; else host, kind and name; unknown where only the kind is told; else the daemon',
    'target.name': 'vm of an audit payload, the quoted name in an error',
    'observer.id': 'host and daemon',
    'reason.reasonCode': 'reason or op of an audit payload; the text of an error; why a machine is tainted',
    name: 'type, op, resrc, reason; or the command or kind of error',
    tags: 'how the time was read; the run of a container; that a start is missing; that a secret was taken off',
  },
  rules: {
    'control-*': 'audit payload with op=: as libvirt-audit',
    'resource-*': 'audit payload with resrc= that changes a machine: as libvirt-audit',
    'cgroup-*': 'audit payload: a device was allowed to or denied a machine',
    'start-records-without-start': 'audit payloads of a start whose own line did not come',
    'unmapped-*': 'an audit payload without a meaning in the table',
    'domain-tainted': '"Domain id=… is tainted: …": notify',
    'authentication-failed': '"authentication failed|cancelled|unavailable": a client was not let in',
    'access-denied': '"access denied", "operation forbidden": deny',
    'audit-record-lost': '"Failed to send audit message": send, failure; the audit log lacks a record',
    'autostart-failed': '"Failed to autostart …": start, failure',
    'start-failed': 'QEMU or the container ended while it was being started: start, failure',
    'start-refused': '"Requested operation is not valid: … is already running|active": start, failure',
    'create-failed': '"… already exists|is already defined": create, failure',
    'job-failed': 'a migration, save, dump, snapshot or backup failed or was aborted',
    'qemu-command-failed': '"unable to execute QEMU command": the action of the command, failure',
    'operation-failed':
      '"operation failed|aborted", "Timed out during operation" without a known operation: unknown',
    'debug-message': 'ignored',
    'info-message': 'ignored',
    'warning-message': 'ignored: a warning that tells of no operation',
    'error-message': 'ignored: an error that tells of no operation, or only of a question',
    'other-message': 'ignored: the same, where the level is not told',
    'log-heading': 'ignored: version and host name, first in each log',
    'blank-line': 'ignored',
    'message-beyond-bound': 'ignored: lines of a message beyond 256 lines or 256 KiB',
    'other-program': 'ignored: a line of another program in the same stream',
  },
  createNormalizer,
};
