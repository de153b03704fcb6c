/** What is common to the records of this source: where one was written, when, and how its event is made. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { EventDraft } from '../../src/normalize/event-draft.ts';
import { createSourceEvents } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { redactRecord, redactText } from '../../src/normalize/redact-secrets.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import type { Ignoring } from '../../src/normalize/outcomes.ts';
import { event } from '../../src/normalize/outcomes.ts';
import { service } from '../../src/normalize/resources.ts';
import type { Outcome, RawRecord } from '../../src/source.ts';
import type { Place } from './targets.ts';

/** One record on its way to an outcome. */
export interface Entry {
  readonly record: RawRecord;
  readonly header: RecordHeader;
  /** The node that wrote it. */
  readonly place: Place;
  /** The setting of that name. */
  readonly cluster: string | undefined;
  /** The time in the record's header; when it came in, where it has none. */
  readonly time: EventTime;
  readonly ignoring: Ignoring;
}

export type Draft = Omit<EventDraft, 'observer' | 'time' | 'identity'> & {
  /** Default: place, time and text of the record. */
  readonly identity?: readonly string[];
  /** Default: the time of the record. */
  readonly time?: EventTime;
  /** Default: the program that wrote the record. */
  readonly observer?: EventDraft['observer'];
};

export function placeOf(node: string, cluster: string | undefined): Place {
  return { node, scope: cluster ?? node };
}

export const events = createSourceEvents('proxmox-ve', 'https://pve.proxmox.com/pve-docs/');

export function outcomeOf(rule: string, entry: Entry, draft: Draft): Outcome {
  return event(rule, [entry.record], toEvent(entry, draft));
}

/** Noise to an audit; `name` is what the event is called where the setting `keep` wants it. */
export function noise(rule: string, entry: Entry, name: string): Outcome {
  const { ignoring, record, place } = entry;
  return ignoring.ignored(rule, [record], () =>
    toEvent(entry, {
      action: 'monitor',
      outcome: 'unknown',
      initiator: observerOf(entry),
      target: service(place.node, 'proxmox-ve'),
      name,
      measurements: [{ result: redactText(entry.header.message).slice(0, 1024), metricId: 'message' }],
    }),
  );
}

export function toEvent(entry: Entry, draft: Draft): CadfEvent {
  const { record, isRedacted } = redactRecord(entry.record);
  return events.make([record], {
    ...draft,
    identity: draft.identity ?? identityOf(entry),
    time: draft.time ?? entry.time,
    observer: draft.observer ?? observerOf(entry),
    tags: [...(draft.tags ?? []), ...(isRedacted ? [events.tag('redacted', 'secret')] : [])],
  });
}

/** The same for a line of a file and for one a relay sent on: the header is read, not taken whole. */
function identityOf({ place, time, header }: Entry): readonly string[] {
  const { epochMs, guessed } = time;
  const written = new Date(epochMs).toISOString();
  const stamp = guessed === 'time' ? '' : guessed === 'year' ? written.slice(5) : written;
  return [place.node, stamp, header.pid ?? '', header.message];
}

function observerOf({ place, header }: Entry): EventDraft['observer'] {
  return service(place.node, header.program ?? 'proxmox-ve');
}
