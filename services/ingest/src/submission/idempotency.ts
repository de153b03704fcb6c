/**
 * Answers given under an `Idempotency-Key`, for 24 hours: the same key with the same body gets the same answer and is
 * not taken again; with another body it is an error. The answers go through a topic, so that a repeat sent to another
 * process, or after a restart, is known too. Two processes asked at the very same moment may both take the body: the
 * store still shows each event once.
 */
import type { EventStream } from '@cadf-pipeline/event-stream';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { ingestErrors } from '../errors.ts';
import { IDEMPOTENCY_TOPIC } from '../topics.ts';

/** An answer as it is given again. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

interface Entry {
  readonly request: string;
  readonly answer: KeptAnswer;
  readonly atMs: number;
}

export interface IdempotencyKeys {
  /** Replays the topic; resolves when what was there at the call is known. Goes on following until closed. */
  start(): Promise<void>;
  /**
   * Runs `work` once per key. `request` identifies the body (a digest of it and of what else decides the answer).
   * Throws INGEST_IDEMPOTENCY_KEY_INVALID and INGEST_IDEMPOTENCY_CONFLICT.
   */
  once(principal: string, key: string, request: string, work: () => Promise<KeptAnswer>): Promise<KeptAnswer>;
  close(): Promise<void>;
}

export interface IdempotencyOptions {
  readonly stream: EventStream;
  readonly now: () => number;
  /** How long an answer is kept, ms (default 24 hours). */
  readonly keepMs?: number;
  /** Most answers kept in memory (default 50,000); past it the oldest go. */
  readonly capacity?: number;
}

const MAX_KEPT_ANSWER_CHARS = 16_384;

export function createIdempotencyKeys(options: IdempotencyOptions): IdempotencyKeys {
  const { stream, now, keepMs = 86_400_000, capacity = 50_000 } = options;
  const entries = new Map<string, Entry>();
  const underWay = new Map<string, { readonly request: string; readonly answer: Promise<KeptAnswer> }>();
  const closing = new AbortController();
  let following: Promise<void> = Promise.resolve();

  function keep(key: string, entry: Entry): void {
    entries.delete(key);
    entries.set(key, entry);
    for (const [oldest, { atMs }] of entries) {
      if (entries.size <= capacity && now() - atMs < keepMs) break;
      entries.delete(oldest);
    }
  }

  async function follow(from: ReadonlyMap<number, number>): Promise<void> {
    const read = { from, follow: true, signal: closing.signal };
    for await (const batch of stream.read(IDEMPOTENCY_TOPIC, read)) {
      for (const record of batch.records) {
        const entry = readEntry(record.value, record.timestampMs);
        if (entry !== undefined) keep(record.key, entry);
      }
    }
  }

  async function run(key: string, request: string, work: () => Promise<KeptAnswer>): Promise<KeptAnswer> {
    const answer = shortened(await work());
    const value = Buffer.from(JSON.stringify({ request, ...answer }));
    await stream.append(IDEMPOTENCY_TOPIC, { records: [{ key, value }] });
    keep(key, { request, answer, atMs: now() });
    return answer;
  }

  return {
    async start() {
      const bounds = await stream.bounds(IDEMPOTENCY_TOPIC);
      const first = new Map([...bounds].map(([partition, { first: offset }]) => [partition, offset]));
      const next = new Map([...bounds].map(([partition, { next: offset }]) => [partition, offset]));
      for await (const batch of stream.read(IDEMPOTENCY_TOPIC, { from: first, follow: false })) {
        for (const record of batch.records) {
          const entry = readEntry(record.value, record.timestampMs);
          if (entry !== undefined) keep(record.key, entry);
        }
      }
      following = follow(next);
      // An error of the stream shows in its health; `close` reports it too.
      following.catch(() => undefined);
    },
    async once(principal, key, request, work) {
      if (!/^[\x21-\x7e]{1,200}$/.test(key))
        throw new ProblemError(ingestErrors.INGEST_IDEMPOTENCY_KEY_INVALID);
      const scoped = `${principal}/${key}`;
      const known = entries.get(scoped);
      const current = underWay.get(scoped);
      const before = known !== undefined && now() - known.atMs < keepMs ? known : current;
      if (before !== undefined) {
        if (before.request !== request) throw new ProblemError(ingestErrors.INGEST_IDEMPOTENCY_CONFLICT);
        return before.answer;
      }
      const answer = run(scoped, request, work);
      underWay.set(scoped, { request, answer });
      try {
        return await answer;
      } finally {
        underWay.delete(scoped);
      }
    },
    async close() {
      closing.abort();
      await following.catch(() => undefined);
    },
  };
}

/** A very long list of refused items is not kept: the counts are. */
function shortened(answer: KeptAnswer): KeptAnswer {
  if (answer.body.length <= MAX_KEPT_ANSWER_CHARS) return answer;
  const full: unknown = JSON.parse(answer.body);
  if (typeof full !== 'object' || full === null) return answer;
  return { status: answer.status, body: JSON.stringify({ ...full, results: [], resultsOmitted: true }) };
}

function readEntry(value: Buffer | null, atMs: number): Entry | undefined {
  if (value === null) return undefined;
  try {
    const fields: unknown = JSON.parse(value.toString());
    if (typeof fields !== 'object' || fields === null) return undefined;
    if (!('request' in fields && 'status' in fields && 'body' in fields)) return undefined;
    const { request, status, body } = fields;
    if (typeof request !== 'string' || typeof status !== 'number' || typeof body !== 'string')
      return undefined;
    return { request, answer: { status, body }, atMs };
  } catch {
    // Not written by us: as if the key had not been used.
    return undefined;
  }
}
