/** A machine's own log: /var/log/libvirt/qemu/NAME.log, and lxc/NAME.log. */
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { Source } from '../../src/source.ts';
import { readStamp } from '../libvirt-log/stamp.ts';
import { isOfGuestLog, isOutput } from './guest-line.ts';
import { createNormalizer } from './normalizer.ts';

const UTC = createLocalClock();

export const source: Source = {
  id: 'libvirt-guest-log',
  describe: {
    title: "libvirt's log of one machine, with its command lines",
    vendor: 'libvirt',
    documents: [
      'https://libvirt.org/logging.html',
      'https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainShutoffReason',
      'https://www.qemu.org/docs/master/system/invocation.html',
    ],
    framings: ['lines'],
  },
  recognize({ message }, { receivedMs }) {
    const start = message.slice(0, 400);
    const stamp = readStamp(start, receivedMs, UTC);
    if (stamp === undefined || !isOfGuestLog(start.slice(stamp.end).trimEnd())) return undefined;
    return { rule: 'guest-statement', certainty: 1 };
  },
  continues: ({ text }) => isOutput(text),
  fields: {
    id: 'host, machine as file or setting tell it, time as written, and text; of a start also -name where they do not',
    eventType: 'control for notices, monitor for errors that were seen, else activity',
    eventTime: 'the time of the line, UTC',
    action: 'start; the reason of a stop',
    outcome: 'pending for a start, whose end is not told; failure for crashed and failed; else success',
    'initiator.id':
      'unknown: the log tells nobody; the daemon for crashes, taints and what it did on its own',
    'target.id': '-uuid of the start; else host and name; unknown where neither is told',
    'target.name': '-name, else the setting guest or the name of the file',
    'observer.id': 'host and libvirtd',
    'reason.reasonCode': 'reason= of a stop; why a machine is tainted',
    name: 'what libvirt wrote: starting up, shutting down …',
    measurements: 'of errors that were seen: what libvirt wrote',
    tags: 'operation; that a secret was taken off; that the command line is not whole',
  },
  rules: {
    start: 'starting up: start, pending',
    'start-failed': 'shutting down, reason=failed: it never ran; the final version of its start',
    'stop-destroyed': 'stop',
    'stop-shutdown': 'stop/shutdown',
    'stop-saved': 'stop/suspend',
    'stop-migrated': 'update/migrate; the final version of the migration that was begun',
    'stop-crashed': 'stop/crash, failure',
    'stop-from-snapshot': 'restore',
    'stop-daemon': 'stop: the daemon stopped it when it came back and could not take it over',
    'stop-unknown': 'stop without a reason',
    migration: 'initiating migration: update/migrate, pending',
    'domain-tainted': 'notify',
    'io-error': 'a disk of the machine failed: monitor, failure',
    'guest-panicked': 'the guest told that it panicked: monitor, failure',
    'unmapped-stop': 'a stop for a reason that is not in the table: unknown',
    'unmapped-statement': 'something else libvirt states: unknown',
    'external-device': 'ignored: a helper of the machine is started, with its command line',
    'daemon-message': "ignored: a line of the daemon's own log",
    'qemu-message': 'ignored: what QEMU prints',
    'guest-output': 'ignored: what the machine or its devices print',
    'command-line-beyond-bound': 'ignored: lines of a command line beyond 2,048 lines or 256 KiB',
  },
  createNormalizer,
};
