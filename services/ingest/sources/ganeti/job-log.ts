/**
 * The jobs of jobs.log: a job begins with the line of its first operation and ends with "Finished job"; all its lines
 * are versions of one event. What the beginning said is remembered until the end, which does not say it again.
 */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { EventDraft, EventOutcome, SourceEvents } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { joinedRecord } from '../../src/normalize/joined-record.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { event } from '../../src/normalize/outcomes.ts';
import type { Ignoring } from '../../src/normalize/outcomes.ts';
import { service, unknownInitiator } from '../../src/normalize/resources.ts';
import type { Outcome, RawRecord } from '../../src/source.ts';
import { errorOf } from './job-line.ts';
import type { ErrorFacts, OpMention } from './job-line.ts';
import { outcomeOf } from './job-file-event.ts';
import { meaningOf } from './opcodes.ts';
import type { Meaning } from './opcodes.ts';
import { redactLine } from './redaction.ts';
import { targetOf } from './targets.ts';
import type { TargetFacts } from './targets.ts';

/** Which job a line is of, and when it was written; the time is one an event can have. */
export interface JobPlace {
  readonly host: string;
  readonly id: string;
  readonly time: EventTime;
}

export interface JobLog {
  /** Jobs that began and did not end. */
  readonly open: number;
  begin(place: JobPlace, op: OpMention, record: RawRecord): Outcome;
  /** `records`: the line, then the traceback. */
  fail(place: JobPlace, op: OpMention, records: readonly RawRecord[]): Outcome;
  cancel(place: JobPlace, records: readonly RawRecord[]): Outcome;
  end(place: JobPlace, status: string, record: RawRecord): Outcome;
  clear(): void;
}

interface Begun {
  /** The first line of the job seen, in seconds: syslog tells no more of it. */
  readonly second: string;
  readonly ops: readonly OpMention[];
  /** The line of the operation that decides. */
  readonly record: RawRecord;
  readonly failed?: { readonly op: OpMention; readonly error: ErrorFacts | undefined };
}

const MAX_OPS = 256;
const MAX_LISTED = 16;
const ENDS: ReadonlyMap<string, EventOutcome> = new Map([
  ['success', 'success'],
  ['error', 'failure'],
  ['canceled', 'failure'],
  ['canceling', 'pending'],
]);

export function createJobLog(events: SourceEvents, ignoring: Ignoring): JobLog {
  const jobs = createOpenOperations<Begun>();

  function make(
    place: JobPlace,
    begun: Begun,
    outcome: (meaning: Meaning) => EventOutcome,
    records: readonly RawRecord[],
    reasonCode: string,
  ): Outcome {
    const op = decisiveOf(begun);
    const meaning = meaningOf(op.name);
    const made = (): CadfEvent => {
      const { host, id, time } = place;
      const { record, names } = redactLine(joinedRecord(records));
      const others = begun.ops.filter((each) => each !== op).slice(0, MAX_LISTED);
      const draft: EventDraft = {
        identity: ['job-log', host, `job-${id}`, begun.second],
        time,
        action: meaning.action,
        outcome: outcome(meaning),
        initiator: unknownInitiator(),
        target: targetOf(host, meaning.target, factsOf(op, meaning)),
        observer: service(host, 'ganeti'),
        name: `OP_${op.name}`,
        reasonCode,
        operation: `job-${id}`,
        tags: [
          ...others.map((each) => events.tag('op', summaryOf(each))),
          ...names.map((name) => events.tag('redacted', name)),
        ],
      };
      const begin = begun.record === records[0] ? [] : [redactLine(begun.record).record];
      return events.make([record, ...begin], draft);
    };
    return begun.ops.every(({ name }) => meaningOf(name).isRead)
      ? ignoring.ignored('read-job', records, made)
      : event(meaning.rule, records, made());
  }

  /** What is known of the job of a line; `op` is what the line says of it. */
  function jobOf(place: JobPlace, op: OpMention, record: RawRecord): Begun {
    const known = jobs.peek(keyOf(place));
    const fresh = { second: secondOf(place), ops: [op], record };
    if (known === undefined || known.failed !== undefined) return fresh;
    const same = known.ops.find(({ index }) => index === op.index);
    if (same !== undefined) return same.name === op.name && same.target === op.target ? known : fresh;
    // Another count, or an operation before those seen: another job of this number.
    const last = known.ops.at(-1);
    if (last === undefined || last.count !== op.count || last.index > op.index) return fresh;
    const ops = known.ops.length < MAX_OPS ? [...known.ops, op] : known.ops;
    const grown = { ...known, ops };
    return decisiveOf(grown) === op ? { ...grown, record } : grown;
  }

  return {
    get open() {
      return jobs.size;
    },
    begin(place, op, record) {
      const begun = jobOf(place, op, record);
      jobs.expire(place.time.epochMs);
      jobs.begin(keyOf(place), begun, place.time.epochMs);
      return make(place, begun, () => 'pending', [record], 'waiting');
    },
    fail(place, op, records) {
      const [record] = records;
      if (record === undefined) throw new Error('a failure is told by at least one record');
      const error = errorOf(records.map(({ text }) => text));
      const begun = { ...jobOf(place, op, record), failed: { op, error } };
      jobs.begin(keyOf(place), begun, place.time.epochMs);
      return make(place, begun, () => 'failure', records, reasonOf(error));
    },
    cancel(place, records) {
      const begun = jobs.peek(keyOf(place));
      return begun === undefined
        ? withoutBegin(place, 'canceling', records)
        : make(place, begun, () => 'pending', records, 'canceling');
    },
    end(place, status, record) {
      const begun = jobs.end(keyOf(place));
      jobs.expire(place.time.epochMs);
      if (begun === undefined) return withoutBegin(place, status, [record]);
      const reason = status === 'error' && begun.failed !== undefined ? reasonOf(begun.failed.error) : status;
      return make(place, begun, (meaning) => outcomeOf(status, meaning), [record], reason);
    },
    clear: () => jobs.clear(),
  };

  /** The end of a job whose beginning was not read: that it ended is all there is to say. */
  function withoutBegin(place: JobPlace, status: string, records: readonly RawRecord[]): Outcome {
    const { host, id, time } = place;
    const { record } = redactLine(joinedRecord(records));
    const draft: EventDraft = {
      identity: ['job-end', host, `job-${id}`, secondOf(place), status],
      time,
      action: 'unknown',
      outcome: ENDS.get(status) ?? 'unknown',
      initiator: unknownInitiator(),
      target: targetOf(host, 'job', { name: `job-${id}` }),
      observer: service(host, 'ganeti'),
      name: `job ${status}`,
      reasonCode: status,
      operation: `job-${id}`,
    };
    return event('job-end-without-begin', records, events.make([record], draft));
  }
}

/** The operation that failed, else the first that changes something. */
function decisiveOf({ failed, ops }: Pick<Begun, 'failed' | 'ops'>): OpMention {
  const op = failed?.op ?? ops.find(({ name }) => !meaningOf(name).isRead) ?? ops[0];
  if (op === undefined) throw new Error('a job has at least one operation');
  return ops.find((each) => each.index === op.index && each.name === op.name) ?? op;
}

/** In the log, a network or group is named, never with its id; the brackets of other operations name no target. */
function factsOf({ name, target }: OpMention, { target: kind }: Meaning): TargetFacts {
  return target === undefined || name === 'CLUSTER_RENAME' || kind === 'tagged' ? {} : { name: target };
}

function summaryOf({ name, target }: OpMention): string {
  return (target === undefined ? name : `${name}(${target})`).slice(0, 256);
}

function reasonOf(error: ErrorFacts | undefined): string {
  return error?.code ?? error?.type ?? 'error';
}

function keyOf({ host, id }: JobPlace): string {
  return `${host}\n${id}`;
}

function secondOf({ time }: JobPlace): string {
  return String(Math.floor(time.epochMs / 1000));
}
