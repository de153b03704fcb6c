/** Events of the log of a resource: states, alarms, changes of the model, accesses (DSP0263 5.17.4). */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { UNKNOWN_ID } from '../../src/normalize/resources.ts';
import type { AskedBefore } from './asked-before.ts';
import type { Cloud } from './cloud.ts';
import { fold, referenceOf, textOf } from './document.ts';
import type { Folded } from './document.ts';
import { figure } from './finding.ts';
import type { Finding, NoEvent, Reading } from './finding.ts';
import { initiatorOf, namedInitiator, nobody } from './initiators.ts';
import type { Initiator } from './initiators.ts';
import { outcomeOfEvent } from './outcome-words.ts';
import { NO_TYPE, typeOfReference, typeOfUri } from './resource-types.ts';
import type { ResourceType } from './resource-types.ts';
import { scrubUri } from './secrets.ts';
import { readTime } from './times.ts';
import { accessActionOf, actionOf, verbOf } from './verbs.ts';

const TYPE_ROOT = 'http://schemas.dmtf.org/cimi/1/event/';
const NO_CLOCK = createLocalClock();
const CHANGES = new Set(['create', 'update', 'delete', 'add', 'edit']);

interface Facts {
  readonly members: Folded;
  readonly content: Folded;
  readonly cloud: Cloud;
  readonly target: Resource;
  readonly type: ResourceType;
  readonly word: string | undefined;
  readonly initiator: Initiator;
}

type Meaning = Pick<Finding, 'rule' | 'action' | 'outcome' | 'measurements'> & {
  readonly initiator?: Resource;
  readonly target?: Resource;
  /** What an auditor looks up. */
  readonly native: string;
};

export function readEvent({ asked, cloud, resource: { members } }: Reading): Finding | NoEvent {
  const content = fold(members.get('content'));
  const kind = kindOf(members);
  if (kind === '' && content.size === 0)
    return members.size <= 4
      ? { ignored: 'reference-only' }
      : {
          code: 'CIMI_EVENT_EMPTY',
          detail: 'The Event has neither type nor content. Send the whole resource.',
        };
  const facts = factsOf(members, content, cloud);
  const meaning = meaningOf(kind, facts);
  if (meaning.rule === 'access') remember(meaning, facts, asked);
  const id = textOf(members.get('id')) ?? textOf(members.get('href'));
  const severity = textOf(members.get('severity'));
  const contact = textOf(members.get('contact'));
  const { initiator } = facts;
  const isInferred = meaning.initiator === undefined && initiator.inferredFrom !== undefined;
  return {
    rule: meaning.rule,
    key: id === undefined ? undefined : cloud.keyOf(id),
    times: ['timestamp', 'created', 'updated'].map((name) => members.get(name)),
    action: meaning.action,
    outcome: meaning.outcome,
    initiator: meaning.initiator ?? initiator.resource,
    target: meaning.target ?? facts.target,
    name: textOf(members.get('name')) ?? meaning.native,
    reasonCode: textOf(content.get('code')) ?? textOf(members.get('outcome')) ?? meaning.native,
    severity: severity?.toLowerCase(),
    tags: [
      ...(isInferred ? [['initiator', 'inferred-owner'] as const] : []),
      ...(contact === undefined ? [] : [['contact', scrubUri(contact.slice(0, 256))] as const]),
    ],
    ...(meaning.measurements === undefined ? {} : { measurements: meaning.measurements }),
  };
}

/** A request that was not refused, by somebody who is named. */
function remember({ action, initiator, outcome }: Meaning, facts: Facts, asked: AskedBefore): void {
  const who = initiator ?? facts.initiator.resource;
  const reference = referenceOf(facts.content.get('resource'));
  const time = readTime(facts.members.get('timestamp'), NO_CLOCK);
  if (outcome === 'failure' || who.id === UNKNOWN_ID || reference === undefined) return;
  if (time === undefined || time.guessed !== undefined) return;
  asked.remember(action, facts.cloud.keyOf(reference), who, time.epochMs);
}

/** Last word of the type; servers without types have categories. */
export function kindOf(members: Folded): string {
  const type = textOf(members.get('type')) ?? textOf(members.get('category')) ?? '';
  return isCadfType(type) ? 'cadf' : verbOf(type);
}

function isCadfType(type: string): boolean {
  return type.startsWith('http://schemas.dmtf.org/cloud/audit/');
}

function factsOf(members: Folded, content: Folded, cloud: Cloud): Facts {
  const reference = referenceOf(content.get('resource'));
  const name = textOf(content.get('resname'));
  const told = textOf(content.get('restype'));
  const type = told === undefined ? typeOfReference(reference ?? '') : typeOfUri(told);
  const target: Resource =
    reference === undefined
      ? { id: 'unknown', typeURI: 'unknown', ...(name === undefined ? {} : { name }) }
      : cloud.resourceAt(reference, type, name ?? '');
  return {
    members,
    content,
    cloud,
    target,
    type: type.name === '' ? NO_TYPE : type,
    word: textOf(members.get('outcome')) ?? textOf(members.get('success')),
    initiator: initiatorOf(members, cloud),
  };
}

function meaningOf(kind: string, facts: Facts): Meaning {
  switch (kind) {
    case 'state':
    case 'system':
      return state(facts);
    case 'alarm':
      return alarm(facts);
    case 'model':
      return change(facts);
    case 'access':
      return access(facts);
    case 'add':
    case 'edit':
    case 'delete':
      return done(kind, facts);
    case 'action':
      return done(nativeAction(facts), facts);
    default:
      return {
        rule: 'unmapped-event',
        action: 'unknown',
        outcome: outcomeOfEvent(facts.word, 'activity', 'unknown'),
        native: kind === '' ? 'event' : kind,
      };
  }
}

/** The provider looked, and saw. */
function state({ content, word, cloud }: Facts): Meaning {
  const seen = textOf(content.get('state'));
  return {
    rule: 'state',
    action: 'monitor',
    outcome: outcomeOfEvent(word, 'monitor', seen === undefined ? 'unknown' : 'success'),
    initiator: cloud.provider,
    measurements: [figure(`${TYPE_ROOT}state`, 'state', 'state', (seen ?? 'unknown').slice(0, 1024))],
    native: `state ${seen ?? 'unknown'}`,
  };
}

function alarm({ content, word, cloud }: Facts): Meaning {
  // Servers without codes say in words what is the matter.
  const code = textOf(content.get('code')) ?? textOf(content.get('state'));
  return {
    rule: 'alarm',
    action: 'monitor',
    outcome: outcomeOfEvent(word, 'monitor', 'success'),
    initiator: cloud.provider,
    measurements: [figure(`${TYPE_ROOT}alarm`, 'alarm', 'code', (code ?? 'unknown').slice(0, 1024))],
    native: `alarm ${code ?? 'unknown'}`,
  };
}

/** Told because it is done, unless it says otherwise. */
function change({ content, word, type }: Facts): Meaning {
  const native = textOf(content.get('change')) ?? '';
  const action = changeAction(native.toLowerCase(), type);
  return {
    rule: action === 'unknown' ? 'unmapped-model' : 'model',
    action,
    outcome: outcomeOfEvent(word, 'activity', 'success'),
    native: native === '' ? 'model' : `model ${native}`,
  };
}

function changeAction(verb: string, type: ResourceType): string {
  if (!CHANGES.has(verb)) return 'unknown';
  return type.name === 'resourcemetadata' ? 'configure' : (actionOf(verb, type) ?? 'unknown');
}

function access({ content, members, word, type, cloud, target }: Facts): Meaning {
  const operation = textOf(content.get('operation')) ?? '';
  const action = accessActionOf(operation, type);
  const name = textOf(content.get('initiator')) ?? referenceOf(content.get('initiator'));
  const isAuthenticated = members.has('authninfo');
  const address = referenceOf(content.get('resource')) ?? '';
  const url = /^https?:\/\//i.test(address) ? scrubUri(address.slice(0, 2048)) : undefined;
  return {
    rule: action === undefined ? 'unmapped-access' : 'access',
    action: action ?? 'unknown',
    outcome: outcomeOfEvent(word, 'activity', 'unknown'),
    ...(isAuthenticated
      ? {}
      : // An owner of a log entry did not read the resource.
        { initiator: name === undefined ? nobody(cloud) : namedInitiator(name, cloud).resource }),
    ...(url === undefined ? {} : { target: { ...target, addresses: [{ url }] } }),
    native: operation === '' ? 'access' : `access ${operation}`,
  };
}

function done(verb: string, { word, type }: Facts): Meaning {
  const action = actionOf(verb, type);
  return {
    rule: action === undefined ? 'unmapped-action' : 'action',
    action: action ?? 'unknown',
    outcome: outcomeOfEvent(word, 'activity', 'unknown'),
    native: verb === '' ? 'action' : verb,
  };
}

/** `machine.start` in the name, or the word of the state. */
function nativeAction({ members, content }: Facts): string {
  const name = textOf(members.get('eventtype')) ?? textOf(members.get('name')) ?? '';
  const dot = name.lastIndexOf('.');
  return dot >= 0 ? name.slice(dot + 1) : (textOf(content.get('state')) ?? name);
}
