/** Builds the CADF event of a line of the Xen tools. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents, recordAttachment } from '../../src/normalize/event-draft.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import {
  UNKNOWN_ID,
  qualifiedId,
  resource,
  service,
  unknownInitiator,
} from '../../src/normalize/resources.ts';
import { withText } from '../../src/normalize/redact-secrets.ts';
import type { RawRecord } from '../../src/source.ts';
import type { HotplugLine } from './hotplug-line.ts';
import type { Domain, Told } from './told.ts';

const events = createSourceEvents('xen-toolstack', 'https://xenbits.xen.org/docs/unstable/man/xl.1.html');

export interface Place {
  readonly record: RawRecord;
  readonly host: string;
  /** Program that wrote it. */
  readonly program: string;
  readonly time: EventTime;
  readonly identity: readonly string[];
}

export function toldEvent(told: Extract<Told, { kind: 'event' }>, place: Place): CadfEvent {
  const { host, program } = place;
  const [record, isRedacted] = redact(place.record);
  return events.make([record], {
    identity: place.identity,
    time: place.time,
    action: told.action,
    outcome: told.outcome,
    initiator: unknownInitiator(),
    target: told.isService === true ? service(host, program) : domainOf(told.domain ?? {}, host),
    observer: service(host, program),
    name: isRedacted ? told.name.replaceAll(PASSWORD, '$1***') : told.name,
    reasonCode: told.reason,
    tags: isRedacted ? [events.tag('redacted', 'password')] : [],
    ...(told.device === undefined ? {} : { attachments: [deviceOf(told.device)] }),
  });
}

/** `begun`: the record that began it, where this one ends it. */
export function hotplugEvent(
  line: HotplugLine,
  outcome: EventOutcome,
  place: Place,
  begun?: RawRecord,
): CadfEvent {
  const { host } = place;
  const isRemoval = line.step === 'removes';
  return events.make([place.record], {
    identity: place.identity,
    time: place.time,
    action: isRemoval ? 'update/detach' : 'update/attach',
    outcome,
    initiator: unknownInitiator(),
    target: domainOf({ domid: line.domid }, host),
    observer: service(host, 'xen-hotplug'),
    name: `${line.script} ${isRemoval ? 'remove' : 'add'} ${line.path}`,
    reasonCode: line.error ?? line.step,
    operation: qualifiedId(host, line.path),
    attachments: [
      ...(begun === undefined ? [] : [recordAttachment(begun, 'related-record')]),
      deviceOf(line.device),
    ],
  });
}

function deviceOf(device: string) {
  const [type = '', number = ''] = device.split('/', 2);
  const typeURI =
    type === 'vif' ? 'network/connection' : type.startsWith('vbd') ? 'storage/volume' : 'unknown';
  return attachment('device', 'application/json', {
    typeURI,
    kind: type,
    ...(number === '' ? {} : { number }),
  });
}

/** A domain id lives until the domain stops; a name alone is told by its host. */
function domainOf({ domid, name, uuid }: Domain, host: string): Resource {
  if (domid !== undefined) return resource('compute/machine', qualifiedId(host, 'domain', domid), name);
  if (uuid !== undefined) return resource('compute/machine', uuid, name);
  return name === undefined
    ? resource('compute/machine', UNKNOWN_ID)
    : resource('compute/machine', qualifiedId(host, 'machine', name), name);
}

const PASSWORD = /(passwd['"]?(?:: |, | |,)['"]?)([^'")\]\s]{1,256})/g;

function redact(record: RawRecord): readonly [record: RawRecord, isRedacted: boolean] {
  if (!record.text.includes('passwd')) return [record, false];
  const text = record.text.replaceAll(PASSWORD, '$1***');
  if (text === record.text) return [record, false];
  return [withText(record, text), true];
}
