/**
 * Queries that go on without their caller: they run one after the other, write their result to disk, and are kept for a
 * while. Each process has its own.
 */
import { randomUUID } from 'node:crypto';
import { createReadMeter, StoreError } from '@cadf-pipeline/event-store';
import type { EventStore, ReadMeter } from '@cadf-pipeline/event-store';
import { dependencyErrors, ProblemError, toProblem } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyBaseLogger } from 'fastify';
import { queryErrors } from '../errors.ts';
import type { EventsBody } from '../event-query/parameters.ts';
import type { EventQuestion } from '../event-query/question.ts';
import { bytesOf, hasEnded } from './async-query.ts';
import type { AsyncQueryRecord } from './async-query.ts';
import { createFairQueue } from './fair-queue.ts';
import type { RecordFiles } from './record-files.ts';
import { appendFrame, packFrame, readFrames, removeResult } from './result-file.ts';
import { countRowsInRange } from './rows-in-range.ts';
import type { RowsInRange } from './rows-in-range.ts';

export interface AsyncBounds {
  readonly running: number;
  readonly maxMs: number;
  readonly maxBytes: number;
  readonly maxDiskBytes: number;
  readonly keepMs: number;
}

export interface AsyncProgress {
  /** Of the events in the range of time that the caller may see: how many were gone through. */
  readonly rowsRead: number;
  readonly rowsTotal: number;
  /** Since it began to run. */
  readonly seconds: number;
}

export interface AsyncQueries {
  /** Throws QUERY_TOO_MANY_ASYNC. */
  create(principal: Principal, parameters: EventsBody, question: EventQuestion): Promise<AsyncQueryRecord>;
  /** The newest first. */
  list(owner: string): readonly AsyncQueryRecord[];
  /** Undefined for what is another's. */
  get(owner: string, id: string): AsyncQueryRecord | undefined;
  progress(record: AsyncQueryRecord): Promise<AsyncProgress>;
  /** Resolves when it has ended, or after so long, or when the signal aborts. */
  ended(id: string, waitMs: number, signal: AbortSignal): Promise<void>;
  /** Ends one that has not ended; removes one that has, with its result. */
  delete(record: AsyncQueryRecord): Promise<void>;
  lines(record: AsyncQueryRecord, first: number, count: number): AsyncIterable<{ readonly lines: Buffer }>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface AsyncQueriesOptions {
  readonly store: EventStore;
  readonly files: RecordFiles;
  readonly bounds: AsyncBounds;
  readonly logger: FastifyBaseLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Kept at a time, ended ones included. */
export const MAX_KEPT = 200;
export const MAX_KEPT_OF_ONE = 20;
const SWEEP_MS = 30_000;

/** A query of this process, while it is kept. */
interface Job {
  record: AsyncQueryRecord;
  readonly question: EventQuestion | undefined;
  readonly stop: AbortController;
  readonly meter: ReadMeter;
  total: RowsInRange;
  readonly end: PromiseWithResolvers<void>;
}

export function createAsyncQueries(options: AsyncQueriesOptions): AsyncQueries {
  const { bounds, files, logger, now, store } = options;
  const jobs = new Map<string, Job>();
  const queue = createFairQueue<Job>();
  const running = new Set<Promise<void>>();
  let sweeper: NodeJS.Timeout | undefined;
  let stopping = false;

  function keep(record: AsyncQueryRecord, question: EventQuestion | undefined): Job {
    const end = Promise.withResolvers<void>();
    const total = { own: 0, all: 0 };
    const job = { record, question, stop: new AbortController(), meter: createReadMeter(), total, end };
    jobs.set(record.id, job);
    return job;
  }

  async function save(job: Job, changes: Partial<AsyncQueryRecord>): Promise<void> {
    job.record = { ...job.record, ...changes };
    if (hasEnded(job.record)) job.end.resolve();
    try {
      await files.save(job.record);
    } catch (error) {
      logger.error(
        { err: error, query: job.record.id },
        'the state of an asynchronous query was not written',
      );
    }
  }

  function next(): void {
    while (!stopping && running.size < bounds.running) {
      const job = queue.shift();
      if (job === undefined) return;
      const run = runJob(job).finally(() => {
        running.delete(run);
        next();
      });
      running.add(run);
    }
  }

  async function runJob(job: Job): Promise<void> {
    const { question, stop } = job;
    if (question === undefined || hasEnded(job.record)) return;
    const timer = setTimeout(() => stop.abort(new ProblemError(queryErrors.QUERY_ASYNC_TIME)), bounds.maxMs);
    await save(job, { status: 'running', startedMs: now() });
    try {
      const cursor = await writeResult(job, question);
      await save(job, { status: 'done', endedMs: now(), ...(cursor === undefined ? {} : { cursor }) });
    } catch (error) {
      await fail(job, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Answers the cursor of what comes after a limit that was reached. */
  async function writeResult(job: Job, question: EventQuestion): Promise<string | undefined> {
    const { limit, query, scope } = question;
    const { signal } = job.stop;
    const asOf = question.from?.asOf ?? (await store.snapshot());
    job.total = await countRowsInRange(store, question, signal);
    const stream = store.stream(
      scope,
      {
        ...query,
        asOf,
        meter: job.meter,
        ...(limit === 'all' ? {} : { limit }),
        ...(question.from === undefined ? {} : { after: question.from.after }),
      },
      signal,
    );
    let last;
    for await (const block of stream) {
      const packed = await packFrame(block.lines);
      requireRoom(job.record, packed.length);
      await appendFrame(files.resultPath(job.record.id), packed);
      const { events, frames } = job.record;
      job.record = {
        ...job.record,
        events: events + block.count,
        frames: [...frames, { bytes: packed.length, count: block.count }],
      };
      ({ last } = block);
    }
    return last !== undefined && job.record.events === limit ? question.cursorAfter(last, asOf) : undefined;
  }

  function requireRoom(record: AsyncQueryRecord, more: number): void {
    if (bytesOf(record) + more > bounds.maxBytes)
      throw new ProblemError(queryErrors.QUERY_ASYNC_BYTES, {
        detail: `The result has more than ${bounds.maxBytes} bytes after ${record.events} events.`,
      });
    const all = [...jobs.values()].reduce((sum, job) => sum + bytesOf(job.record), 0);
    if (all + more > bounds.maxDiskBytes) throw new ProblemError(queryErrors.QUERY_ASYNC_DISK);
  }

  async function fail(job: Job, error: unknown): Promise<void> {
    await removeResult(files.resultPath(job.record.id));
    const gone = { endedMs: now(), frames: [], events: 0 };
    const { aborted, reason } = job.stop.signal;
    if (aborted && !(reason instanceof ProblemError)) return save(job, { status: 'cancelled', ...gone });
    const problem = toProblem(aborted ? reason : error, { ...dependencyErrors, ...queryErrors });
    if (!(error instanceof StoreError || error instanceof ProblemError))
      logger.error({ err: error, query: job.record.id }, 'an asynchronous query failed');
    const { code, title } = problem.definition;
    const detail = problem.options.detail ?? problem.definition.hint;
    return save(job, { status: 'failed', ...gone, failure: { code, title, detail } });
  }

  async function remove(job: Job): Promise<void> {
    jobs.delete(job.record.id);
    await files.remove(job.record.id);
  }

  function hasExpired({ endedMs }: AsyncQueryRecord): boolean {
    return endedMs !== undefined && endedMs + bounds.keepMs <= now();
  }

  async function sweep(): Promise<void> {
    for (const job of jobs.values()) if (hasExpired(job.record)) await remove(job);
  }

  return {
    async create(principal, parameters, question) {
      await sweep();
      const own = [...jobs.values()].filter(({ record }) => record.owner === principal.id).length;
      if (own >= MAX_KEPT_OF_ONE || jobs.size >= MAX_KEPT)
        throw new ProblemError(queryErrors.QUERY_TOO_MANY_ASYNC, {
          detail:
            own >= MAX_KEPT_OF_ONE
              ? `This key has ${own} asynchronous queries; the most is ${MAX_KEPT_OF_ONE}.`
              : `There are ${jobs.size} asynchronous queries; the most is ${MAX_KEPT}.`,
        });
      const record: AsyncQueryRecord = {
        id: randomUUID(),
        owner: principal.id,
        scope: JSON.stringify(question.scope),
        parameters,
        createdMs: now(),
        status: 'queued',
        events: 0,
        frames: [],
      };
      const job = keep(record, question);
      await save(job, {});
      queue.push(principal.id, job);
      next();
      return job.record;
    },
    list: (owner) =>
      [...jobs.values()]
        .map(({ record }) => record)
        .filter((record) => record.owner === owner && !hasExpired(record))
        .toSorted((a, b) => b.createdMs - a.createdMs),
    get(owner, id) {
      const record = jobs.get(id)?.record;
      return record?.owner === owner && !hasExpired(record) ? record : undefined;
    },
    async progress({ endedMs, id, startedMs, status }) {
      const job = jobs.get(id);
      const { own, all } = job?.total ?? { own: 0, all: 0 };
      const seconds = startedMs === undefined ? 0 : ((endedMs ?? now()) - startedMs) / 1000;
      if (job === undefined || status === 'queued') return { rowsRead: 0, rowsTotal: own, seconds: 0 };
      if (status === 'done') return { rowsRead: own, rowsTotal: own, seconds };
      // How many rows others have is not told: only the part that is done of one's own.
      const { rowsRead } = await store.readProgress(job.meter);
      const part = all === 0 ? 0 : Math.min(1, rowsRead / all);
      return { rowsRead: Math.floor(own * part), rowsTotal: own, seconds };
    },
    async ended(id, waitMs, signal) {
      const job = jobs.get(id);
      if (job === undefined || hasEnded(job.record) || waitMs <= 0) return;
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, waitMs);
      signal.addEventListener('abort', () => late.resolve(), { once: true });
      await Promise.race([job.end.promise, late.promise]);
      clearTimeout(timer);
    },
    async delete({ id }) {
      const job = jobs.get(id);
      if (job === undefined) return;
      if (hasEnded(job.record)) return remove(job);
      if (queue.remove(job)) {
        await save(job, { status: 'cancelled', endedMs: now() });
        return;
      }
      job.stop.abort();
      await job.end.promise;
    },
    lines: ({ frames, id }, first, count) => readFrames(files.resultPath(id), frames, first, count),
    async start() {
      for (const record of await files.load()) {
        const job = keep(record, undefined);
        if (hasEnded(record)) job.end.resolve();
        else await interrupt(job);
      }
      await sweep();
      sweeper = setInterval(() => {
        sweep().catch((error: unknown) => logger.warn({ err: error }, 'old results were not removed'));
      }, SWEEP_MS);
    },
    async stop() {
      stopping = true;
      clearInterval(sweeper);
      for (const job of jobs.values()) job.stop.abort(new ProblemError(queryErrors.QUERY_INTERRUPTED));
      await Promise.all(running);
      for (const job of queue.drain()) await interrupt(job);
    },
  };

  async function interrupt(job: Job): Promise<void> {
    job.stop.abort(new ProblemError(queryErrors.QUERY_INTERRUPTED));
    await fail(job, undefined);
  }
}
