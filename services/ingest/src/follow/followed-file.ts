/** One file of a source, read into the stream: what is read becomes durable first, then the place is remembered. */
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResolvedSource } from '@cadf-pipeline/control-state';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import { followFile } from '../file-follower.ts';
import type { FileBatch, FollowOptions } from '../file-follower.ts';
import { createLocalClock } from '../normalize/local-clock.ts';
import type { RecordIntake } from '../records/record-intake.ts';
import type { FileCheckpoint } from '../rotated-files.ts';
import { readerOutcome } from '../source.ts';
import type { Normalizer, Outcome, Source } from '../source.ts';
import { checkAllowed } from './allowed-paths.ts';
import type { Checkpoints } from './checkpoints.ts';
import { createRestartPlace } from './restart-place.ts';
import type { RestartPlace } from './restart-place.ts';

export interface FollowedFileDependencies {
  readonly intake: RecordIntake;
  readonly metrics: PipelineMetrics;
  readonly checkpoints: Checkpoints;
  /** Directories files may be followed in. */
  readonly directories: readonly string[];
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

export interface FollowedFileOptions extends Pick<
  FollowOptions,
  'start' | 'rotated' | 'pollMs' | 'maxLineBytes'
> {
  readonly path: string;
  /** A file silent for so long is at the end of its last record; default one minute. */
  readonly idleMs?: number;
  readonly source: Source;
  readonly resolved: ResolvedSource;
  /** Called with why it is not being followed; undefined: it is again. */
  readonly onTrouble: (reason: string | undefined) => void;
}

export interface FollowedFile {
  /** Ends reading; what is held back is read again at the next start. */
  stop(): Promise<void>;
  /** The file was deleted: reads it to its end, then ends for good. What is held back has its outcome. */
  finish(): Promise<void>;
}

const DEFAULT_IDLE_MS = 60_000;
const RETRY_MS = 2000;
const MAX_RETRY_MS = 60_000;
/** Who submits what is read from files. */
export const SUBMITTER = 'follower';

export function followIntoStream(
  options: FollowedFileOptions,
  dependencies: FollowedFileDependencies,
): FollowedFile {
  const { onTrouble, path, resolved, source } = options;
  const { checkpoints, intake, logger, metrics } = dependencies;
  const stopping = new AbortController();
  const { signal } = stopping;
  let isFinishing = false;

  async function run(): Promise<void> {
    for (
      let waitMs = RETRY_MS;
      !signal.aborted && !isFinishing;
      waitMs = Math.min(2 * waitMs, MAX_RETRY_MS)
    ) {
      try {
        await checkAllowed(path, dependencies.directories);
        logger.info({ source: resolved.id, path }, 'following a file');
        await follow();
      } catch (error) {
        onTrouble(error instanceof Error ? error.message : String(error));
        logger.warn({ err: error, source: resolved.id, path }, 'a file is not being followed, trying again');
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async function follow(): Promise<void> {
    // A file waits until the setting is mended: throws TimeZoneError.
    const timezone = resolved.definition?.settings?.['timezone'];
    createLocalClock(timezone === undefined ? undefined : String(timezone));
    const normalizer = intake.normalizerFor(source, resolved, basename(path));
    const restart = createRestartPlace<FileCheckpoint>(normalizer);
    const known = checkpoints.get(resolved.id, path);
    const { idleMs = DEFAULT_IDLE_MS, maxLineBytes, pollMs, rotated, start } = options;
    const ending = new AbortController();
    const batches = followFile({
      path,
      follow: true,
      signal: AbortSignal.any([signal, ending.signal]),
      isGone: () => isFinishing,
      ...(maxLineBytes === undefined ? {} : { maxLineBytes }),
      ...(pollMs === undefined ? {} : { pollMs }),
      ...(rotated === undefined ? {} : { rotated }),
      ...(start === undefined ? {} : { start }),
      ...(known === undefined ? {} : { checkpoint: known }),
    });
    let last: FileBatch | undefined;
    const flush = async (): Promise<void> => {
      await makeDurable(normalizer.flush());
      restart.flushed();
      if (last !== undefined) await checkpoints.put(resolved.id, path, last.checkpoint());
    };
    try {
      for (;;) {
        const coming = batches.next();
        // Who writes nothing for so long has written all of what is open; operations that are remembered go on.
        if (restart.isOnlyOpen() && (await isSilent(coming, idleMs))) await flush();
        const { done, value: batch } = await coming;
        if (done === true) break;
        onTrouble(undefined);
        tellGap(batch);
        await take(batch, normalizer, restart);
        last = batch;
      }
    } finally {
      ending.abort();
      await batches.return();
    }
    if (!signal.aborted) await flush();
  }

  function tellGap({ gap }: FileBatch): void {
    if (gap === undefined) return;
    metrics.gap(resolved.id);
    logger.warn({ source: resolved.id, path, gap }, 'records may be lost');
  }

  async function take(
    batch: FileBatch,
    normalizer: Normalizer,
    restart: RestartPlace<FileCheckpoint>,
  ): Promise<void> {
    const all: Outcome[] = [];
    batch.records.forEach((record, index) => {
      const unread = readerOutcome(record);
      const outcomes = unread === undefined ? normalizer.push(record) : [unread];
      restart.pushed(
        record,
        outcomes,
        () => batch.checkpoint(index),
        () => batch.checkpoint(index + 1),
      );
      all.push(...outcomes);
    });
    metrics.received(resolved.id, batch.records.length);
    await makeDurable(all);
    const isOnlyPlace = batch.records.length === 0 && normalizer.held === 0;
    const place = isOnlyPlace ? batch.checkpoint() : restart.take();
    if (place !== undefined) await checkpoints.put(resolved.id, path, place);
  }

  async function makeDurable(outcomes: readonly Outcome[]): Promise<void> {
    if (outcomes.length === 0) return;
    await intake.take(outcomes, { source: resolved, reach: { tenants: '*' }, submitter: SUBMITTER });
  }

  const done = run();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
    async finish() {
      isFinishing = true;
      await done;
    },
  };
}

/** Whether nothing came for so long. */
async function isSilent(coming: Promise<unknown>, idleMs: number): Promise<boolean> {
  const timer = new AbortController();
  const silence = sleep(idleMs, true, { signal: timer.signal }).catch(() => false);
  // How it came, or failed, its own reader sees.
  const arrival = coming.then(
    () => false,
    () => false,
  );
  const answer = await Promise.race([silence, arrival]);
  timer.abort();
  return answer;
}
