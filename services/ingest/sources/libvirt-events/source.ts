/** What virsh prints of libvirt's events: of machines, networks, storage pools, node devices and secrets. */
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import type { Source } from '../../src/source.ts';
import { readStamp } from '../libvirt-log/stamp.ts';
import { isBodyLine, isOfVirsh, withoutPrompt } from './event-line.ts';
import { createNormalizer } from './normalizer.ts';

const UTC = createLocalClock();
const EVENT = /^event '[a-z0-9-]{1,64}' for (?:domain|network|storage pool|node device|secret) /;

export const source: Source = {
  id: 'libvirt-events',
  describe: {
    title: 'Events of libvirt as virsh prints them',
    vendor: 'libvirt',
    documents: [
      'https://libvirt.org/manpages/virsh.html#event',
      'https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventType',
    ],
    framings: ['lines'],
  },
  recognize({ message }, { receivedMs }) {
    const start = withoutPrompt(message.slice(0, 200));
    const stamp = readStamp(start, receivedMs, UTC);
    const text = stamp === undefined ? start : start.slice(stamp.end);
    return EVENT.test(text) ? { rule: 'virsh-event', certainty: 1 } : undefined;
  },
  continues: ({ text }) => isBodyLine(text) || isOfVirsh(text) || text.trim() === '',
  fields: {
    id: 'host, time as written, and the first line of the event',
    eventType: 'monitor for what was only seen, else activity',
    eventTime: 'the time virsh printed, else of the header, else of arrival',
    action: 'the words of a lifecycle event; the kind of another',
    outcome:
      'success; failure for crashes, errors and failed jobs; pending for "Stopped Snapshot", unknown for "Started Snapshot"',
    'initiator.id':
      'unknown: no event tells who asked; the daemon for what was only seen; of a console its user',
    'initiator.host.address': 'of a console: the client',
    'target.id': 'host, kind and name',
    'target.name': 'the name in the line',
    'observer.id': 'host and libvirtd',
    'reason.reasonCode': 'the words behind the name',
    name: 'the kind, of a lifecycle with its words',
    tags: 'how the time was read',
    measurements: 'of what was only seen: the words behind the name',
  },
  rules: {
    'lifecycle-*': 'event lifecycle of a domain: both words give the action',
    'network-*': 'event lifecycle of a network',
    'pool-*': 'event of a storage pool; pool-refresh is ignored',
    'device-*':
      'a device of a machine (added, removed, removal-failed) or of the host; device-update is ignored',
    'secret-*': 'event of a secret',
    reboot: 'start/reboot; a reset fires it too',
    tunable: 'update: limits or pinning were changed',
    'job-completed': 'a job that no lifecycle event tells: snapshot, dump, backup',
    'graphics-*': 'a console: connect is pending, initialize success; graphics-disconnect is ignored',
    'disk-change': 'monitor',
    'metadata-change': 'monitor',
    'nic-mac-change': 'monitor',
    'block-threshold': 'monitor',
    'block-job': 'monitor; failure where it failed or was canceled',
    watchdog: 'monitor, failure',
    'io-error': 'monitor, failure',
    'control-error': 'monitor, failure',
    'memory-failure': 'monitor, failure',
    'unmapped-lifecycle': 'a lifecycle event with other words: unknown',
    'unmapped-event': 'an event of another kind: unknown',
    'internal-step': 'ignored: a step of a migration, restore or revert that its own event tells',
    'shutdown-precursor': 'ignored: Stopped follows',
    'pair-of-rename': 'ignored: Defined Renamed tells it',
    'repeats-lifecycle': 'ignored: a lifecycle event tells it too',
    'job-of-lifecycle': 'ignored: a job whose end a lifecycle event tells',
    'tray-change': 'ignored',
    'rtc-change': 'ignored',
    'balloon-change': 'ignored',
    'migration-iteration': 'ignored',
    'agent-lifecycle': 'ignored',
    'virsh-message': 'ignored: what virsh says of itself',
    'body-beyond-bound': 'ignored: lines of a body beyond 256 lines or 256 KiB',
    'blank-line': 'ignored',
    'other-program': 'ignored: a line of another program in the same stream',
  },
  createNormalizer,
};
