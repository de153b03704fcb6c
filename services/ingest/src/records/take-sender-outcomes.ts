/** Makes the outcomes of a chunk durable, whatever it takes; one that can never be taken becomes a dead letter. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResolvedSource } from '@cadf-pipeline/control-state';
import { StreamError } from '@cadf-pipeline/event-stream';
import type { Outcome } from '../source.ts';
import type { RecordIntake } from './record-intake.ts';
import type { SenderOutcome } from './sender-normalizers.ts';
import { withSender } from './sender-tag.ts';

const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 5000;
/** What was received within so long of each other goes into the stream together, as received at the first moment. */
const SAME_TIME_MS = 1000;
/** After a stop was asked for; the records come again after the next start. */
const TRIES_WHEN_STOPPING = 3;

/** Outcomes of one source that go into the stream together. */
interface Run {
  readonly source: ResolvedSource;
  readonly submitter: string;
  readonly receivedMs: number;
  readonly outcomes: Outcome[];
}

/**
 * Resolves with true when everything is durable, with false when it was given up because `signal` aborted. `failed`
 * hears of each failure.
 */
export async function takeSenderOutcomes(
  outcomes: readonly SenderOutcome[],
  intake: Pick<RecordIntake, 'take'>,
  signal: AbortSignal,
  failed: (error: unknown) => void,
): Promise<boolean> {
  // Each source in order, all of them at the same time: they share the stream's syncs.
  const done = await Promise.all([...runsBySource(outcomes).values()].map(takeInOrder));
  return done.every(Boolean);

  async function takeInOrder(runs: readonly Run[]): Promise<boolean> {
    for (const run of runs) if (!(await takeRun(run))) return false;
    return true;
  }

  async function takeRun(run: Run): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { source, submitter, receivedMs } = run;
        await intake.take(run.outcomes, { source, submitter, receivedMs, reach: { tenants: '*' } });
        return true;
      } catch (error) {
        failed(error);
        if (isForever(error)) return takeParts(run, error);
        if (signal.aborted && attempt >= TRIES_WHEN_STOPPING) return false;
        const waitMs = Math.min(RETRY_FIRST_MS * 2 ** (attempt - 1), RETRY_LAST_MS);
        await sleep(waitMs, undefined, signal.aborted ? {} : { signal }).catch(() => undefined);
      }
    }
  }

  /** Halves until the one is found that cannot be taken. */
  async function takeParts(run: Run, error: unknown): Promise<boolean> {
    const [only] = run.outcomes;
    if (run.outcomes.length > 1) {
      const half = run.outcomes.length >>> 1;
      return (
        (await takeRun({ ...run, outcomes: run.outcomes.slice(0, half) })) &&
        (await takeRun({ ...run, outcomes: run.outcomes.slice(half) }))
      );
    }
    // A letter is smaller than what was received, so the stream took it once.
    if (only === undefined || only.kind === 'dead-letter') throw error;
    const detail = `What was made of it cannot be stored: ${error instanceof Error ? error.message : String(error)}`;
    return takeRun({
      ...run,
      outcomes: [{ kind: 'dead-letter', code: 'INGEST_OUTCOME_UNSTORABLE', detail, records: only.records }],
    });
  }
}

/** Trying again does not help: what the stream refuses for its size, and faults of the program. */
function isForever(error: unknown): boolean {
  return error instanceof StreamError ? error.code === 'STREAM_RECORD_TOO_LARGE' : error instanceof TypeError;
}

/** By source, in order; a new run begins where the time, the submitter or the registration is another one. */
function runsBySource(outcomes: readonly SenderOutcome[]): ReadonlyMap<string, readonly Run[]> {
  const bySource = new Map<string, Run[]>();
  for (const { outcome: made, source, submitter } of outcomes) {
    const outcome = withSender(made);
    const receivedMs = outcome.records[0]?.receivedMs ?? 0;
    let runs = bySource.get(source.id);
    if (runs === undefined) bySource.set(source.id, (runs = []));
    const run = runs.at(-1);
    if (
      run !== undefined &&
      run.submitter === submitter &&
      run.source.definition === source.definition &&
      Math.abs(receivedMs - run.receivedMs) < SAME_TIME_MS
    )
      run.outcomes.push(outcome);
    else runs.push({ source, submitter, receivedMs, outcomes: [outcome] });
  }
  return bySource;
}
