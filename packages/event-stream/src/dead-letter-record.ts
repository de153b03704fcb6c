/** Headers of a record in `cadf.dead-letters`; its value is the original bytes. */
import { encodeTenants, readEventHeaders, submissionHeaders } from './event-record.ts';
import type { SubmissionFacts } from './event-record.ts';
import type { RecordHeaders } from './interface.ts';

/** Where a record failed. */
export type DeadLetterStage = 'decode' | 'normalize' | 'validate' | 'store';

export interface DeadLetterFacts extends SubmissionFacts {
  readonly tenants: readonly string[];
  readonly stage: DeadLetterStage;
  /** A stable code, see docs/errors.md. */
  readonly code: string;
  /** For a person: what was wrong. At most 2,000 characters are kept. */
  readonly detail: string;
  /** Set on the record that says a letter was replayed: the id of that letter. */
  readonly replayOf?: string;
  /** What the replay gave. */
  readonly replayOutcome?: string;
}

const MAX_DETAIL = 2000;

export function deadLetterHeaders(facts: DeadLetterFacts): RecordHeaders {
  return {
    ...submissionHeaders(facts),
    'cadf-tenants': encodeTenants(facts.tenants),
    'cadf-stage': facts.stage,
    'cadf-code': facts.code,
    'cadf-detail': facts.detail.slice(0, MAX_DETAIL).toWellFormed(),
    ...(facts.replayOf === undefined ? {} : { 'cadf-replay-of': facts.replayOf }),
    ...(facts.replayOutcome === undefined ? {} : { 'cadf-replay-outcome': facts.replayOutcome }),
  };
}

/** Reads the facts back; a record another producer wrote gets the values that claim least. */
export function readDeadLetterHeaders(headers: RecordHeaders, timestampMs: number): DeadLetterFacts {
  const stage = STAGES.find((known) => known === headers['cadf-stage']) ?? 'decode';
  const replayOf = headers['cadf-replay-of'];
  const replayOutcome = headers['cadf-replay-outcome'];
  return {
    ...readEventHeaders(headers, timestampMs),
    stage,
    code: headers['cadf-code'] ?? 'UNKNOWN',
    detail: headers['cadf-detail'] ?? '',
    ...(replayOf === undefined ? {} : { replayOf }),
    ...(replayOutcome === undefined ? {} : { replayOutcome }),
  };
}

const STAGES: readonly DeadLetterStage[] = ['decode', 'normalize', 'validate', 'store'];
