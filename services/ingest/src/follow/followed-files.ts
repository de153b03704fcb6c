/**
 * Follows the files of registered sources: one follower per source that names a file, started, stopped and changed
 * as the control state says. What is read becomes durable first, then the place is remembered.
 */
import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlState, ResolvedSource, SourceDefinition } from '@cadf-pipeline/control-state';
import type { PipelineMetrics } from '@cadf-pipeline/service-kit';
import { followFile } from '../file-follower.ts';
import type { FileBatch } from '../file-follower.ts';
import type { RecordIntake } from '../records/record-intake.ts';
import type { SourceRegistry } from '../source-registry.ts';
import { readerOutcome } from '../source.ts';
import type { Normalizer, Outcome } from '../source.ts';
import type { Checkpoints } from './checkpoints.ts';

export interface FollowedFilesDependencies {
  readonly state: ControlState;
  readonly sources: SourceRegistry;
  readonly intake: RecordIntake;
  readonly metrics: PipelineMetrics;
  readonly checkpoints: () => Promise<Checkpoints>;
  /** Directories files may be followed in; an administrator of the API must not be able to read any file of the machine. */
  readonly directories: readonly string[];
  readonly maxLineBytes: number;
  readonly logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

export interface FollowedFiles {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Sources whose file is not being followed, and why. */
  troubles(): ReadonlyMap<string, string>;
}

interface Follower {
  readonly path: string;
  readonly type: string;
  readonly settings: string;
  readonly stopping: AbortController;
  readonly done: Promise<void>;
}

const RETRY_MS = 2000;
const MAX_RETRY_MS = 60_000;
/** Who submits what is read from files. */
const SUBMITTER = 'follower';

export function createFollowedFiles(dependencies: FollowedFilesDependencies): FollowedFiles {
  const { state, sources, intake, metrics, logger } = dependencies;
  const followers = new Map<string, Follower>();
  const troubles = new Map<string, string>();
  let checkpoints: Checkpoints | undefined;
  let unlisten = (): void => undefined;
  // Changes are applied one after the other, so that a source never has two followers.
  let applying: Promise<void> = Promise.resolve();

  function apply(id: string): void {
    applying = applying.then(async () => {
      const definition = state.get('source', id)?.entity;
      const current = followers.get(id);
      const path = definition?.follow?.path;
      const settings = JSON.stringify(definition?.settings ?? {});
      if (current?.path === path && current?.type === definition?.type && current?.settings === settings)
        return;
      current?.stopping.abort();
      await current?.done;
      followers.delete(id);
      troubles.delete(id);
      if (definition === undefined || path === undefined) return;
      const stopping = new AbortController();
      const done = run(definition, path, stopping.signal);
      followers.set(id, { path, type: definition.type, settings, stopping, done });
    });
  }

  async function run(definition: SourceDefinition, path: string, signal: AbortSignal): Promise<void> {
    for (let waitMs = RETRY_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, MAX_RETRY_MS)) {
      try {
        await checkAllowed(path, dependencies.directories);
        logger.info({ source: definition.id, path }, 'following a file');
        await follow(definition, path, signal);
      } catch (error) {
        troubles.set(definition.id, error instanceof Error ? error.message : String(error));
        logger.warn(
          { err: error, source: definition.id, path },
          'a file is not being followed, trying again',
        );
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async function follow(definition: SourceDefinition, path: string, signal: AbortSignal): Promise<void> {
    const source = sources.get(definition.type);
    if (source === undefined) throw new Error(`type ${definition.type} reads no raw records`);
    const resolved: ResolvedSource = { id: definition.id, type: definition.type, definition };
    const normalizer = intake.normalizerFor(source, resolved);
    const known = (checkpoints ??= await dependencies.checkpoints()).get(definition.id, path);
    const batches = followFile({
      path,
      follow: true,
      signal,
      maxLineBytes: dependencies.maxLineBytes,
      ...(known === undefined ? {} : { checkpoint: known }),
    });
    for await (const batch of batches) {
      troubles.delete(definition.id);
      if (batch.gap !== undefined)
        logger.warn({ source: definition.id, path, gap: batch.gap }, 'records may be lost');
      await take(resolved, normalizer, batch, path);
    }
  }

  async function take(
    resolved: ResolvedSource,
    normalizer: Normalizer,
    batch: FileBatch,
    path: string,
  ): Promise<void> {
    const outcomes: Outcome[] = [];
    let settled = 0;
    batch.records.forEach((record, index) => {
      const unread = readerOutcome(record);
      if (unread === undefined) outcomes.push(...normalizer.push(record));
      else outcomes.push(unread);
      // Only behind a record after which nothing is held back can a reader start again without losing the held ones.
      if (normalizer.held === 0) settled = index + 1;
    });
    metrics.received(resolved.id, batch.records.length);
    await intake.take(outcomes, { source: resolved, reach: { tenants: '*' }, submitter: SUBMITTER });
    if (settled > 0) await checkpoints?.put(resolved.id, path, batch.checkpoint(settled));
  }

  return {
    async start() {
      checkpoints = await dependencies.checkpoints();
      unlisten = state.onChange((kind, id) => {
        if (kind === 'source') apply(id);
      });
      for (const { entity } of state.list('source')) apply(entity.id);
    },
    async stop() {
      unlisten();
      await applying;
      for (const { stopping } of followers.values()) stopping.abort();
      await Promise.all([...followers.values()].map(({ done }) => done));
      followers.clear();
    },
    troubles: () => troubles,
  };
}

/** Links are resolved first, so that none leads out of the directories. The file itself need not be there yet. */
async function checkAllowed(path: string, directories: readonly string[]): Promise<void> {
  const real = await realpath(path).catch(async () =>
    join(await realpath(dirname(path)), path.split(sep).at(-1) ?? ''),
  );
  for (const directory of directories) {
    const allowed = await realpath(directory).catch(() => undefined);
    if (allowed !== undefined && real.startsWith(allowed.endsWith(sep) ? allowed : allowed + sep)) return;
  }
  throw new Error(
    `${path} is in none of the directories of CADF_FOLLOW_DIRECTORIES (${directories.join(', ')})`,
  );
}
