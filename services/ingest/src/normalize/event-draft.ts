/** Makes the CADF event of a record out of what a source found in it. */
import { hash } from 'node:crypto';
import { eventTypeUri, formatTimestamp } from '@cadf-pipeline/cadf-model';
import type { Attachment, CadfEvent, Measurement, Resource } from '@cadf-pipeline/cadf-model';
import { recordId } from '../record-id.ts';
import type { RawRecord } from '../source.ts';
import type { EventTime } from './event-time.ts';
import { shortName } from './resources.ts';

export type EventOutcome = 'success' | 'failure' | 'pending' | 'unknown';

export interface EventDraft {
  /**
   * What makes the record the one it is, most general first: host, the record's own id or time and text, or the key of
   * the operation where several records are versions of one event. Never the time of arrival.
   */
  readonly identity: readonly string[];
  readonly time: EventTime;
  /** With its sub-verb: `start/reboot`. Roots `allow`, `deny`, `evaluate`, `notify` make a control event. */
  readonly action: string;
  readonly outcome: EventOutcome;
  readonly initiator: Resource;
  readonly target: Resource;
  readonly observer: Resource;
  /** The native operation, as the vendor calls it: what an auditor looks up where the action is `unknown`. */
  readonly name: string;
  /** The vendor's own code or word for why or how it ended; default `name`. */
  readonly reasonCode?: string;
  /** Key of the operation this event is a part of, for events that are not versions of one; becomes a tag. */
  readonly operation?: string;
  /** More tags, whole: see `sourceTag`. */
  readonly tags?: readonly string[];
  /** Makes it a monitor event: a state or figure that was observed without an actor. */
  readonly measurements?: readonly Measurement[];
  /** Besides the records themselves. */
  readonly attachments?: readonly Attachment[];
}

export interface SourceEvents {
  /** `//<source id>/<name>?value=<value>`. */
  tag(name: string, value: string): string;
  /** The event; `records` are attached whole, the one that decided it first. */
  make(records: readonly RawRecord[], draft: EventDraft): CadfEvent;
}

const MEDIA_TYPES = 'https://www.iana.org/assignments/media-types/';
const CONTROL_ACTIONS = new Set(['allow', 'deny', 'evaluate', 'notify']);

/** `reasonType`: URI of the document that defines the reason codes of this source. */
export function createSourceEvents(sourceId: string, reasonType: string): SourceEvents {
  const tag = (name: string, value: string): string =>
    `//${sourceId}/${name}?value=${encodeURIComponent(value.toWellFormed())}`;

  function tagsOf({ time, operation, tags = [] }: EventDraft): string[] {
    return [
      ...(time.guessed === undefined ? [] : [tag('event-time', `guessed-${time.guessed}`)]),
      ...(operation === undefined ? [] : [tag('operation', operation)]),
      ...tags,
    ];
  }

  return {
    tag,
    make(records, draft) {
      const tags = tagsOf(draft);
      const attachments = [
        ...records.map((record, index) =>
          recordAttachment(record, index === 0 ? 'record' : 'related-record'),
        ),
        ...(draft.attachments ?? []),
      ];
      return {
        typeURI: eventTypeUri,
        id: recordId([sourceId, ...draft.identity]),
        eventType: eventTypeOf(draft),
        eventTime: formatTimestamp(draft.time.epochMs),
        action: draft.action,
        outcome: draft.outcome,
        initiator: draft.initiator,
        target: draft.target,
        observer: draft.observer,
        reason: { reasonType, reasonCode: reasonCodeOf(draft) },
        name: shortName(draft.name),
        ...(tags.length === 0 ? {} : { tags }),
        ...(draft.measurements === undefined ? {} : { measurements: [...draft.measurements] }),
        attachments,
      };
    },
  };
}

/** SHA-256 of a text, hex: a part of an identity where a record has no id of its own. */
export function digestOf(text: string): string {
  return hash('sha256', text.toWellFormed());
}

export function attachment(name: string, mediaType: string, content: unknown): Attachment {
  return { name, contentType: MEDIA_TYPES + mediaType, content };
}

/** The record as it came in. */
export function recordAttachment(record: RawRecord, name = 'record'): Attachment {
  return record.bytes === undefined
    ? attachment(name, 'text/plain', record.text)
    : attachment(name, 'application/octet-stream', record.bytes.toString('base64'));
}

/** A state seen, as a measurement: what a monitor event needs. */
export function observedState(metricId: string, state: string): Measurement {
  return { result: shortName(state), metricId };
}

/** Empty words of a record give no code. */
function reasonCodeOf({ action, name, reasonCode = '' }: EventDraft): string {
  if (reasonCode !== '') return shortName(reasonCode);
  return name === '' ? action : shortName(name);
}

function eventTypeOf({ action, measurements }: EventDraft): CadfEvent['eventType'] {
  const slash = action.indexOf('/');
  const root = slash < 0 ? action : action.slice(0, slash);
  if (CONTROL_ACTIONS.has(root)) return 'control';
  return root === 'monitor' || (measurements !== undefined && measurements.length > 0)
    ? 'monitor'
    : 'activity';
}
