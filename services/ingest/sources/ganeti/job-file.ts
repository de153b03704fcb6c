/**
 * A job of Ganeti's queue as its file holds it (`/var/lib/ganeti/queue/job-N`, `archive/D/job-N`; Ganeti:
 * lib/jqueue/__init__.py, src/Ganeti/Objects.hs): one JSON object, rewritten in place as the job goes on.
 */
import { asObject, asText, asTextList } from './json-members.ts';
import type { JsonObject } from './json-members.ts';

export interface JobOp {
  /** OP_ID without `OP_`. */
  readonly name: string;
  readonly status: string;
  readonly input: JsonObject;
  /** Where it failed: the class of the error, and Ganeti's word for the kind of fault. */
  readonly error?: { readonly type: string; readonly code?: string; readonly message?: string };
}

/** One hop of the reason trail: who asked, in what words. */
export interface Reason {
  readonly source: string;
  readonly detail: string;
}

export interface Job {
  readonly id: string;
  readonly ops: readonly JobOp[];
  readonly status:
    | 'queued'
    | 'waiting'
    | 'running'
    | 'canceling'
    | 'success'
    | 'error'
    | 'canceled'
    | 'unknown';
  /** Milliseconds since 1970; the end of what is over, else the beginning. */
  readonly timeMs: number;
  /** `seconds.microseconds`; '' where the file has none. */
  readonly received: string;
}

export type JobFile =
  | { readonly kind: 'job'; readonly job: Job; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly code: string; readonly detail: string };

const MAX_OPS = 10_000;
const MAX_REASONS = 64;

export function readJobFile(text: string): JobFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable(
      'GANETI_JOB_TRUNCATED',
      'The job is no whole JSON value; read the file again when it is written.',
    );
  }
  const file = asObject(value);
  const rows = file?.['ops'];
  if (file === undefined || !Array.isArray(rows))
    return unreadable('GANETI_JOB_UNREADABLE', 'A job of the queue is a JSON object with a list "ops".');
  const id = asText(file['id']);
  if (id === undefined || !/^\d{1,15}$/.test(id))
    return unreadable('GANETI_JOB_UNREADABLE', 'The member "id" of the job is no number.');
  if (rows.length === 0 || rows.length > MAX_OPS)
    return unreadable(
      'GANETI_JOB_UNREADABLE',
      `The job has ${rows.length} operations; 1 to ${MAX_OPS} are read.`,
    );
  const ops: JobOp[] = [];
  for (const [index, row] of rows.entries()) {
    const op = readOp(row);
    if (op === undefined)
      return unreadable(
        'GANETI_JOB_UNREADABLE',
        `Operation ${index} of the job has no "input" with an "OP_ID".`,
      );
    ops.push(op);
  }
  const timeMs = timeOf(file, rows);
  if (timeMs === undefined)
    return unreadable(
      'GANETI_TIME_UNREADABLE',
      'None of the timestamps of the job is [seconds, microseconds].',
    );
  const received = file['received_timestamp'];
  return {
    kind: 'job',
    value,
    job: {
      id,
      ops,
      status: statusOf(ops),
      timeMs,
      received: Array.isArray(received) ? received.slice(0, 2).join('.').slice(0, 64) : '',
    },
  };
}

/** The reason trail of an operation, oldest first. */
export function reasonsOf(op: JobOp): readonly Reason[] {
  const trail = op.input['reason'];
  if (!Array.isArray(trail)) return [];
  return trail.slice(0, MAX_REASONS).flatMap((hop: unknown) => {
    if (!Array.isArray(hop)) return [];
    const source = asText(hop[0]);
    return source === undefined ? [] : [{ source, detail: asText(hop[1]) ?? '' }];
  });
}

function readOp(row: unknown): JobOp | undefined {
  const op = asObject(row);
  const input = asObject(op?.['input']);
  const id = asText(input?.['OP_ID']);
  if (op === undefined || input === undefined || id === undefined || id === '') return undefined;
  const status = asText(op['status']) ?? '';
  const error = status === 'error' || status === 'canceled' ? errorOf(op['result']) : undefined;
  return { name: id.replace(/^OP_/, ''), status, input, ...(error === undefined ? {} : { error }) };
}

/** `[ErrorClass, [message, code]]`; of a canceled operation often a text only. */
function errorOf(result: unknown): JobOp['error'] {
  if (!Array.isArray(result)) return undefined;
  const type = asText(result[0]);
  if (type === undefined) return undefined;
  const [message, code] = Array.isArray(result[1]) ? asTextList(result[1]) : [];
  return { type, ...(message === undefined ? {} : { message }), ...(code === undefined ? {} : { code }) };
}

/** As Ganeti computes it: the first operation that failed or was canceled decides, else the last one under way. */
function statusOf(ops: readonly JobOp[]): Job['status'] {
  let status: Job['status'] = 'queued';
  let isDone = true;
  for (const op of ops) {
    if (op.status === 'success') continue;
    isDone = false;
    if (op.status === 'error' || op.status === 'canceled' || op.status === 'canceling') return op.status;
    if (op.status === 'waiting' || op.status === 'running') status = op.status;
    // `waiting` was called so before Ganeti 2.6.
    else if (op.status === 'waitlock') status = 'waiting';
    else if (op.status !== 'queued') return 'unknown';
  }
  return isDone ? 'success' : status;
}

function timeOf(file: JsonObject, rows: readonly unknown[]): number | undefined {
  const ends = rows
    .map((row) => millis(asObject(row)?.['end_timestamp']))
    .filter((each) => each !== undefined);
  return (
    millis(file['end_timestamp']) ??
    ends.at(-1) ??
    millis(file['start_timestamp']) ??
    millis(file['received_timestamp'])
  );
}

function millis(pair: unknown): number | undefined {
  if (!Array.isArray(pair)) return undefined;
  const [seconds, micros] = pair as readonly unknown[];
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(micros)) return undefined;
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

function unreadable(code: string, detail: string): JobFile {
  return { kind: 'unreadable', code, detail };
}
