/** What all routes of exports share: finding one, who may do what with it, showing it. */
import { createKeyOwned, MAX_EXPORTS_OF_ONE } from '@cadf-pipeline/control-state';
import type { AdminDeps, ExportJob, KeyOwned } from '@cadf-pipeline/control-state';
import type { EventStore } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { exportErrors } from '../errors.ts';
import type { SecretBox } from '../subscription/secret-box.ts';
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

export interface Exports extends KeyOwned<'export'> {
  /** The files of one; empty where it has none any more. */
  entries(job: ExportJob): Promise<readonly LedgerEntry[]>;
  /** Throws EXPORT_RIGHTS where its owner may not read any more what is in it. */
  requireRights(job: ExportJob): void;
  view(principal: Principal, job: ExportJob, entries?: readonly LedgerEntry[]): { readonly id: string };
}

export function createExports(deps: ExportDeps): Exports {
  const { keepMs, rights, root, work } = deps;
  /** Of exports that were looked at lately, those last read at the end: who waits for one asks often. */
  const read = new Map<string, { readonly upto: string; readonly entries: readonly LedgerEntry[] }>();
  const owned = createKeyOwned(deps, {
    kind: 'export',
    most: MAX_EXPORTS_OF_ONE,
    problems: {
      notFound: exportErrors.EXPORT_NOT_FOUND,
      notYours: exportErrors.EXPORT_NOT_YOURS,
      needsKey: exportErrors.EXPORT_NEEDS_KEY,
      tooMany: exportErrors.EXPORT_TOO_MANY,
    },
  });

  return {
    ...owned,
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
        mine: owned.isOwn(principal, job),
        keepMs,
        path: `${EXPORTS_PATH}/${job.id}`,
        ...(entries === undefined ? {} : { entries }),
      }),
    }),
  };
}
