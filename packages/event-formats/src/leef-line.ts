/**
 * CADF events in the Log Event Extended Format 2.0 of IBM QRadar. The mapping is a choice: predefined attributes where
 * there is one, else attributes of our own, which the format allows. LEEF knows no escaping: what would end a field or an
 * attribute is written as a blank (in the header, where the bar separates, as `/`). Values are not cut.
 * https://www.ibm.com/docs/en/dsm?topic=overview-leef-event-components
 * https://www.ibm.com/docs/en/dsm?topic=overview-predefined-leef-event-attributes
 */
import { isMembers } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import type { EventToWrite } from './event-format.ts';
import {
  isAccount,
  membersOf,
  messageOf,
  reasonOf,
  roleOf,
  textOf,
  timeOf,
  withoutControls,
} from './event-parts.ts';
import { hostOf } from './host-of.ts';
import { severityOf } from './severity-of.ts';

/** Vendor, product, version of DSP0262. */
const HEADER = 'LEEF:2.0|cadf-pipeline|CADF|1.0|';
/** The attributes are separated by a tab: the sixth field of the header says so. */
const DELIMITER_FIELD = 'x09';

/** One line, no line break in it or at its end. */
export function leefLine(given: Omit<EventToWrite, 'text'>): string {
  const event: Members = isMembers(given.event) ? given.event : {};
  const eventId = plain(textOf(event, 'action') ?? 'unknown').replaceAll('|', '/');
  const attributes = attributesOf(given, event).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${plain(value)}`],
  );
  return `${HEADER}${eventId}|${DELIMITER_FIELD}|${attributes.join('\t')}`;
}

type Attribute = readonly [key: string, value: string | undefined];

function attributesOf(given: Omit<EventToWrite, 'text'>, event: Members): readonly Attribute[] {
  const initiator = roleOf(event, 'initiator');
  const target = roleOf(event, 'target');
  const observer = roleOf(event, 'observer');
  const from = hostOf(initiator);
  const to = hostOf(target);
  const targetType = textOf(target, 'typeURI');
  const isUser = targetType !== undefined && isAccount(targetType);
  return [
    // Milliseconds since 1970 need no devTimeFormat.
    ['devTime', timeOf(event) ?? String(given.receivedMs)],
    ['cat', textOf(event, 'outcome')],
    // From 1: LEEF has no 0.
    ['sev', String(Math.max(1, Number(severityOf(event))))],
    ['src', from.ipv4 ?? from.ipv6],
    ['srcPort', from.port],
    ['dst', to.ipv4 ?? to.ipv6],
    ['dstPort', to.port],
    ['usrName', textOf(initiator, 'name') ?? textOf(initiator, 'id')],
    ['identHostName', from.name],
    ['domain', textOf(initiator, 'domain')],
    ['accountName', isUser ? (textOf(target, 'name') ?? textOf(target, 'id')) : undefined],
    ['resource', textOf(target, 'name') ?? textOf(target, 'id')],
    ['policy', textOf(membersOf(event, 'reason'), 'policyId')],
    ['msg', messageOf(event, initiator, target)],
    ['eventId', textOf(event, 'id')],
    ['eventType', textOf(event, 'eventType')],
    ['eventName', textOf(event, 'name')],
    ['reason', reasonOf(event)],
    ['initiatorId', textOf(initiator, 'id')],
    ['initiatorTypeURI', textOf(initiator, 'typeURI')],
    ['initiatorProject', textOf(initiator, 'project_id')],
    ['initiatorAgent', textOf(membersOf(initiator, 'host'), 'agent')],
    ['targetId', textOf(target, 'id')],
    ['targetTypeURI', targetType],
    ['targetHostName', to.name],
    ['observerId', textOf(observer, 'id')],
    ['observerTypeURI', textOf(observer, 'typeURI')],
    ['observerName', textOf(observer, 'name')],
    ['source', given.source],
    ['position', `${given.partition}.${given.offset}`],
    ['received', String(given.receivedMs)],
  ];
}

/** Most texts have nothing that cannot stand there. */
const SPECIAL = /[\p{Cc}\p{Surrogate}\u2028\u2029]/u;

function plain(text: string): string {
  return SPECIAL.test(text) ? withoutControls(text) : text;
}
