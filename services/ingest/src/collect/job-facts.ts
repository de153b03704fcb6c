/** What of a job decides whether it has to be taken again, and whether it is to be watched. */
import { hash } from 'node:crypto';
import { fold, listOf, referenceOf, textOf } from '../../sources/cimi/document.ts';
import { outcomeOfJob } from '../../sources/cimi/outcome-words.ts';

export interface JobFacts {
  readonly state: string;
  /** `unclear`: a word that no standard has; it may be either. */
  readonly stage: 'open' | 'final' | 'unclear';
  /** The same as long as nothing of interest changed; how far it is does not count. */
  readonly digest: string;
  /** What it is, where it has no id. */
  readonly identity: string;
  /** `timeOfStatusChange`, milliseconds since 1970 UTC. */
  readonly changedMs: number | undefined;
  readonly nested: readonly string[];
}

const MAX_NESTED = 1000;

/** Undefined of what tells no state: a reference, or no job. */
export function readJobFacts(value: unknown): JobFacts | undefined {
  const members = fold(value);
  const state = textOf(members.get('state')) ?? textOf(members.get('status'));
  if (state === undefined) return undefined;
  const outcome = outcomeOfJob(state);
  const written = (name: string): string => textOf(members.get(name)) ?? '';
  const affected = listOf(
    members.get('affectedresources') ?? members.get('affectedresource'),
    'affectedresource',
  ).map((one) => referenceOf(one) ?? '');
  const identity = digestOf([
    written('action'),
    referenceOf(members.get('targetresource')) ?? '',
    written('created'),
    referenceOf(members.get('parentjob')) ?? '',
  ]);
  const changedMs = Date.parse(written('timeofstatuschange'));
  return {
    state,
    stage: outcome === 'pending' ? 'open' : outcome === 'unknown' ? 'unclear' : 'final',
    identity,
    digest: digestOf([
      identity,
      state,
      written('timeofstatuschange'),
      written('returncode'),
      ...affected.toSorted(),
    ]),
    changedMs: Number.isNaN(changedMs) ? undefined : changedMs,
    nested: listOf(members.get('nestedjobs') ?? members.get('nestedjob'), 'nestedjob')
      .slice(0, MAX_NESTED)
      .flatMap((one) => referenceOf(one) ?? []),
  };
}

function digestOf(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 22);
}
