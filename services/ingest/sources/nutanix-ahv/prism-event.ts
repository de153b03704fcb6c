/** Builds the CADF event of a record of Prism's audit trail. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import {
  UNKNOWN_ID,
  qualifiedId,
  resource,
  service,
  unknownInitiator,
  user,
} from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import type { Entity, PrismRecord } from './prism-record.ts';
import { withText } from '../../src/normalize/redact-secrets.ts';
import { isSecretName, withoutSecrets } from './redact.ts';
import { entityType, machineVerb, operationVerb } from './verbs.ts';

const events = createSourceEvents(
  'nutanix-ahv',
  'https://portal.nutanix.com/page/documents/details?targetId=Prism-Central-Alert-Reference',
);
const FAILED =
  /(?<![\w-])(?:fail(?:ed|ure)?|denied|could not|unable to|unsuccessful|invalid credentials|error)(?![\w-])/i;
const MAX_NAMES = 16;

export interface PrismMeaning {
  readonly action: string;
  readonly rule: string;
}

export function prismMeaning(prism: PrismRecord): PrismMeaning {
  const { alertUid = '', operationType = '', message = '' } = prism;
  if (/^Log(?:in|out)/i.test(alertUid)) {
    const isOut = /\blog(?:ged)?[ -]?out\b/i.test(message.slice(0, 500)) || /^Logout/i.test(alertUid);
    return isOut
      ? { action: 'authenticate/logout', rule: 'prism-logout' }
      : { action: 'authenticate/login', rule: 'prism-login' };
  }
  const operation = operationVerb(operationType);
  const ofMachine = machineVerb(alertUid) ?? machineVerb(operationType);
  // `VmSnapshotDeleteAudit`, `ImageImportAudit`: what was done to the thing counts, unless it only says "update".
  const action =
    (operation === 'delete' ? 'delete' : ofMachine) ?? snapshot(alertUid, operation) ?? operation;
  // `ContainerAudit` says what it did by its text only: `Added container …`.
  const told = action ?? operationVerb(alertUid) ?? operationVerb(firstWord(message));
  const last = told === 'allow' && !isAboutAccess(prism) ? 'update' : partAction(told, prism);
  return last === undefined
    ? { action: 'unknown', rule: 'unmapped-prism-operation' }
    : { action: last, rule: `prism-${last.replaceAll('/', '-')}` };
}

/** `VmNicCreateAudit`, `VmDiskDeleteAudit` about a machine: a part of it came or went, not the machine. */
const PART_OF_MACHINE = /^V[Mm](?!Snapshot|RecoveryPoint)[A-Z][A-Za-z]{1,40}(?:Create|Add|Delete|Remove)/;

function partAction(
  action: string | undefined,
  { alertUid = '', entities }: PrismRecord,
): string | undefined {
  if (action !== 'create' && action !== 'delete') return action;
  const [entity] = entities;
  if (entity === undefined || entityType(entity.type) !== 'compute/machine') return action;
  if (!PART_OF_MACHINE.test(alertUid.slice(0, 128))) return action;
  return action === 'create' ? 'update/attach' : 'update/detach';
}

/** Categories and owners are assigned too. */
function isAboutAccess({ alertUid = '', entities }: PrismRecord): boolean {
  return /role|permission|access|polic|grant/i.test(`${alertUid.slice(0, 128)} ${entities[0]?.type ?? ''}`);
}

function firstWord(message: string): string {
  const blank = message.slice(0, 64).indexOf(' ');
  return message.slice(0, blank < 0 ? 64 : blank);
}

function snapshot(alertUid: string, operation: string | undefined): string | undefined {
  if (!/snapshot|recoverypoint/i.test(alertUid.slice(0, 128))) return undefined;
  return operation === 'delete' || operation === 'update' ? undefined : 'capture';
}

/** No member is known for it: what the message says, else that the operation has an end. */
export function prismOutcome(prism: PrismRecord): EventOutcome {
  const { status, message = '', epochMs } = prism;
  if (status !== undefined) {
    if (/^k?(?:succe|complete|ok$)/i.test(status.slice(0, 64))) return 'success';
    if (/fail|error|abort/i.test(status.slice(0, 64))) return 'failure';
    return /run|queue|pending|progress/i.test(status.slice(0, 64)) ? 'pending' : 'unknown';
  }
  const text = message.slice(0, 500);
  if (FAILED.test(text) && FAILED.test(withoutNames(text, prism))) return 'failure';
  return epochMs === undefined ? 'unknown' : 'success';
}

/** A machine may be called `error`. */
function withoutNames(message: string, { entities, params, userName }: PrismRecord): string {
  const names = [
    userName,
    ...entities.slice(0, MAX_NAMES).map(({ name }) => name),
    ...Object.entries(params ?? {})
      .slice(0, MAX_NAMES)
      .map(([name, value]) => (name.endsWith('_name') && typeof value === 'string' ? value : undefined)),
  ];
  return names.reduce<string>(
    (text, name) => (name === undefined || name === '' ? text : text.replaceAll(name, '')),
    message,
  );
}

export function prismEvent(
  prism: PrismRecord,
  meaning: PrismMeaning,
  time: EventTime,
  record: RawRecord,
  host: string,
): CadfEvent {
  const clean = withoutSecrets(record.text);
  const isRedacted = clean !== record.text;
  const scope = prism.cluster ?? host;
  const parameters = prism.params === undefined ? undefined : withoutSecretMembers(prism.params);
  const others = prism.entities.slice(1);
  return events.make([isRedacted ? withText(record, clean) : record], {
    identity:
      prism.uuid === undefined ? [scope, String(time.epochMs), digestOf(record.text)] : [scope, prism.uuid],
    time,
    action: meaning.action,
    outcome: prismOutcome(prism),
    initiator:
      prism.userName === undefined
        ? unknownInitiator(prism.clientIp)
        : user({
            scope,
            name: prism.userName,
            ...(prism.userUuid === undefined ? {} : { id: prism.userUuid }),
            address: prism.clientIp,
            agent: prism.agent,
          }),
    target: targetOf(prism, meaning, scope, host),
    observer: service(host, 'prism'),
    name: prism.alertUid ?? prism.operationType ?? 'audit',
    ...(prism.operationType === undefined ? {} : { reasonCode: prism.operationType }),
    tags: isRedacted ? [events.tag('redacted', 'parameter')] : [],
    attachments: [
      ...(parameters === undefined ? [] : [attachment('parameters', 'application/json', parameters)]),
      ...(others.length === 0 ? [] : [attachment('entities', 'application/json', others.map(entityContent))]),
    ],
  });
}

function targetOf(
  { entities, params, alertUid = '' }: PrismRecord,
  { action }: PrismMeaning,
  scope: string,
  host: string,
): Resource {
  if (action.startsWith('authenticate')) return service(scope, 'prism');
  const [entity] = entities;
  if (entity === undefined) {
    // `VmCloneAudit`, but not `VMwareAudit`.
    if (!/^V[Mm](?=[A-Z])/.test(alertUid)) return service(host, 'prism');
    const name = params?.['vm_name'];
    return typeof name === 'string' && name !== ''
      ? resource('compute/machine', qualifiedId(scope, 'vm', name), name)
      : resource('compute/machine', UNKNOWN_ID);
  }
  const typeURI = entityType(entity.type) ?? 'unknown';
  const { name, uuid } = entity;
  if (uuid !== undefined) return resource(typeURI, qualifiedId(uuid), name);
  return name === undefined
    ? resource(typeURI, UNKNOWN_ID)
    : resource(typeURI, qualifiedId(scope, entity.type === '' ? 'entity' : entity.type, name), name);
}

function entityContent({ type, name, uuid }: Entity) {
  return {
    typeURI: entityType(type) ?? 'unknown',
    type,
    ...(name === undefined ? {} : { name }),
    ...(uuid === undefined ? {} : { uuid }),
  };
}

/** Of texts only: what is nested stays in the record. */
function withoutSecretMembers(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const clean: Record<string, string> = {};
  for (const [name, value] of Object.entries(params).slice(0, 200)) {
    if (typeof value !== 'string') continue;
    clean[name] = isSecretName(name) ? '***' : withoutSecrets(value.slice(0, 4096));
  }
  return clean;
}
