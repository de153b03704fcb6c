/** What all routes of exports share: finding one, who may do what with it, showing it. */
import { requireCurrent } from '@cadf-pipeline/control-state';
import type { AdminDeps, ExportJob, IdParams, Versioned } from '@cadf-pipeline/control-state';
import type { EventStore } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyRequest } from 'fastify';
import { exportErrors } from '../errors.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
import { administers, ownerOf, owns, sinceOf } from '../subscription/visibility.ts';
import type { DestinationRules } from './destination-rules.ts';
import { openExportDirectory } from './export-directory.ts';
import type { LedgerEntry } from './export-directory.ts';
import type { ExportEvents } from './export-events.ts';
import { exportView, statusOf } from './export-view.ts';
import type { ExportRights } from './export-rights.ts';
import type { ExportWork } from './export-work.ts';
import type { SignedLinks } from './signed-links.ts';

export const EXPORTS_PATH = '/cadf/v1/exports';

export interface ExportDeps extends AdminDeps {
  readonly store: Pick<EventStore, 'snapshot'>;
  readonly box: SecretBox;
  readonly rights: ExportRights;
  readonly work: ExportWork;
  readonly events: ExportEvents;
  readonly links: SignedLinks;
  readonly destinations: DestinationRules;
  /** Of the files of all exports. */
  readonly root: string;
  readonly keepMs: number;
}

/** Exports whose files are remembered, some 300 bytes for each file. */
const MAX_READ = 20;

/** `own`: only its owner; `see`: also an admin of all its tenants. */
export type May = 'own' | 'see';
type OfOne = FastifyRequest<{ Params: IdParams }>;

export interface Exports {
  all(principal: Principal): readonly Versioned<'export'>[];
  /** Throws EXPORT_NOT_FOUND, EXPORT_NOT_YOURS and CONTROL_VERSION. */
  current(request: OfOne, may: May): Versioned<'export'>;
  /** Throws EXPORT_NEEDS_KEY. */
  ownerOf(principal: Principal): ExportJob['owner'];
  /** The files of one; empty where it has none any more. */
  entries(job: ExportJob): Promise<readonly LedgerEntry[]>;
  /** Throws EXPORT_RIGHTS where its owner may not read any more what is in it. */
  requireRights(job: ExportJob): void;
  view(principal: Principal, job: ExportJob, entries?: readonly LedgerEntry[]): { readonly id: string };
}

export function createExports({ keepMs, rights, root, state, work }: ExportDeps): Exports {
  /** Of exports that were looked at lately, those last read at the end: who waits for one asks often. */
  const read = new Map<string, { readonly upto: string; readonly entries: readonly LedgerEntry[] }>();
  const isOwn = (principal: Principal, job: ExportJob): boolean =>
    owns(principal, sinceOf(state, principal), job);

  return {
    all: (principal) =>
      state.list('export').filter(({ entity }) => isOwn(principal, entity) || administers(principal, entity)),
    current(request, may) {
      const principal = principalOf(request);
      const { id } = request.params;
      const found = state.get('export', id);
      const own = found !== undefined && isOwn(principal, found.entity);
      if (found === undefined || !(own || administers(principal, found.entity)))
        throw new ProblemError(exportErrors.EXPORT_NOT_FOUND);
      if (may === 'own' && !own) throw new ProblemError(exportErrors.EXPORT_NOT_YOURS);
      return requireCurrent('export', id, found, request.headers['if-match']);
    },
    ownerOf(principal) {
      const owner = ownerOf(state, principal);
      if (owner === undefined) throw new ProblemError(exportErrors.EXPORT_NEEDS_KEY);
      return owner;
    },
    async entries(job) {
      const record = work.record(job.id);
      const status = statusOf(job, record);
      if (record === undefined || (status !== 'done' && status !== 'running')) return [];
      const upto = JSON.stringify(record.runs);
      const known = read.get(job.id);
      if (known?.upto === upto) return known.entries;
      const noted = await openExportDirectory(root, job.id).entries(record);
      // Hashes of blocks are for the manifest, and long.
      const entries = noted.map(({ file: { blocks: _blocks, ...file }, ...rest }) => ({ ...rest, file }));
      read.delete(job.id);
      read.set(job.id, { upto, entries });
      const [oldest] = read.keys();
      if (read.size > MAX_READ && oldest !== undefined) read.delete(oldest);
      return entries;
    },
    requireRights(job) {
      const scope = rights.scopeOf(job);
      if (typeof scope === 'string') throw new ProblemError(exportErrors.EXPORT_RIGHTS, { detail: scope });
    },
    view: (principal, job, entries) => ({
      id: job.id,
      ...exportView({
        job,
        record: work.record(job.id),
        mine: isOwn(principal, job),
        keepMs,
        path: `${EXPORTS_PATH}/${job.id}`,
        ...(entries === undefined ? {} : { entries }),
      }),
    }),
  };
}
