/** What a line says, before it becomes an event. */
import type { Attachment, Measurement, Resource } from '@cadf-pipeline/cadf-model';
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

export interface Finding {
  readonly rule: string;
  readonly action: string;
  readonly outcome: EventOutcome;
  readonly target: Resource;
  /** Undefined: nobody is known. */
  readonly initiator?: Resource | undefined;
  readonly name: string;
  readonly reasonCode?: string | undefined;
  readonly operation?: string | undefined;
  readonly tags?: readonly string[];
  readonly measurements?: readonly Measurement[];
  readonly attachments?: readonly Attachment[];
  /** Ignored unless asked for. */
  readonly isNoise?: boolean;
  /** Lines that begin `-->` may follow and belong to it. */
  readonly mayContinue?: boolean;
  /** Key of an operation that begins or ends here (normalizer.ts). */
  readonly begins?: string | undefined;
  readonly ends?: string | undefined;
}

/** Nothing for an audit, or nothing that can be understood. */
export type Said =
  | Finding
  | { readonly ignored: string }
  | { readonly code: string; readonly detail: string };

export function isFinding(said: Said): said is Finding {
  return 'action' in said;
}
