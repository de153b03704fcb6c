/**
 * What normalizers gave, made durable: events into the stream of events, what was not understood into the dead
 * letters. Every record is counted once.
 */
import type { EventStream, SubmissionFacts } from '@cadf-pipeline/event-stream';
import { deadLetterHeaders, submissionHeaders } from '@cadf-pipeline/event-stream';
import type { AppendRecord, DeadLetterStage } from '@cadf-pipeline/event-stream';
import type { Outcome, RawRecord } from '../source.ts';
import { admitEvent } from '../submission/admit.ts';
import type { AdmissionRules } from '../submission/admit.ts';
import type { ItemStatus } from '../submission/outcome.ts';
import type { RecentEvents } from '../submission/recent-events.ts';
import { DEAD_LETTERS_TOPIC, EVENTS_TOPIC } from '../topics.ts';

/** How one record ended. */
export interface RecordEnd {
  readonly record: RawRecord;
  readonly status: ItemStatus | 'ignored';
  /** Id of the event it became (part of). */
  readonly id?: string;
  /** Why not accepted: the code of a dead letter, the rule of an ignored record. */
  readonly code?: string;
  readonly detail?: string;
}

export interface TakeDependencies {
  readonly stream: EventStream;
  readonly recent: RecentEvents;
}

export interface TakeContext {
  readonly facts: SubmissionFacts;
  readonly rules: AdmissionRules;
  /** The tenants that may see dead letters of this submitter: its own, or none for the provider's. */
  readonly letterTenants: readonly string[];
  /** False for a replay: what fails again is only told, its letter is still there. */
  readonly bury: boolean;
}

/**
 * Resolves once everything is durable, with one end per record, in the order of the outcomes. Throws what
 * `EventStream.append` throws; then taking the same outcomes again does no harm.
 */
export async function takeOutcomes(
  outcomes: readonly Outcome[],
  context: TakeContext,
  { stream, recent }: TakeDependencies,
): Promise<readonly RecordEnd[]> {
  const ends: RecordEnd[] = [];
  const events: AppendRecord[] = [];
  const letters: AppendRecord[] = [];
  const fresh = new Map<string, string>();

  const bury = (
    records: readonly RawRecord[],
    stage: DeadLetterStage,
    code: string,
    detail: string,
  ): void => {
    for (const record of records) {
      ends.push({ record, status: 'dead-lettered', code, detail });
      if (context.bury) letters.push(letterOf(record, context, stage, code, detail));
    }
  };

  for (const outcome of outcomes) {
    if (outcome.kind === 'ignored') {
      ends.push(
        ...outcome.records.map((record) => ({ record, status: 'ignored' as const, code: outcome.rule })),
      );
      continue;
    }
    if (outcome.kind === 'dead-letter') {
      bury(outcome.records, 'normalize', outcome.code, outcome.detail);
      continue;
    }
    const admitted = admitEvent(Buffer.from(JSON.stringify(outcome.event)), outcome.event, context.rules);
    if (!admitted.admitted) {
      const [fault] = admitted.faults;
      bury(
        outcome.records,
        'validate',
        fault?.code ?? 'CADF_EVENT_INVALID',
        `${fault?.pointer}: ${fault?.message}`,
      );
      continue;
    }
    const { id, digest, record: event } = admitted;
    const known = fresh.get(event.key) === digest || recent.has(event.key, digest);
    if (!known) {
      events.push(event);
      fresh.set(event.key, digest);
    }
    const status = known ? 'duplicate' : 'accepted';
    ends.push(...outcome.records.map((record) => ({ record, status, id }) as const));
  }
  if (events.length > 0)
    await stream.append(EVENTS_TOPIC, { headers: submissionHeaders(context.facts), records: events });
  if (letters.length > 0) await stream.append(DEAD_LETTERS_TOPIC, { records: letters });
  for (const [key, digest] of fresh) recent.add(key, digest);
  return ends;
}

function letterOf(
  record: RawRecord,
  { facts, letterTenants }: TakeContext,
  stage: DeadLetterStage,
  code: string,
  detail: string,
): AppendRecord {
  const places = [
    ...(record.position === undefined ? [] : [`at ${record.position}`]),
    ...(record.address === undefined ? [] : [`from ${record.address}`]),
  ];
  const where = places.length === 0 ? '' : ` (${places.join(', ')})`;
  return {
    key: facts.source,
    value: record.bytes ?? Buffer.from(record.text, 'utf8'),
    headers: deadLetterHeaders({
      ...facts,
      receivedMs: record.receivedMs,
      tenants: letterTenants,
      stage,
      code,
      detail: `${detail}${where}`,
    }),
  };
}
