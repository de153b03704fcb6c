/**
 * CADF events as CloudEvents 1.0.2 in the JSON format: the event is `data`, byte for byte as it was accepted. Sent back to
 * POST /cadf/v1/events it is the same event again.
 */
import { createHash } from 'node:crypto';
import { eventTypeUri, isMembers, resolveRole, toStrictTimestamp } from '@cadf-pipeline/cadf-model';
import type { Members, RoleName } from '@cadf-pipeline/cadf-model';
import type { TailEvent } from '@cadf-pipeline/event-tail';
import { joined } from './event-texts.ts';

type Carried = Pick<TailEvent, 'partition' | 'offset' | 'receivedMs' | 'source' | 'text' | 'event'>;

/**
 * The context attributes of an event, without `data`; those it has nothing for are left out. The first four are those
 * every CloudEvent has. Names with `cadf` in front are extensions.
 */
export interface CloudEventAttributes {
  readonly specversion: '1.0';
  /** The CADF id and the beginning of a digest of the text: each version of an event has its own, always the same. */
  readonly id: string;
  /** `/cadf/v1/sources/` and the source at the pipeline. With `id` unique. */
  readonly source: string;
  /** `org.dmtf.cadf.activity`, `.monitor` or `.control`; `.event` where the event says no such type. */
  readonly type: string;
  readonly datacontenttype: 'application/json';
  /** Identifies the entity type of DSP0262 6.6.1. */
  readonly dataschema: string;
  /** Id of the target. */
  readonly subject?: string;
  /** `eventTime` in the strict form. */
  readonly time?: string;
  readonly cadfid?: string;
  readonly cadfsource: string;
  readonly cadfaction?: string;
  readonly cadfoutcome?: string;
  /** Ids. */
  readonly cadfinitiator?: string;
  readonly cadfobserver?: string;
  /** When the pipeline accepted the event. */
  readonly cadfreceived: string;
  /** Partition and offset at the pipeline: repeated deliveries of an event have the same. */
  readonly cadfposition: string;
}

const TYPE_PREFIX = 'org.dmtf.cadf.';
const EVENT_TYPES: ReadonlySet<unknown> = new Set(['activity', 'monitor', 'control']);
/** Characters of an attribute; longer ones stay in `data` alone. */
const MAX_ATTRIBUTE = 512;
const DIGEST_CHARACTERS = 16;
/** What a String of CloudEvents may not hold (§ Type System): controls, half surrogate pairs, noncharacters. */
const FORBIDDEN =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/** Structured mode: one event, for `application/cloudevents+json`. */
export function toCloudEvent(carried: Carried): Buffer {
  const attributes = JSON.stringify(cloudEventAttributes(carried));
  return Buffer.concat([Buffer.from(`${attributes.slice(0, -1)},"data":`), carried.text, CLOSE]);
}

/** Batch mode: an array, for `application/cloudevents-batch+json`. */
export function toCloudEventBatch(events: readonly Carried[]): Buffer {
  return joined(events.map(toCloudEvent), '[', ',', ']');
}

export function cloudEventAttributes(carried: Carried): CloudEventAttributes {
  const event: Members = isMembers(carried.event) ? carried.event : {};
  const { id, eventType, eventTime, action, outcome } = event;
  const digest = createHash('sha256').update(carried.text).digest('hex').slice(0, DIGEST_CHARACTERS);
  const cadfid = attribute(id);
  const subject = idOf(event, 'target');
  const time = typeof eventTime === 'string' ? cloudTime(eventTime) : undefined;
  const cadfaction = attribute(action);
  const cadfoutcome = attribute(outcome);
  const cadfinitiator = idOf(event, 'initiator');
  const cadfobserver = idOf(event, 'observer');
  return {
    specversion: '1.0',
    id: cadfid === undefined ? digest : `${cadfid}:${digest}`,
    source: `/cadf/v1/sources/${encodeURIComponent(carried.source.toWellFormed())}`,
    type: TYPE_PREFIX + (EVENT_TYPES.has(eventType) ? String(eventType) : 'event'),
    datacontenttype: 'application/json',
    dataschema: eventTypeUri,
    ...(subject === undefined ? {} : { subject }),
    ...(time === undefined ? {} : { time }),
    ...(cadfid === undefined ? {} : { cadfid }),
    cadfsource: carried.source,
    ...(cadfaction === undefined ? {} : { cadfaction }),
    ...(cadfoutcome === undefined ? {} : { cadfoutcome }),
    ...(cadfinitiator === undefined ? {} : { cadfinitiator }),
    ...(cadfobserver === undefined ? {} : { cadfobserver }),
    cadfreceived: new Date(carried.receivedMs).toISOString(),
    cadfposition: `${carried.partition}.${carried.offset}`,
  };
}

const CLOSE = Buffer.from('}');

function idOf(event: Members, role: RoleName): string | undefined {
  const { resource } = resolveRole(event, role);
  return isMembers(resource) ? attribute(resource['id']) : undefined;
}

/** RFC 3339 knows no hour 24, and readers of CloudEvents no second 60; then `data` alone has the time. */
function cloudTime(text: string): string | undefined {
  const strict = toStrictTimestamp(text);
  return strict === undefined || /T24:|T\d\d:\d\d:60/.test(strict) ? undefined : strict;
}

/** A text that may stand as an attribute: not empty, not too long. */
function attribute(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_ATTRIBUTE && !FORBIDDEN.test(value)
    ? value
    : undefined;
}
