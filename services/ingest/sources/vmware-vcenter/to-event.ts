/** Makes the CADF event of a vCenter event. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents } from '../../src/normalize/event-draft.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import { observedState } from '../../src/normalize/event-draft.ts';
import { UNKNOWN_ID, qualifiedId, resource, service } from '../../src/normalize/resources.ts';
import { redactRecord } from '../../src/normalize/redact-secrets.ts';
import type { RawRecord } from '../../src/source.ts';
import { operationOf, shortName } from './event-names.ts';
import { readEventText } from './event-texts.ts';
import type { EventFacts } from './event-texts.ts';
import { refineGuestOperation } from './guest-operations.ts';
import { namedUser } from './initiator.ts';
import type { Operation } from './operation.ts';
import { refineSso } from './sso-operations.ts';
import { TARGET_TYPES, kindOfObject } from './target-kinds.ts';
import type { TargetKind } from './target-kinds.ts';
import { methodOfLabel } from './task-labels.ts';
import { taskOperation } from './task-names.ts';
import type { ObjectReference, VcenterEvent } from './vcenter-event.ts';

export const events = createSourceEvents(
  'vmware-vcenter',
  'https://developer.broadcom.com/xapis/vsphere-web-services-api/latest/vim.event.Event.html',
);

/** What a record says, ready to become an event. */
export interface Reading {
  readonly operation: Operation;
  /** Id of the event's type, or the method of a task. */
  readonly name: string;
  readonly facts: EventFacts | undefined;
}

/** Syslog names these types, and hides the real one. */
const HIDING = new Set(['EventEx', 'Extended', 'Event', '']);

export function readOperation(event: VcenterEvent): Reading {
  const short = event.type === undefined ? '' : shortName(event.type);
  const facts = readEventText(event.message);
  const method =
    event.task?.method ??
    (event.message.startsWith('Task: ')
      ? methodOfLabel(event.message.slice(6).split('\n', 1)[0] ?? '')
      : undefined);
  if (short === 'Task' || event.task !== undefined || facts?.name === 'TaskEvent')
    return { ...readTask(event, method), facts };
  if (HIDING.has(short)) {
    if (facts !== undefined) {
      const operation = refineGuestOperation(operationOf(facts.name), facts.detail);
      return { operation, name: facts.name, facts };
    }
    return { operation: hidden(event), name: event.type ?? 'Event', facts };
  }
  const operation = refineSso(short, operationOf(short), event.message);
  return { operation: refineGuestOperation(operation, facts?.detail), name: event.type ?? short, facts };
}

/** Tasks are logged when they are queued; how they end, later events of the same chain tell, or nobody. */
function readTask({ task, message }: VcenterEvent, method: string | undefined): Omit<Reading, 'facts'> {
  const { action, kind, isMapped } =
    method === undefined ? { action: 'unknown', kind: undefined, isMapped: false } : taskOperation(method);
  return {
    operation: {
      action,
      kind,
      outcome: taskOutcome(task?.state),
      rule: isMapped ? `task-${action.replaceAll('/', '-')}` : 'unmapped-task',
    },
    name: method ?? `TaskEvent ${message.split('\n', 1)[0] ?? ''}`,
  };
}

function taskOutcome(state: string | undefined): EventOutcome {
  if (state === 'success') return 'success';
  return state === 'error' ? 'failure' : 'pending';
}

/** An event whose type syslog hides and whose message is none of those known. */
function hidden({ user, severity }: VcenterEvent): Operation {
  const outcome = severity === 'error' ? 'failure' : 'unknown';
  return user === ''
    ? { action: 'notify', outcome, rule: 'observation', isNoise: true }
    : { action: 'unknown', outcome, rule: 'unmapped-extended-event' };
}

export function toEvent(records: readonly RawRecord[], event: VcenterEvent, reading: Reading): CadfEvent {
  const { operation, name, facts } = reading;
  const { mediator, initiator } = initiatorOf(event, reading);
  // A permission is somebody's: the message names whose, and the role behind it.
  const isGrant = operation.kind === 'role' && /permission/i.test(facts?.name ?? name);
  const role = isGrant
    ? /\b(?:role is|with role) ([^,]{1,256}?)(?:,| and propagation|\.?$)/.exec(event.message)?.[1]
    : undefined;
  const clean = records.map((record) => redactRecord(record).record);
  return events.make(clean, {
    identity: [event.vcenter, 'event', event.key, String(event.time.epochMs)],
    time: event.time,
    action: operation.action,
    outcome: outcomeOf(event, operation),
    initiator,
    target: targetOf(event, reading, isGrant ? role : objectOf(reading)),
    observer: service(event.vcenter, 'vpxd'),
    name,
    ...(event.chain === undefined ? {} : { operation: event.chain }),
    tags: [
      ...(mediator === undefined ? [] : [events.tag('mediated-by', mediator)]),
      ...(isGrant && facts?.object !== undefined ? [events.tag('principal', facts.object)] : []),
      ...(!isGrant && facts?.detail !== undefined ? [events.tag('detail', facts.detail)] : []),
      ...(event.incomplete === undefined ? [] : [events.tag('incomplete', event.incomplete)]),
      ...(clean.some((record, index) => record !== records[index]) ? [events.tag('redacted', 'record')] : []),
    ],
    ...(operation.isState === true || operation.action === 'monitor'
      ? { measurements: [observedState('vmware:event', shortName(name))] }
      : {}),
  });
}

/** What the message names, where it is of the kind that the type says: messages of several types begin alike. */
function objectOf({ operation, facts }: Reading): string | undefined {
  return facts !== undefined && operationOf(facts.name).kind === operation.kind ? facts.object : undefined;
}

function outcomeOf({ severity }: VcenterEvent, { outcome }: Operation): EventOutcome {
  return severity === 'error' && outcome === 'success' ? 'failure' : outcome;
}

function initiatorOf(event: VcenterEvent, { operation, facts }: Reading): ReturnType<typeof namedUser> {
  const isSession = operation.action.startsWith('authenticate/');
  const name = isSession && facts?.user !== undefined ? facts.user : event.user;
  const self = { initiator: service(event.vcenter, 'vpxd') };
  if (operation.isAutomatic === true) return self;
  // What a host observed, vCenter only repeats: it did not do it.
  if (operation.rule.includes('esx-audit') && name === '')
    return namedUser({ scope: event.vcenter, name: undefined });
  const address = event.address ?? (isSession ? facts?.address : undefined);
  // An event without a user is one of vCenter's own doing; a login without a name is nobody's known.
  if (name === '' && !isSession) return self;
  return namedUser({
    scope: event.vcenter,
    name,
    address,
    agent: event.agent ?? (isSession ? facts?.agent : undefined),
  });
}

/** Members of the API's object that tell a target of a kind, best first. */
const MEMBERS: Partial<Record<TargetKind, readonly string[]>> = {
  machine: ['vm'],
  node: ['host'],
  volume: ['ds', 'datastore'],
  switch: ['dvs'],
  portgroup: ['net'],
  network: ['net'],
  cluster: ['computeresource'],
  pool: ['resourcepool', 'computeresource'],
  container: ['datacenter'],
  user: ['userlogin', 'account', 'terminatedusername'],
  group: ['group'],
  role: ['role'],
  alarm: ['alarm'],
  task: ['scheduledtask'],
  config: ['profile'],
  file: ['targetfile', 'sourcefile'],
};
/** The datacenter is only where it was: syslog names it for nearly all events. */
const MOST_SPECIFIC_FIRST = ['object', 'vm', 'host', 'ds', 'net', 'dvs', 'computeresource'];

function targetOf(event: VcenterEvent, { operation, name }: Reading, named: string | undefined): Resource {
  const { kind } = operation;
  if (kind === 'service') {
    // A host's observation is about a service of the host.
    if (!name.startsWith('esx.')) return service(event.vcenter, 'vpxd');
    const host = event.objects.get('host')?.name;
    return host === undefined ? resource(TARGET_TYPES.service, UNKNOWN_ID) : service(host, 'hostd');
  }
  const entity = event.task?.entity;
  if (entity !== undefined && isOf(entity, kind)) return referenced(event.vcenter, entity, kind);
  for (const member of kind === undefined ? MOST_SPECIFIC_FIRST : (MEMBERS[kind] ?? [])) {
    const found = event.objects.get(member);
    if (found !== undefined) return referenced(event.vcenter, found, kind);
  }
  const object = event.objects.get('object');
  if (object !== undefined && isOf(object, kind)) return referenced(event.vcenter, object, kind);
  if (kind === undefined)
    return named === undefined
      ? service(event.vcenter, 'vpxd')
      : referenced(event.vcenter, { name: named }, kind);
  return named === undefined
    ? resource(TARGET_TYPES[kind], UNKNOWN_ID)
    : referenced(event.vcenter, { name: named }, kind);
}

function isOf({ type }: ObjectReference, kind: TargetKind | undefined): boolean {
  return kind === undefined || type === undefined || kindOfObject(type) === kind;
}

/** By reference where there is one; two machines of one vCenter can have the same name. */
function referenced(
  vcenter: string,
  { type, value, name }: ObjectReference,
  kind: TargetKind | undefined,
): Resource {
  const own = kind ?? (type === undefined ? undefined : kindOfObject(type));
  const typeUri = own === undefined ? 'unknown' : TARGET_TYPES[own];
  const id =
    value === undefined || value === ''
      ? qualifiedId(vcenter, own ?? 'object', name ?? UNKNOWN_ID)
      : qualifiedId(vcenter, value);
  return resource(typeUri, id, name);
}
