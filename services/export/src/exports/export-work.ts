/** The exports that this process does, one of all that share them, and what is left of those that ended. */
import { readdir, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { controlChangeEvent, namedTenants } from '@cadf-pipeline/control-state';
import type { Audit, ControlState, ExportJob } from '@cadf-pipeline/control-state';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { createSharedWork } from '@cadf-pipeline/shared-work';
import type { Kept } from '@cadf-pipeline/shared-work';
import type { Registry } from 'prom-client';
import { exportErrors } from '../errors.ts';
import { openExportDirectory } from './export-directory.ts';
import { ExportRecord, hasEnded } from './export-record.ts';
import { createExportMetrics } from './export-metrics.ts';
import { runExport } from './export-run.ts';
import type { ExportRunDependencies } from './export-run.ts';
import { statusOf } from './export-view.ts';
import type { ExportStatus } from './export-view.ts';

export interface ExportBounds {
  /** At once in this process. */
  readonly running: number;
  /** How long files of exports that ended are kept, ms. */
  readonly keepMs: number;
  /** Of the files kept of all exports, and of those of one owner. */
  readonly maxBytes: number;
  readonly maxBytesOfOne: number;
}

export interface ExportWorkDependencies extends Omit<
  ExportRunDependencies,
  'ended' | 'requireRoom' | 'state'
> {
  readonly state: Pick<ControlState, 'change' | 'get' | 'list' | 'onChange'>;
  readonly stream: EventStream;
  readonly audit: Audit;
  readonly registry: Registry;
  readonly bounds: ExportBounds;
  /** How often is looked for what is to be removed, ms; default a minute. */
  readonly sweepEveryMs?: number;
}

export interface ExportWork {
  start(): Promise<void>;
  /** What any process knows of an export; undefined: it has not begun. */
  record(id: string): Kept<ExportRecord> | undefined;
  /** Removes its files; it has no definition any more. */
  discard(id: string): Promise<void>;
  /** Throws EXPORT_QUOTA where an owner, or all of them, have as many bytes as may be. */
  requireQuota(owner: string): void;
  /** Why the exports of this process are not done; undefined: they are. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

const TOPIC = { name: 'cadf.exports', partitions: 16, cleanup: 'compact' } as const;
const GROUP = 'cadf-export-jobs';
const SWEEP_EVERY_MS = 60_000;
/** A directory without a definition may be of one that this process has not heard of yet. */
const ORPHAN_MS = 3_600_000;
/** How long exports that have ended meanwhile are still looked at one by one. */
const SUMS_MS = 1000;
const ID = /^[0-9a-f-]{36}$/;

interface KeptSums {
  readonly atMs: number;
  /** Bytes by owner. */
  readonly ended: ReadonlyMap<string, number>;
  /** The others, that may grow. */
  readonly growing: readonly { readonly id: string; readonly owner: string }[];
}

export function createExportWork(deps: ExportWorkDependencies): ExportWork {
  const { audit, bounds, logger, now, rights, root, state, stream } = deps;
  const work = createSharedWork({
    stream,
    logger,
    topic: TOPIC,
    group: GROUP,
    noun: 'export',
    record: ExportRecord,
    maxRuns: bounds.running,
    ownerOf: (id) => state.get('export', id)?.entity.owner.id ?? '',
    now,
    ids: () => state.list('export').map(({ entity }) => entity.id),
    definition(id) {
      const job = state.get('export', id)?.entity;
      if (job === undefined || hasEnded(work.get(id))) return undefined;
      return JSON.stringify([job.cancelled, rights.basis(job)]);
    },
    run: (id, mine, stop) => runExport({ ...deps, ended: metrics.ended, requireRoom }, id, mine, stop),
  });
  const metrics = createExportMetrics(deps.registry, census);
  let sums: KeptSums | undefined;
  let unlisten: () => void = () => undefined;
  let sweeping: NodeJS.Timeout | undefined;
  let swept: Promise<void> = Promise.resolve();

  function census(): ReadonlyMap<ExportStatus, number> {
    const byState = new Map<ExportStatus, number>();
    for (const id of work.owned()) {
      const job = state.get('export', id)?.entity;
      if (job === undefined) continue;
      const status = statusOf(job, work.get(id));
      byState.set(status, (byState.get(status) ?? 0) + 1);
    }
    return byState;
  }

  function sumKept(): KeptSums {
    const ended = new Map<string, number>();
    const growing: { id: string; owner: string }[] = [];
    for (const { entity } of state.list('export')) {
      if (entity.destination.type !== 'download') continue;
      const { id, owner } = entity;
      const record = work.get(id);
      if (hasEnded(record)) add(ended, owner.id, record?.bytes ?? 0);
      else growing.push({ id, owner: owner.id });
    }
    return { atMs: now(), ended, growing };
  }

  /**
   * Bytes of kept files by owner, of exports that may be downloaded. Those that run count as they are now, with what they
   * told of the file that they write: each may add so much unseen as it writes until it tells again, and one file at most.
   * `asking` knows itself how long its file is.
   */
  function keptBytes(asking?: string): ReadonlyMap<string, number> {
    if (sums === undefined || Math.abs(now() - sums.atMs) >= SUMS_MS) sums = sumKept();
    const byOwner = new Map(sums.ended);
    for (const { id, owner } of sums.growing) {
      const { bytes = 0, writing } = work.get(id) ?? {};
      add(byOwner, owner, bytes + (id === asking ? 0 : (writing?.bytes ?? 0)));
    }
    return byOwner;
  }

  function requireWithin(owner: string, more: number, asking?: string): void {
    const { maxBytes, maxBytesOfOne } = bounds;
    const kept = keptBytes(asking);
    const all = [...kept.values()].reduce((sum, bytes) => sum + bytes, more);
    const own = (kept.get(owner) ?? 0) + more;
    if (own > maxBytesOfOne)
      throw new ProblemError(exportErrors.EXPORT_QUOTA, {
        detail: `Its owner has ${own} bytes of files; the most is ${maxBytesOfOne}.`,
      });
    if (all > maxBytes)
      throw new ProblemError(exportErrors.EXPORT_QUOTA, {
        detail: `There would be more than ${maxBytes} bytes of files of exports.`,
      });
  }

  function requireRoom(job: ExportJob, bytes: number): void {
    requireWithin(job.owner.id, bytes, job.id);
  }

  async function expire(id: string): Promise<void> {
    const found = state.get('export', id);
    if (found === undefined) return;
    const change = {
      eventId: randomUUID(),
      timeMs: now(),
      action: 'delete',
      kind: 'export',
      id,
      before: found.entity,
      principal: { id: 'cadf-pipeline', name: 'retention of exports' },
    } as const;
    const seen = namedTenants(found.entity);
    await audit(controlChangeEvent({ ...change, outcome: 'pending' }), seen);
    await state.change('export', id, null, { by: change.principal.id, ifVersion: found.version });
    await audit(controlChangeEvent({ ...change, outcome: 'success' }), seen);
    await openExportDirectory(root, id).removeAll();
  }

  async function sweep(): Promise<void> {
    for (const id of work.owned()) {
      const endedMs = work.get(id)?.endedMs;
      if (endedMs !== undefined && endedMs + bounds.keepMs <= now()) await expire(id);
    }
    for (const name of await readdir(root).catch(() => [])) {
      if (!ID.test(name) || state.get('export', name) !== undefined) continue;
      const path = join(root, name);
      const { mtimeMs } = await stat(path);
      if (mtimeMs + ORPHAN_MS <= now()) await rm(path, { recursive: true, force: true });
    }
  }

  return {
    async start() {
      unlisten = state.onChange((kind, id) => {
        if (kind === 'export') {
          sums = undefined;
          work.changed(id);
        }
        if (kind !== 'key') return;
        for (const { entity } of state.list('export'))
          if (entity.owner.id === id && !hasEnded(work.get(entity.id))) work.changed(entity.id);
      });
      await work.start();
      sweeping = setInterval(() => {
        swept = swept.then(sweep).catch((error: unknown) => {
          logger.warn({ err: error }, 'old exports were not removed, trying again later');
        });
      }, deps.sweepEveryMs ?? SWEEP_EVERY_MS);
    },
    record: (id) => work.get(id),
    discard: (id) => openExportDirectory(root, id).removeAll(),
    requireQuota: (owner) => requireWithin(owner, 1),
    trouble: () => work.trouble(),
    async stop() {
      clearInterval(sweeping);
      unlisten();
      await swept;
      await work.stop();
    },
  };
}

function add(sums: Map<string, number>, owner: string, bytes: number): void {
  sums.set(owner, (sums.get(owner) ?? 0) + bytes);
}
