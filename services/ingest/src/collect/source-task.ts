/**
 * When one source is polled. A poll, then, until the next one is due, looks at its open jobs; a provider that is down is
 * asked less and less often, and not before it said. One thing at a time: a poll never overlaps itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PollDefinition, SourceDefinition } from '@cadf-pipeline/control-state';
import type { CimiFailureCode } from '../cimi/cimi-failure.ts';
import type { CollectLogger } from './append-durably.ts';
import { LONGEST_RETRY_AFTER_MS } from './poller.ts';
import type { Poller, PollResult } from './poller.ts';
import type { TroubleReport } from './trouble-report.ts';
import type { Turns } from './turns.ts';

export interface SourceTaskDependencies {
  readonly source: Pick<SourceDefinition, 'id'>;
  readonly poll: Pick<PollDefinition, 'everySeconds' | 'openJobsEverySeconds'>;
  readonly poller: Poller;
  readonly report: TroubleReport;
  /** For sources that are well, and for those that are not: these wait for each other only. */
  readonly turns: { readonly well: Turns; readonly ill: Turns };
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  readonly logger: CollectLogger;
  /** Why nothing of it can be made durable; undefined: it can. */
  readonly onStreamTrouble: (reason: string | undefined) => void;
}

const DEFAULT_EVERY_SECONDS = 30;
const DEFAULT_OPEN_JOBS_SECONDS = 5;
/** The first polls of all sources are spread over so long. */
const SPREAD_MS = 2000;
const LONGEST_BACK_OFF_MS = 300_000;
const STREAM_RETRY_MS = 2000;
/** A poll that lasted longer: what is slow, or has very much, must not be in front of the others. */
const LONG_MS = 10_000;

/** Whose polls last long: it was waited for, or asked for all that one poll may have. */
const COSTLY: ReadonlySet<string> = new Set<CimiFailureCode>([
  'CIMI_UNREACHABLE',
  'CIMI_TIMEOUT',
  'CIMI_STATUS',
  'CIMI_BUDGET',
]);

/** Resolves when the signal is aborted and nothing of it runs any more; never rejects. */
export async function runSourceTask(
  dependencies: SourceTaskDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { source, poll, poller, report, turns, now, random, logger, onStreamTrouble } = dependencies;
  const everyMs = (poll.everySeconds ?? DEFAULT_EVERY_SECONDS) * 1000;
  const openJobsMs = (poll.openJobsEverySeconds ?? DEFAULT_OPEN_JOBS_SECONDS) * 1000;
  let downInARow = 0;
  const laneOf = (codes: readonly string[]): Turns =>
    codes.some((code) => COSTLY.has(code)) ? turns.ill : turns.well;
  // After a restart, too, those that hang must not be in front of the others.
  let lane = laneOf(report.open());
  let told = '';

  async function once(run: () => Promise<PollResult>): Promise<PollResult> {
    let lastedMs = 0;
    const result = await lane.take(signal, async () => {
      const beganMs = now();
      const done = await run();
      lastedMs = now() - beganMs;
      return done;
    });
    await report.settle(result.failures, result.isWhole, now(), signal);
    onStreamTrouble(undefined);
    lane = lastedMs > LONG_MS ? turns.ill : laneOf(result.failures.map(({ code }) => code));
    return result;
  }

  function log({ failures }: PollResult): void {
    const codes = [...new Set(failures.map(({ code }) => code))].join(' ');
    if (codes === told) return;
    told = codes;
    const [first] = failures;
    if (first === undefined)
      logger.info({ source: source.id }, 'collecting from a CIMI provider works again');
    else
      logger.warn(
        { source: source.id, codes, detail: first.message },
        'collecting from a CIMI provider is in trouble',
      );
  }

  function waitAfter({ failures, isDown }: PollResult): number {
    downInARow = isDown ? downInARow + 1 : 0;
    const backOff = Math.min(everyMs * 2 ** Math.min(downInARow, 20), Math.max(everyMs, LONGEST_BACK_OFF_MS));
    const asked = isDown ? Math.max(0, ...failures.map(({ retryAfterMs }) => retryAfterMs ?? 0)) : 0;
    const jittered = (downInARow === 0 ? everyMs : backOff) * (0.9 + 0.2 * random());
    return Math.max(jittered, Math.min(asked, LONGEST_RETRY_AFTER_MS));
  }

  async function watchUntil(dueMs: number): Promise<void> {
    let isWatching = true;
    for (let leftMs = dueMs - now(); leftMs > 0; leftMs = dueMs - now()) {
      if (!isWatching || poller.openJobs() === 0 || leftMs <= openJobsMs)
        return sleep(leftMs, undefined, { signal });
      await sleep(openJobsMs, undefined, { signal });
      const { failures } = await once(() => poller.watch(signal));
      isWatching = !failures.some(({ retryable }) => retryable);
    }
  }

  await sleep(random() * Math.min(everyMs, SPREAD_MS), undefined, { signal }).catch(() => undefined);
  while (!signal.aborted) {
    try {
      const beganMs = now();
      const result = await once(() => poller.poll(signal));
      log(result);
      const waitMs = waitAfter(result);
      await watchUntil(result.isDown ? now() + waitMs : Math.max(now(), beganMs + waitMs));
    } catch (error) {
      if (signal.aborted) return;
      onStreamTrouble(error instanceof Error ? error.message : String(error));
      logger.error(
        { err: error, source: source.id },
        'a poll of a CIMI provider was given up, starting again',
      );
      await sleep(STREAM_RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
