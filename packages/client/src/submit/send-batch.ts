/** One batch to the service, as often as it takes. */
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ClientError } from '../client-error.ts';
import { notOfThisInterface, readJson } from '../http/read-json.ts';
import { queryOf, unreachable } from '../http/requester.ts';
import type { Requester } from '../http/requester.ts';
import { pause, retryDelayMs } from '../http/retry-delay.ts';
import { isSubmissionAnswer, outcomesOf } from './outcome.ts';
import type { SubmissionAnswer, SubmitOutcome } from './outcome.ts';

export interface SendOptions {
  readonly source: string | undefined;
  readonly profile: string | undefined;
  readonly signal: AbortSignal;
  /** Told of each attempt that failed and the pause before the next, ms. */
  readonly onTrouble: (error: ClientError, pauseMs: number) => void;
  /** How long it is tried again, ms, before the error is thrown. */
  readonly retryForMs: number;
}

const compress = promisify(gzip);
const ATTEMPT_TIMEOUT_MS = 60_000;
/** Smaller bodies are not worth packing. */
const WORTH_PACKING_BYTES = 1024;
/** Refusals of a whole body that may be the fault of one event in it: smaller ones find out which. */
const DIVIDED = new Set([
  'INGEST_BODY_TOO_LARGE',
  'INGEST_BODY_UNREADABLE',
  'INGEST_TOO_MANY_EVENTS',
  'BODY_TOO_LARGE',
]);

/**
 * Sends lines (each the JSON of an event) as one NDJSON body. Safe to repeat: the same bytes are the same events, and
 * the attempts of one batch have one Idempotency-Key. Throws ClientError for what another attempt cannot mend (a key that
 * is refused) and when `retryForMs` is over; the signal's reason.
 */
export async function sendBatch(
  requester: Requester,
  lines: readonly Buffer[],
  options: SendOptions,
): Promise<readonly SubmitOutcome[]> {
  try {
    const answer = await submit(requester, lines, options);
    return outcomesOf(answer, lines.length);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const tooLarge = error.status === 413 || DIVIDED.has(error.code);
    if (!tooLarge) throw error;
    if (lines.length === 1) return [{ status: 'rejected', code: error.code, detail: error.message }];
    const half = Math.ceil(lines.length / 2);
    const first = await sendBatch(requester, lines.slice(0, half), options);
    return [...first, ...(await sendBatch(requester, lines.slice(half), options))];
  }
}

async function submit(
  requester: Requester,
  lines: readonly Buffer[],
  { source, profile, signal, onTrouble, retryForMs }: SendOptions,
): Promise<SubmissionAnswer> {
  const text = Buffer.concat(lines.flatMap((line) => [line, LINE_END]));
  const packed = text.length >= WORTH_PACKING_BYTES;
  const body = new Uint8Array(packed ? await compress(text, { level: 1 }) : text);
  const path = `/cadf/v1/events${queryOf({ source, profile })}`;
  let key = randomUUID();
  const deadline = Date.now() + retryForMs;
  for (let attempt = 1; ; attempt++) {
    const headers = {
      'content-type': 'application/x-ndjson',
      'idempotency-key': key,
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
    };
    try {
      const answer = await post(requester, path, { headers, body }, signal);
      if (answer.resultsOmitted !== true) return answer;
      // An answer that is repeated without its list: asked as a new request, the service says again what it refuses.
      key = randomUUID();
    } catch (error) {
      if (!(error instanceof ClientError) || !error.retryable) throw error;
      const pauseMs = retryDelayMs(attempt, error.retryAfterMs);
      if (Date.now() + pauseMs > deadline) throw error;
      onTrouble(error, pauseMs);
      await pause(pauseMs, signal);
    }
  }
}

const LINE_END = Buffer.from('\n');

/** One attempt. That no event was taken (422) is an answer like others. */
async function post(
  requester: Requester,
  path: string,
  init: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array<ArrayBuffer> },
  signal: AbortSignal,
): Promise<SubmissionAnswer> {
  const inTime = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
  try {
    const response = await requester.send(path, {
      ...init,
      method: 'POST',
      signal: AbortSignal.any([signal, inTime]),
    });
    const answer = await readJson(response);
    if (!isSubmissionAnswer(answer)) throw notOfThisInterface(path);
    return answer;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (inTime.aborted) throw unreachable('The service does not answer in time', error);
    if (error instanceof ClientError && error.status === 422 && isSubmissionAnswer(error.problem)) {
      return error.problem;
    }
    throw error;
  }
}
