/** What the three ways of taking files (segments, plain files, trails) share in one run of an import. */
import type { ImportDefinition } from '@cadf-pipeline/control-state';
import type { BodyLimits } from '../body/limits.ts';
import type { ImportEvents } from './import-events.ts';
import type { ImportRecord } from './import-record.ts';
import type { ImportReach } from './import-rights.ts';
import type { Quarantine } from './quarantine.ts';
import type { Staging } from './staging.ts';
import type { TakeDependencies, TakenAs } from './take-events.ts';

export interface ImportRun {
  readonly definition: ImportDefinition;
  readonly reach: ImportReach;
  /** What is remembered; `save` replaces it. */
  readonly record: () => ImportRecord;
  /** Durable when it resolves; throws `Superseded`. */
  readonly save: (record: ImportRecord) => Promise<void>;
  readonly staging: Staging;
  readonly quarantine: Quarantine;
  readonly events: ImportEvents;
  readonly take: TakeDependencies;
  readonly limits: BodyLimits;
  /** Name of this deployment, where it has one. */
  readonly issuer: string | undefined;
  /** Resolves when the stream and the store keep up. */
  readonly ready: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export function takenAs({ definition, issuer, now, reach }: ImportRun, file: string): TakenAs {
  return {
    prefix: definition.prefix,
    submitter: definition.owner.id,
    profile: definition.profile ?? 'openstack',
    reach,
    issuer,
    receivedMs: now(),
    file,
  };
}

/** How many events are taken again at most where a run ends in the midst of a file. */
const SAVE_EVERY = 100_000;

/** Tells when progress within a file is to be saved: every so many events, and behind dead letters. */
export function createProgress(
  run: ImportRun,
  of: string,
): (counts: NonNullable<ImportRecord['within']>['done'], letters: boolean) => Promise<void> {
  let saved = run.record().within?.of === of ? (run.record().within?.done.events ?? 0) : 0;
  return async (done, letters) => {
    if (!letters && done.events - saved < SAVE_EVERY) return;
    saved = done.events;
    await run.save({ ...run.record(), within: { of, done } });
  };
}
