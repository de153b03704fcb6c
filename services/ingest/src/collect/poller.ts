/** One provider, polled once: everything in order, each bounded, the failure of one thing no reason to leave out the next. */
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import type { PollDefinition, SourceDefinition } from '@cadf-pipeline/control-state';
import { StreamError } from '@cadf-pipeline/event-stream';
import type { ActivityRecorder } from '@cadf-pipeline/source-activity';
import type { CimiClient } from '../cimi/cimi-client.ts';
import { CimiFailure } from '../cimi/cimi-failure.ts';
import type { CimiDiscovery } from '../cimi/discover.ts';
import type { CollectMetrics } from './collect-metrics.ts';
import type { SourceMarks } from './collected-marks.ts';
import { deliver } from './deliver.ts';
import type { DeliverDependencies } from './deliver.ts';
import { OPEN_JOB } from './job-round.ts';
import { watchOpenJobs } from './open-jobs.ts';
import { piecesOf } from './pieces.ts';
import type { PollContext } from './poll-context.ts';

export interface PollerDependencies extends DeliverDependencies {
  readonly source: SourceDefinition;
  readonly poll: PollDefinition;
  readonly client: CimiClient;
  readonly marks: SourceMarks;
  readonly tell: (event: CadfEvent) => Promise<void>;
  readonly metrics: CollectMetrics;
  /** Where people see how the last poll went. */
  readonly activity: Pick<ActivityRecorder, 'polled'>;
  /** Of one poll, whatever the provider does. */
  readonly maxPollMs: number;
}

export interface PollResult {
  readonly failures: readonly CimiFailure[];
  /** Nothing could be had. */
  readonly isDown: boolean;
  /** What did not fail works: nothing was left out. */
  readonly isWhole: boolean;
}

export interface Poller {
  /** Throws the signal's reason, and `StreamError` where nothing can be made durable. */
  poll(signal: AbortSignal): Promise<PollResult>;
  /** Looks at open jobs only; nothing before the first poll. */
  watch(signal: AbortSignal): Promise<PollResult>;
  openJobs(): number;
}

/** What a provider has changes rarely, and to ask for it may be many requests. */
const DISCOVER_EVERY_MS = 300_000;
/** Nothing is left alone for longer, whatever the provider asks for. */
export const LONGEST_RETRY_AFTER_MS = 3_600_000;

export function createPoller(dependencies: PollerDependencies): Poller {
  const { source, poll, client, marks, tell, metrics, activity, maxPollMs, logger, now } = dependencies;
  const { origin } = new URL(poll.url);
  /** What the provider wants to be left alone with, by `Retry-After`; the other things go on. */
  const held = new Map<string, { readonly untilMs: number; readonly failure: CimiFailure }>();
  let known: { readonly discovery: CimiDiscovery; readonly atMs: number } | undefined;

  interface Round {
    readonly signal: AbortSignal;
    readonly polledMs: number;
    readonly failures: CimiFailure[];
    /** Undefined: it did. */
    attempt(what: string, run: () => Promise<void>): Promise<CimiFailure | undefined>;
    isOver(): boolean;
  }

  function begin(stop: AbortSignal): Round {
    client.beginPoll();
    const late = AbortSignal.timeout(maxPollMs);
    const failures: CimiFailure[] = [];
    return {
      signal: AbortSignal.any([stop, late]),
      polledMs: now(),
      failures,
      isOver: () => late.aborted,
      async attempt(what, run) {
        try {
          await run();
          return undefined;
        } catch (error) {
          stop.throwIfAborted();
          if (error instanceof StreamError) throw error;
          const failure = failureOf(error, what, late);
          failures.push(failure);
          return failure;
        }
      },
    };
  }

  function hold(name: string, failure: CimiFailure, polledMs: number): void {
    if (failure.retryAfterMs === undefined) return;
    held.set(name, { untilMs: polledMs + Math.min(failure.retryAfterMs, LONGEST_RETRY_AFTER_MS), failure });
  }

  function failureOf(error: unknown, what: string, late: AbortSignal): CimiFailure {
    if (late.aborted)
      return new CimiFailure(
        'CIMI_TIMEOUT',
        `A poll did not end within ${maxPollMs} ms; the next one goes on. Let the provider list its items whole, or filter.`,
        { retryable: true },
      );
    if (error instanceof CimiFailure) return error;
    logger.error({ err: error, source: source.id, what }, 'what a CIMI provider answers cannot be collected');
    return new CimiFailure(
      'CIMI_DOCUMENT',
      `Its ${what} cannot be collected: ${String(error).slice(0, 200)}`,
    );
  }

  function contextOf(discovery: CimiDiscovery, round: Round, stop: AbortSignal): PollContext {
    return {
      source: source.id,
      client,
      discovery,
      polledMs: round.polledMs,
      signal: round.signal,
      remembered: marks.remembered,
      // A poll whose time is over still makes durable what it has.
      async deliver(documents, added) {
        const to = { source: source.id, origin, baseUri: discovery.base.href };
        await deliver(documents, to, dependencies, stop);
        await marks.put(added, stop);
        metrics.documents(source.id, documents.length);
      },
      tell,
      trouble: (failure) => void round.failures.push(failure),
    };
  }

  function resultOf({ failures }: Round, isDown: boolean): PollResult {
    for (const { code } of failures) metrics.failed(source.id, code);
    metrics.openJobs(source.id, marks.count(OPEN_JOB));
    return { failures, isDown, isWhole: !isDown && failures.every(({ retryable }) => !retryable) };
  }

  return {
    async poll(stop) {
      const round = begin(stop);
      const isFresh = known !== undefined && round.polledMs - known.atMs < DISCOVER_EVERY_MS;
      if (!isFresh) {
        known = undefined;
        await round.attempt('entry point', async () => {
          known = { discovery: await client.discover(round.signal), atMs: round.polledMs };
        });
      }
      let done = 0;
      if (known !== undefined) {
        const { discovery } = known;
        round.failures.push(...discovery.refused);
        const context = contextOf(discovery, round, stop);
        for (const { name, collect } of piecesOf(poll, discovery)) {
          if (round.isOver()) break;
          const before = held.get(name);
          if (before !== undefined && round.polledMs < before.untilMs) {
            round.failures.push(before.failure);
            continue;
          }
          held.delete(name);
          const failure = await round.attempt(name, () => collect(context));
          if (failure === undefined) done++;
          else hold(name, failure, round.polledMs);
        }
      }
      // It may be somewhere else by now.
      if (round.failures.some(({ retryable, code }) => retryable || code === 'CIMI_GONE')) known = undefined;
      const isDown = done === 0 && round.failures.length > 0;
      metrics.polled(source.id, isDown ? 'failed' : round.failures.length > 0 ? 'trouble' : 'ok');
      activity.polled(source.id, troubleOf(round.failures));
      if (round.failures.length === 0) metrics.succeeded(source.id, round.polledMs);
      return resultOf(round, isDown);
    },
    async watch(stop) {
      const round = begin(stop);
      if (known !== undefined) {
        const context = contextOf(known.discovery, round, stop);
        await round.attempt('open jobs', () => watchOpenJobs(context));
      }
      return resultOf(round, false);
    },
    openJobs: () => (known === undefined ? 0 : marks.count(OPEN_JOB)),
  };
}

function troubleOf(failures: readonly CimiFailure[]): string | undefined {
  const byCode = new Map(failures.map(({ code, message }) => [code, message]));
  return byCode.size === 0
    ? undefined
    : [...byCode].map(([code, message]) => `${code}: ${message}`).join(' ');
}
