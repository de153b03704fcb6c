/** Builds the CADF event of an event virsh printed. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents, digestOf, observedState } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { joinedRecord } from '../../src/normalize/joined-record.ts';
import { qualifiedId, resource, service, unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import type { EventLine, Subject } from './event-line.ts';
import type { Meaning } from './meaning.ts';

/** An event as read, with what its time and host are. */
export interface Printed {
  readonly line: EventLine;
  /** The text of its first line, without the time. */
  readonly text: string;
  /** The time as written, or as a header tells it; empty where neither does. */
  readonly stamp: string;
  readonly time: EventTime;
  readonly host: string;
  readonly body: ReadonlyMap<string, string>;
}

const ID = 'libvirt-events';
const REASON_TYPE = 'https://libvirt.org/manpages/virsh.html#event';
const REMOTE = /remote\[\w{1,16} (\S{1,256}) \S{0,64}\]/;

const TARGETS: Readonly<Record<Subject, { readonly typeURI: string; readonly kind: string }>> = {
  domain: { typeURI: 'compute/machine', kind: 'machine' },
  network: { typeURI: 'network', kind: 'network' },
  'storage pool': { typeURI: 'storage/volume', kind: 'pool' },
  'node device': { typeURI: 'compute/node/device', kind: 'device' },
  secret: { typeURI: 'data/security/key', kind: 'secret' },
};

const events = createSourceEvents(ID, REASON_TYPE);

export function toEvent(printed: Printed, meaning: Meaning, records: readonly RawRecord[]): CadfEvent {
  const { line, text, stamp, time, host, body } = printed;
  const observer = service(host, 'libvirtd');
  const isSeen = meaning.action === 'monitor';
  const { typeURI, kind } = TARGETS[line.subject];
  const device = deviceOf(line);
  return events.make([joinedRecord(records)], {
    identity: [host, stamp, digestOf(text)],
    time,
    action: meaning.action,
    outcome: meaning.outcome,
    // No event tells who asked; what nobody asked for, the hypervisor saw.
    initiator: isSeen ? observer : line.native === 'graphics' ? client(printed) : unknownInitiator(),
    target: resource(typeURI, qualifiedId(host, kind, line.name), line.name),
    observer,
    name: line.native === 'lifecycle' ? `lifecycle ${line.detail}` : line.native,
    reasonCode: line.detail === '' ? line.native : line.detail,
    ...(isSeen
      ? { measurements: [observedState(line.native, line.detail === '' ? 'seen' : line.detail)] }
      : {}),
    attachments: [
      ...(device === undefined ? [] : [attachment('device', 'application/json', { alias: device })]),
      ...(body.size === 0 ? [] : [attachment('details', 'application/json', Object.fromEntries(body))]),
    ],
  });
}

/** The user of a console: only its address, unless it had to say who it is. */
function client({ line, host, body }: Printed): Resource {
  const address = REMOTE.exec(line.detail)?.[1];
  const name = body.get('saslUsername') ?? body.get('x509dname');
  return name === undefined || name === '' ? unknownInitiator(address) : user({ scope: host, name, address });
}

function deviceOf({ native, detail }: EventLine): string | undefined {
  if (native.startsWith('device-')) return detail;
  if (native === 'disk-change' || native === 'tray-change') return detail.split(': ', 1)[0];
  return undefined;
}
