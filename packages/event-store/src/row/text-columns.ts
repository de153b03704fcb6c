/**
 * The text columns of `events` that come from the event, in one list: their kind, and the code by which the stored
 * text of an event refers to them (`references.ts`). The codes are in stored rows: never give one another meaning.
 */
import type { EventColumns } from './event-columns.ts';

export interface TextColumn {
  readonly name: string;
  /** `dictionary`: few different values, `LowCardinality(String)`; `plain`: many, or mostly none, `String`. */
  readonly kind: 'dictionary' | 'plain';
  /** 1 to 23. */
  readonly code: number;
  /** Its value as read off the event. */
  readonly read: (event: EventColumns) => string;
  /** Values of it that may occur inside longer values, such as an id in a URL. */
  readonly embedded?: true;
}

/**
 * `observer_own_*` are empty where the observer points at another role; `observer_ref` names it, and the ALIAS columns
 * `observer_id`, `observer_type`, `observer_name` put them together. `request_path_ref` may hold references itself;
 * the ALIAS column `request_path` resolves them.
 */
export const TEXT_COLUMNS: readonly TextColumn[] = [
  { name: 'id', kind: 'plain', code: 1, read: (event) => event.id, embedded: true },
  { name: 'initiator_id', kind: 'plain', code: 2, read: (event) => event.initiator.id, embedded: true },
  {
    name: 'initiator_project',
    kind: 'dictionary',
    code: 3,
    read: (event) => event.initiator.project,
    embedded: true,
  },
  { name: 'target_id', kind: 'plain', code: 4, read: (event) => event.target.id, embedded: true },
  { name: 'initiator_name', kind: 'dictionary', code: 6, read: (event) => event.initiator.name },
  { name: 'initiator_type', kind: 'dictionary', code: 7, read: (event) => event.initiator.type },
  { name: 'initiator_address', kind: 'dictionary', code: 8, read: (event) => event.initiator.address },
  { name: 'initiator_agent', kind: 'dictionary', code: 9, read: (event) => event.initiator.agent },
  { name: 'initiator_domain', kind: 'plain', code: 10, read: (event) => event.initiator.domain },
  { name: 'target_type', kind: 'dictionary', code: 11, read: (event) => event.target.type },
  { name: 'target_name', kind: 'dictionary', code: 12, read: (event) => event.target.name },
  { name: 'target_project', kind: 'plain', code: 13, read: (event) => event.target.project },
  {
    name: 'observer_own_id',
    kind: 'plain',
    code: 14,
    read: ({ observer }) => own(observer.id, observer.refersTo),
  },
  {
    name: 'observer_own_type',
    kind: 'plain',
    code: 15,
    read: ({ observer }) => own(observer.type, observer.refersTo),
  },
  {
    name: 'observer_own_name',
    kind: 'plain',
    code: 16,
    read: ({ observer }) => own(observer.name, observer.refersTo),
  },
  { name: 'reason_code', kind: 'dictionary', code: 17, read: (event) => event.reasonCode },
  { name: 'request_path_ref', kind: 'plain', code: 18, read: (event) => event.requestPath },
  { name: 'action', kind: 'dictionary', code: 19, read: (event) => event.action },
  { name: 'outcome', kind: 'dictionary', code: 20, read: (event) => event.outcome },
  { name: 'event_type', kind: 'dictionary', code: 21, read: (event) => event.eventType },
  { name: 'severity', kind: 'plain', code: 22, read: (event) => event.severity },
  { name: 'name', kind: 'plain', code: 23, read: (event) => event.name },
];

/** The code of the event time, which is kept as a number and a form (`event-time.ts`). */
export const TIME_CODE = 5;

/** The codes of the first tags, by their place in the list of tags. */
export const TAG_CODES: readonly number[] = [24, 25, 26, 27, 28];

export function columnIndex(name: string): number {
  const index = TEXT_COLUMNS.findIndex((column) => column.name === name);
  if (index < 0) throw new RangeError(`no text column ${name}`);
  return index;
}

function own(value: string, refersTo: string): string {
  return refersTo === '' ? value : '';
}

/** Where the columns' values are in an event (RFC 6901): worth a hole of a shape rather than a shape per value. */
export const COLUMN_POINTERS: readonly string[] = [
  '/id',
  '/eventTime',
  '/eventType',
  '/action',
  '/outcome',
  '/severity',
  '/name',
  '/reason/reasonCode',
  '/requestPath',
  '/tags/0',
  '/tags/1',
  '/initiatorId',
  '/targetId',
  '/observerId',
  ...['initiator', 'target', 'observer'].flatMap((role) => [
    `/${role}/id`,
    `/${role}/typeURI`,
    `/${role}/name`,
    `/${role}/project_id`,
    `/${role}/domain`,
    `/${role}/host/address`,
    `/${role}/host/agent`,
  ]),
];
