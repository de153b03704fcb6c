/** Makes the CADF event of one indication. */
import type { CadfEvent, Measurement, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf, observedState } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { UNKNOWN_ID, qualifiedId, resource, service } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { embeddedIn, valueOf, valuesOf } from './cim-instance.ts';
import type { CimInstance } from './cim-instance.ts';
import type { Meaning } from './meaning.ts';
import { instanceTarget, isUuid, parseObjectPath, pathTarget, systemOfPart } from './target.ts';
import type { ObjectPath } from './target.ts';

export const SOURCE_ID = 'cim-indications';
export const events = createSourceEvents(SOURCE_ID, 'https://www.dmtf.org/standards/cim');

export interface IndicationInput {
  readonly indication: CimInstance;
  readonly meaning: Meaning;
  readonly time: EventTime;
  /** Whose CIM server told it. */
  readonly host: string;
  /** What tells two indications apart that say the same: the message's id where nothing in them is their own. */
  readonly messageId?: string;
  readonly dtdVersion?: string;
  readonly isRedacted: boolean;
}

/** Rules of indications that are of the CIM server itself where they name nothing else. */
const OF_THE_SERVER = new Set(['alert', 'process', 'threshold', 'unmapped-indication']);

/** The CIM server: it observed what it tells, and no indication says who asked it. */
export const SERVER = 'cim-server';

/** The host an indication names itself. */
export function hostOf(indication: CimInstance): string | undefined {
  return (
    valueOf(indication, 'SourceInstanceHost') ??
    parseObjectPath(valueOf(indication, 'SourceInstanceModelPath')).host ??
    valueOf(indication, 'SystemName') ??
    parseObjectPath(valueOf(indication, 'AlertingManagedElement')).host
  );
}

export function toEvent(record: RawRecord, input: IndicationInput): CadfEvent {
  const { indication, meaning, time, host } = input;
  const server = service(host, SERVER);
  const measurements = measured(input);
  const reasonCode = reasonOf(input);
  const job = operationOf(input);
  return events.make([record], {
    identity: identityOf(input),
    time,
    action: meaning.action,
    outcome: meaning.outcome,
    initiator: server,
    target: targetOf(input) ?? (OF_THE_SERVER.has(meaning.rule) ? server : resource('unknown', UNKNOWN_ID)),
    observer: server,
    name: nameOf(indication),
    ...(reasonCode === undefined ? {} : { reasonCode }),
    ...(job === undefined ? {} : { operation: job }),
    tags: tagsOf(input),
    ...(measurements.length === 0 ? {} : { measurements }),
  });
}

/** All that the indication says; the same one sent again has another message id, but the same sequence number or time. */
function identityOf({ indication, host, messageId }: IndicationInput): string[] {
  const isOwn =
    valueOf(indication, 'SequenceNumber') !== undefined ||
    valueOf(indication, 'IndicationTime') !== undefined;
  return [host, ...(isOwn || messageId === undefined ? [] : [messageId]), digestOf(canonical(indication))];
}

function canonical({ className, properties }: CimInstance): string {
  const sorted = [...properties].sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([className, sorted.map(([name, { values }]) => [name, values])]);
}

function nameOf(indication: CimInstance): string {
  const method = valueOf(indication, 'MethodName');
  return method === undefined ? indication.className : `${indication.className} ${method}`;
}

function targetOf({ indication, host, meaning }: IndicationInput): Resource | undefined {
  const source = embeddedIn(indication, 'SourceInstance');
  const path = parseObjectPath(valueOf(indication, 'SourceInstanceModelPath'));
  if (meaning.isPart === true) {
    const id = valueOf(source, 'InstanceID') ?? path.keys.get('instanceid');
    const system = systemOfPart(source?.className ?? path.className ?? '', id, host);
    if (system !== undefined) return system;
  }
  if (source !== undefined) {
    const uuid = valueOf(indication, 'IndicationIdentifier');
    // libvirt-cim tells the id of the guest as that of the indication.
    const isLibvirt = /^(?:Xen|KVM|LXC)_/.test(indication.className);
    return instanceTarget(source, host, path, isLibvirt && isUuid(uuid) ? uuid : undefined);
  }
  const definition = embeddedIn(indication, 'ClassDefinition');
  if (definition !== undefined)
    return resource('data/config', qualifiedId(host, definition.className), definition.className);
  const element = parseObjectPath(valueOf(indication, 'AlertingManagedElement'));
  return pathTarget(path, host) ?? pathTarget(element, host) ?? namedTarget(indication, element);
}

/** What an alert calls the element by another way than an object path. */
function namedTarget(indication: CimInstance, { className }: ObjectPath): Resource | undefined {
  const name = valueOf(indication, 'AlertingManagedElement');
  const isAlert = name !== undefined && className === undefined;
  return isAlert ? resource('unknown', UNKNOWN_ID, name) : undefined;
}

function reasonOf({ indication, meaning }: IndicationInput): string | undefined {
  const source = embeddedIn(indication, 'SourceInstance');
  return (
    valueOf(indication, 'MessageID') ??
    valueOf(indication, 'EventID') ??
    (meaning.outcome === 'failure'
      ? (valueOf(source, 'ErrorDescription') ??
        valueOf(source, 'ErrorCode') ??
        valueOf(indication, 'ProbableCauseDescription') ??
        valueOf(indication, 'ProbableCause') ??
        valueOf(indication, 'ReturnValue'))
      : undefined)
  );
}

/** A job, or what the indication says it belongs to. */
function operationOf({ indication, meaning }: IndicationInput): string | undefined {
  if (meaning.rule !== 'migration' && !meaning.rule.startsWith('job-')) return undefined;
  return valueOf(embeddedIn(indication, 'SourceInstance'), 'InstanceID');
}

function measured({ indication, meaning }: IndicationInput): Measurement[] {
  if (meaning.rule !== 'threshold') return [];
  const metric = valueOf(indication, 'ThresholdIdentifier') ?? 'threshold';
  const value = valueOf(indication, 'ObservedValue') ?? valueOf(indication, 'ThresholdValue') ?? 'crossed';
  return [observedState(metric, value)];
}

/** Tag → property of the indication. */
const INDICATION_TAGS: readonly (readonly [string, string])[] = [
  ['sequence-context', 'SequenceContext'],
  ['sequence-number', 'SequenceNumber'],
  ['indication-id', 'IndicationIdentifier'],
  ['filter', 'IndicationFilterName'],
  ['severity', 'PerceivedSeverity'],
  ['alert-type', 'AlertType'],
  ['probable-cause', 'ProbableCause'],
  ['threshold', 'ThresholdValue'],
  ['provider', 'ProviderName'],
  ['owner', 'OwningEntity'],
];
/** Tag → property of the instance it is about. */
const INSTANCE_TAGS: readonly (readonly [string, string])[] = [
  ['state', 'EnabledState'],
  ['other-state', 'OtherEnabledState'],
  ['requested-state', 'RequestedState'],
  ['job-state', 'JobState'],
  ['resource-type', 'ResourceType'],
];
const MAX_TAG = 512;
const MAX_CORRELATED = 16;

function tagsOf({ indication, dtdVersion, isRedacted, meaning }: IndicationInput): string[] {
  const source = embeddedIn(indication, 'SourceInstance');
  const before = valueOf(embeddedIn(indication, 'PreviousInstance'), 'EnabledState');
  const part = meaning.isPart === true ? valueOf(source, 'InstanceID') : undefined;
  const pairs: (readonly [string, string | undefined])[] = [
    ...INDICATION_TAGS.map(([tag, property]) => [tag, valueOf(indication, property)] as const),
    ...INSTANCE_TAGS.map(([tag, property]) => [tag, valueOf(source, property)] as const),
    ['previous-state', before],
    ['part', part],
    ...valuesOf(indication, 'CorrelatedIndications')
      .slice(0, MAX_CORRELATED)
      .map((id) => ['correlated', id] as const),
    ['dtd-version', dtdVersion],
    ['redacted', isRedacted ? 'secret' : undefined],
  ];
  return pairs.flatMap(([tag, value]) =>
    value === undefined || value === '' ? [] : [events.tag(tag, value.slice(0, MAX_TAG))],
  );
}
