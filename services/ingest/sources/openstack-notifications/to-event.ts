/** Builds the CADF event of a notification that holds none itself. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf, observedState } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { qualifiedId, resource, service, unknownInitiator, uriPart } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import type { Meaning } from './event-type.ts';
import type { Notification } from './notification.ts';
import { faultOf } from './payload.ts';
import type { Subject } from './payload.ts';

const events = createSourceEvents(
  'openstack-notifications',
  'https://docs.openstack.org/nova/latest/reference/notifications.html',
);
/** First word of a publisher, or of its name with a hyphen (`nova-compute:host`): type of the service. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ...['compute', 'nova', 'api', 'conductor', 'scheduler', 'console'].map((name): [string, string] => [
    name,
    'service/compute',
  ]),
  ...['network', 'neutron', 'dns', 'designate', 'central'].map((name): [string, string] => [
    name,
    'service/network',
  ]),
  ...['volume', 'cinder', 'snapshot', 'backup', 'share', 'manila'].map((name): [string, string] => [
    name,
    'service/storage/block',
  ]),
  ...['image', 'glance'].map((name): [string, string] => [name, 'service/image']),
  ...['identity', 'keystone'].map((name): [string, string] => [name, 'service/security']),
  ...['orchestration', 'heat'].map((name): [string, string] => [name, 'service/composition/orchestration']),
  ...['baremetal', 'ironic'].map((name): [string, string] => [name, 'service/compute/baremetal']),
  ['trove', 'service/database'],
  ['barbican', 'service/security/keymanager'],
]);

export interface Publisher {
  readonly service: string;
  readonly host: string | undefined;
  readonly family: string;
}

/** `compute.host1`, `nova-compute:host1`, `volume.host1@lvm`. */
export function publisherOf({
  publisher,
  eventType,
}: Pick<Notification, 'publisher' | 'eventType'>): Publisher {
  const found = /^([A-Za-z][\w-]{0,60})[.:](.{1,255})$/.exec(publisher);
  const name =
    found?.[1] ?? (publisher === '' ? (eventType.split('.', 1)[0] ?? 'openstack') : publisher.slice(0, 60));
  const family =
    FAMILIES.get(name.split('-', 1)[0] ?? '') ?? FAMILIES.get(eventType.split('.', 1)[0] ?? '') ?? 'service';
  // `store-1@lvm#pool`: a part of the volume service on store-1.
  return { service: name, host: found?.[2]?.split('@', 1)[0], family };
}

export interface EventInput {
  readonly notification: Notification;
  readonly meaning: Meaning;
  readonly publisher: Publisher;
  readonly subject: Subject;
  readonly time: EventTime;
  /** Where the publisher tells none. */
  readonly host: string;
  /** Of the operation, where another notification of it gave one. */
  readonly identity?: readonly string[];
  readonly isRedacted: boolean;
}

export function toEvent(records: readonly RawRecord[], input: EventInput): CadfEvent {
  const { notification, meaning, publisher, subject, time, isRedacted } = input;
  const { context, payload, eventType, priority, messageId } = notification;
  const host = publisher.host ?? input.host;
  const observer = service(host, publisher.service, publisher.family);
  const isReport = meaning.action === 'monitor';
  return events.make(records, {
    identity: input.identity ?? identityOf(input),
    time,
    action: meaning.action,
    outcome: meaning.outcome,
    initiator: initiatorOf(notification, observer),
    target: targetOf(subject, host, meaning.resource, observer),
    observer,
    name: eventType === '' ? 'notification' : eventType,
    reasonCode: meaning.outcome === 'failure' ? (faultOf(payload) ?? priority) : eventType,
    ...(meaning.phase === undefined ? {} : { operation: operationKey(notification, meaning, subject) }),
    ...(isReport ? { measurements: [observedState(eventType, String(payload['state'] ?? 'reported'))] } : {}),
    tags: [
      ...(messageId === undefined ? [] : [events.tag('message', messageId)]),
      ...(context.requestId === undefined ? [] : [events.tag('request', context.requestId)]),
      ...(context.globalRequestId === undefined
        ? []
        : [events.tag('global-request', context.globalRequestId)]),
      ...(isRedacted ? [events.tag('redacted', 'record')] : []),
    ],
  });
}

/** Beginning and end of one request on one thing are versions of one event; else the message is its own. */
export function identityOf({
  notification,
  meaning,
  subject: { id },
}: Pick<EventInput, 'notification' | 'meaning' | 'subject'>): readonly string[] {
  const { context, messageId, publisher, timestamp, payload } = notification;
  if (meaning.phase !== undefined && context.requestId !== undefined && id !== undefined)
    return ['operation', meaning.base, context.requestId, id];
  if (messageId !== undefined) return ['message', messageId];
  return ['text', publisher, notification.eventType, timestamp ?? '', digestOf(JSON.stringify(payload))];
}

/** What beginning and end have in common. */
export function operationKey(
  { context }: Notification,
  { base }: Meaning,
  { id }: Pick<Subject, 'id'>,
): string {
  return [base, context.requestId ?? '', id ?? ''].filter((part) => part !== '').join(' ');
}

/** Members of the payload such as `user_id` tell who owns a thing, not who acted: they are not asked. */
function initiatorOf({ context }: Notification, observer: Resource): Resource {
  const { userId, userName, projectId, domainId, address } = context;
  if (userId === undefined) return context.isInternal ? observer : unknownInitiator(address);
  const who: Resource & { readonly project_id?: string; readonly domain_id?: string } = {
    id: uriPart(userId),
    typeURI: 'data/security/account/user',
    ...(userName === undefined ? {} : { name: userName.slice(0, 1024) }),
    ...(projectId === undefined ? {} : { project_id: projectId }),
    ...(domainId === undefined ? {} : { domain_id: domainId }),
    ...(address === undefined ? {} : { host: { address } }),
  };
  return who;
}

function targetOf({ typeURI, id, name }: Subject, host: string, kind: string, observer: Resource): Resource {
  if (id !== undefined) {
    const isUuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(id);
    return resource(typeURI, isUuid ? id : qualifiedId(host, kind, id), name);
  }
  if (name !== undefined) return resource(typeURI, qualifiedId(host, kind, name), name);
  return kind === '' ? observer : resource(typeURI, 'unknown');
}
