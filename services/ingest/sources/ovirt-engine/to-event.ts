/** Makes the event of one thing the engine told, with what its beginning told before. */
import type { CadfEvent, Resource } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, observedState } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { redactRecord, redactText } from '../../src/normalize/redact-secrets.ts';
import { service, unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { RawRecord } from '../../src/source.ts';
import { actorOf, classify } from './actor.ts';
import type { Entity } from './commands.ts';
import type { EventMeaning } from './event-meaning.ts';
import { holderIn, kindOf, nameIn, targetOf } from './targets.ts';
import type { EntityKind } from './targets.ts';

export const events = createSourceEvents(
  'ovirt-engine',
  'https://github.com/oVirt/ovirt-engine/blob/master/backend/manager/modules/common/src/main/java/org/ovirt/engine/core/common/AuditLogType.java',
);

/** What was told, whatever told it. */
export interface Told {
  readonly host: string;
  readonly time: EventTime;
  /** Most general first, without the host. */
  readonly identity: readonly string[];
  readonly name: string;
  /** What the event is called, where it is not an event of the audit log: a command. */
  readonly label?: string | undefined;
  readonly code?: string | undefined;
  /** The record has no name; it was told by the words of the message. */
  readonly isNameGuessed?: boolean;
  readonly message: string;
  readonly correlation: string;
  readonly job?: string | undefined;
  /** `INFO`, `WARN`, `ERROR`, `normal` … */
  readonly severity?: string | undefined;
  /** A member of a row; otherwise the message tells. */
  readonly user?: string | undefined;
  /** The user's UUID, where a row has it. */
  readonly userId?: string | undefined;
  readonly entities: readonly (Entity & { readonly name?: string })[];
}

/** The beginning of an operation, for its end. */
export interface Begun {
  readonly identity: readonly string[];
  readonly operation: string;
  readonly record: RawRecord;
  readonly initiator: Resource;
  readonly target: Resource;
}

export interface Subject {
  readonly kind: EntityKind;
  readonly name: string | undefined;
  readonly id: string | undefined;
}

/** What the event is about. Entities of a row or of the command tell its UUID. */
export function subjectOf({ name, message, entities }: Told): Subject {
  const kind = kindOf(name, message);
  const written = nameIn(kind, message);
  const entity = entities.find(
    (each) =>
      each.kind === kind && (written === undefined || each.name === undefined || each.name === written),
  );
  return {
    kind,
    name: written ?? entity?.name,
    id: entity === undefined || entity.id === entity.name ? undefined : entity.id,
  };
}

export function initiatorOf(told: Told, meaning: EventMeaning): Resource {
  const inMessage = actorOf(told.name, told.message);
  const inRow = told.user === undefined ? {} : classify(told.user);
  const name = inRow.name ?? inMessage.name;
  if (name !== undefined) return user({ scope: told.host, name, address: inMessage.address });
  const isEngine = inMessage.isEngine === true || inRow.isEngine === true || isEngines(meaning);
  return isEngine ? service(told.host, 'ovirt-engine') : unknownInitiator(inMessage.address);
}

/** What the engine sees on its own. Of a machine that went down nobody says who did it. */
function isEngines({ action }: EventMeaning): boolean {
  return action === 'monitor';
}

export interface EventParts {
  readonly meaning: EventMeaning;
  readonly operation: string | undefined;
  readonly initiator: Resource;
  readonly target: Resource;
  /** Where this is a version of an event that began before. */
  readonly begun?: Begun | undefined;
}

export function toEvent(records: readonly RawRecord[], told: Told, parts: EventParts): CadfEvent {
  const { meaning, operation, initiator, target, begun } = parts;
  const all = [...records, ...(begun === undefined ? [] : [begun.record])].map(redactRecord);
  const isRedacted = all.some((each) => each.isRedacted);
  const isSeen = meaning.action === 'monitor';
  return events.make(
    all.map(({ record }) => record),
    {
      identity: begun?.identity ?? [told.host, ...told.identity],
      time: told.time,
      action: meaning.action,
      outcome: meaning.outcome,
      initiator,
      target,
      observer: service(told.host, 'ovirt-engine'),
      name: told.label ?? told.name,
      reasonCode: told.code ?? told.label ?? told.name,
      ...(operation === undefined || isSeen ? {} : { operation }),
      tags: [...tagsOf(told), ...(isRedacted ? [events.tag('redacted', 'secret')] : [])],
      ...(isSeen ? { measurements: [observedState('event', redactText(told.message) || told.name)] } : {}),
    },
  );
}

function tagsOf({ correlation, job, severity, userId, message, name, isNameGuessed }: Told): string[] {
  const subject = /PERMISSION/.test(name)
    ? /User\/Group ([^\s,]{1,300}?)(?:,| was| from| Role|\.|$)/.exec(message.slice(0, 1000))?.[1]
    : undefined;
  return [
    ...(correlation === '' ? [] : [events.tag('correlation', correlation)]),
    ...(job === undefined ? [] : [events.tag('job', job)]),
    ...(severity === undefined ? [] : [events.tag('severity', severity)]),
    ...(isNameGuessed === true ? [events.tag('name', 'guessed-from-message')] : []),
    ...(userId === undefined ? [] : [events.tag('user-id', userId)]),
    ...(subject === undefined ? [] : [events.tag('subject', subject)]),
  ];
}

export function targetOfSubject({ host, message }: Told, subject: Subject): Resource {
  const isNamed = subject.kind === 'engine' || subject.name !== undefined || subject.id !== undefined;
  return targetOf({ host, ...subject, within: isNamed ? undefined : holderIn(subject.kind, message) });
}
