/** What CIMI's states of jobs and outcomes of events are in CADF's taxonomy of outcomes. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';

const JOB_STATES: Readonly<Record<string, EventOutcome>> = {
  queued: 'pending',
  running: 'pending',
  stopping: 'pending',
  success: 'success',
  failed: 'failure',
  stopped: 'failure',
  cancelled: 'failure',
  canceled: 'failure',
};
const STOPPED = new Set(['stopped', 'cancelled', 'canceled']);

/** Progress and return code say nothing of how it ended; what is no known state is unknown. */
export function outcomeOfJob(state = ''): EventOutcome {
  const word = state.toLowerCase();
  return (Object.hasOwn(JOB_STATES, word) ? JOB_STATES[word] : undefined) ?? 'unknown';
}

/** Whether somebody ended the job before it was done: no error, and not done either. */
export function isStopped(state = ''): boolean {
  return STOPPED.has(state.toLowerCase());
}

const EVENT_OUTCOMES: Readonly<Record<string, EventOutcome>> = {
  success: 'success',
  failure: 'failure',
  pending: 'pending',
  unknown: 'unknown',
  status: 'success',
  true: 'success',
  false: 'failure',
};

/**
 * `kind`: of an observation a warning and a status are a success, for it was made; of what was done a status says as
 * little as no word, a warning that something is in doubt. `absent`: where there is no word.
 */
export function outcomeOfEvent(
  word: string | undefined,
  kind: 'activity' | 'monitor',
  absent: EventOutcome,
): EventOutcome {
  if (word === undefined) return absent;
  const lower = word.toLowerCase();
  if (lower === 'warning') return kind === 'monitor' ? 'success' : 'unknown';
  if (lower === 'status' && kind === 'activity') return absent;
  return (Object.hasOwn(EVENT_OUTCOMES, lower) ? EVENT_OUTCOMES[lower] : undefined) ?? 'unknown';
}
