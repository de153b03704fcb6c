/** Readers of live events: each is sent what the tail gives it, until it goes, its rights end, or the service stops. */
import { TailEnded } from '@cadf-pipeline/event-tail';
import type { EventTail, TailBatch, TailPlace } from '@cadf-pipeline/event-tail';
import { dependencyErrors, frameworkErrors, ProblemError, toProblem } from '@cadf-pipeline/service-kit';
import type { Credential, PipelineMetrics, Principal } from '@cadf-pipeline/service-kit';
import type { FastifyBaseLogger } from 'fastify';
import type { LiveAnswer } from './live-answer.ts';
import type { LiveQuestion } from './live-question.ts';
import { createLiveRights } from './live-rights.ts';
import type { LiveRight } from './live-rights.ts';
import { endText, eventText, HEARTBEAT, openingText, placeText } from './server-sent-events.ts';

export interface LiveStreamsDependencies {
  readonly tail: EventTail;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Pick<PipelineMetrics, 'liveSent' | 'setLiveReaders'>;
  readonly heartbeatMs: number;
}

export interface LiveReader {
  readonly question: LiveQuestion;
  /** Where it begins. */
  readonly start: TailPlace;
  readonly credential: Credential;
  readonly principal: Principal;
  /** Opens the answer; `gone` is called when its connection closes. */
  readonly open: (gone: () => void) => LiveAnswer;
}

export interface LiveStreams {
  /** Resolves when the answer was ended. Throws FORBIDDEN_TENANT before it is opened, and nothing from then on. */
  serve(reader: LiveReader): Promise<void>;
  /** Ends all answers: the service stops. */
  close(): void;
}

/** What is in memory for a reader that is slow, beside what the tail keeps for it; one event may be more. */
const BATCH_BYTES = 64 * 1024;
const BATCH_EVENTS = 200;

export function createLiveStreams({
  heartbeatMs,
  logger,
  metrics,
  tail,
}: LiveStreamsDependencies): LiveStreams {
  const rights = createLiveRights({ logger });
  const stops = new Set<(problem: ProblemError) => void>();
  let isClosed = false;

  /** Begins again where the rights change: what was read under other rights is not given. */
  async function* read(
    question: LiveQuestion,
    start: TailPlace,
    right: LiveRight,
    signal: AbortSignal,
  ): AsyncGenerator<TailBatch> {
    let place = start;
    while (!signal.aborted) {
      const version = right.version();
      const batches = tail.follow({
        ...question.asked,
        from: place,
        scope: () => right.scope(),
        signal,
        maxBytes: BATCH_BYTES,
        maxEvents: BATCH_EVENTS,
        placeEveryMs: heartbeatMs,
      });
      for await (const batch of batches) {
        await right.current(signal);
        if (signal.aborted || right.version() !== version) break;
        yield batch;
        ({ place } = batch);
      }
    }
  }

  async function serve({ credential, open, principal, question, start }: LiveReader): Promise<void> {
    const stopping = new AbortController();
    const { signal } = stopping;
    let why: ProblemError | undefined;
    const stop = (problem?: ProblemError): void => {
      why ??= problem;
      stopping.abort();
    };
    const right = rights.watch(credential, principal, question.asked.tenant, stop);
    const answer = open(stop);
    stops.add(stop);
    if (isClosed) stop(new ProblemError(frameworkErrors.SHUTTING_DOWN));
    metrics.setLiveReaders(stops.size);
    let place = start;
    let told = true;
    answer.send(openingText(question.cursorOf(place)));
    const heartbeat = setInterval(() => {
      if (answer.full) return;
      answer.send(told ? HEARTBEAT : HEARTBEAT + placeText(question.cursorOf(place)));
      told = true;
    }, heartbeatMs);
    try {
      for await (const batch of read(question, start, right, signal)) {
        if (batch.events.length === 0) {
          told &&= isSame(place, batch.place);
          ({ place } = batch);
          continue;
        }
        ({ place } = batch);
        told = true;
        answer.send(textOf(batch, question));
        metrics.liveSent(batch.events.length);
        heartbeat.refresh();
        await answer.taken(signal);
      }
    } catch (error) {
      if (!signal.aborted) stop(problemOf(error, logger));
    } finally {
      clearInterval(heartbeat);
      stops.delete(stop);
      metrics.setLiveReaders(stops.size);
      right.release();
    }
    answer.end(
      why === undefined ? '' : endText(question.cursorOf(place), why.definition, why.options.detail),
    );
  }

  return {
    serve,
    close() {
      isClosed = true;
      const problem = new ProblemError(frameworkErrors.SHUTTING_DOWN);
      for (const stop of stops) stop(problem);
      rights.close();
    },
  };
}

function textOf(batch: TailBatch, question: LiveQuestion): string {
  return batch.events
    .map(({ text }, index) => eventText(question.cursorOf(batch.placeAfter(index)), text.toString()))
    .join('');
}

function isSame({ next: one }: TailPlace, { next: other }: TailPlace): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([partition, offset]) => other.get(partition) === offset);
}

function problemOf(error: unknown, logger: FastifyBaseLogger): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof TailEnded && error.reason === 'closed')
    return new ProblemError(frameworkErrors.SHUTTING_DOWN);
  if (error instanceof TailEnded && error.reason === 'rights')
    return new ProblemError(frameworkErrors.UNAUTHENTICATED);
  if (error instanceof TailEnded) return toProblem(error.cause, dependencyErrors);
  logger.error({ err: error }, 'a reader of live events was ended');
  return new ProblemError(frameworkErrors.INTERNAL, { cause: error });
}
