/** What the mapping of one kind of resource found: all of an event but its identity's beginning and the record. */
import type { Attachment, Measurement, Resource } from '@cadf-pipeline/cadf-model';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import type { AskedBefore } from './asked-before.ts';
import type { Cloud } from './cloud.ts';
import type { CimiDocument } from './document.ts';
import type { CimiResource } from './resources.ts';

export interface Finding {
  readonly rule: string;
  /** Ignored, unless the setting `keep` names its rule. */
  readonly isNoise?: boolean;
  /** Of the resource, qualified; undefined where it has no id: then its time and text are it. */
  readonly key: string | undefined;
  /** Written times, the best first. */
  readonly times: readonly unknown[];
  readonly action: string;
  readonly outcome: EventOutcome;
  readonly initiator: Resource;
  readonly target: Resource;
  readonly name: string;
  readonly reasonCode?: string | undefined;
  readonly operation?: string | undefined;
  readonly severity?: string | undefined;
  /** Name and value. */
  readonly tags?: readonly (readonly [name: string, value: string])[];
  /** What makes it a monitor event. */
  readonly measurements?: readonly Measurement[];
  /** Figures of an activity. */
  readonly figures?: readonly Measurement[];
  /** Beside the record. Of the time of the event, which is not known yet. */
  readonly attached?: (time: EventTime) => readonly Attachment[];
}

/** A resource that is no event, or cannot be one. */
export type NoEvent = { readonly ignored: string } | { readonly code: string; readonly detail: string };

export interface Reading {
  readonly asked: AskedBefore;
  readonly cloud: Cloud;
  readonly resource: CimiResource;
  readonly document: CimiDocument;
}

/** A figure and its unit. */
export function figure(metricId: string, name: string, unit: string, result: string | number): Measurement {
  return { result, metric: { metricId, name, unit } };
}
