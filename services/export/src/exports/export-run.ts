/** Does one export: looks up the rights of its owner, counts, writes the files, signs the manifest, tells of the end. */
import { hash, randomBytes } from 'node:crypto';
import type { ControlState, ExportJob } from '@cadf-pipeline/control-state';
import type { EventStore, Scope } from '@cadf-pipeline/event-store';
import { StoreError } from '@cadf-pipeline/event-store';
import { FilePlaceError } from '@cadf-pipeline/file-places';
import { GuardedHttpError } from '@cadf-pipeline/guarded-http';
import { dependencyErrors, ProblemError, toProblem } from '@cadf-pipeline/service-kit';
import { Superseded } from '@cadf-pipeline/shared-work';
import type { Work, WorkLogger, WorkStop } from '@cadf-pipeline/shared-work';
import { exportErrors } from '../errors.ts';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import type { Carrier, OpenCarrier } from './destination.ts';
import { ledgerName, openExportDirectory } from './export-directory.ts';
import type { ExportDirectory } from './export-directory.ts';
import type { ExportEvents } from './export-events.ts';
import { writeFiles } from './export-files.ts';
import { signExport } from './export-manifest.ts';
import { planParts } from './export-question.ts';
import { hasEnded, newExportRecord } from './export-record.ts';
import type { ExportRecord } from './export-record.ts';
import type { ExportRights } from './export-rights.ts';
import { MANIFEST_TYPE, SIGNATURE_TYPE } from './file-answers.ts';
import { NotTaken } from './http-carrier.ts';

export interface ExportRunDependencies {
  readonly store: Pick<EventStore, 'count' | 'sourceDays' | 'stream'>;
  readonly state: Pick<ControlState, 'get'>;
  /** Of the files of all exports, shared by all processes of the service. */
  readonly root: string;
  readonly rights: ExportRights;
  readonly identity: FederationIdentity;
  readonly events: ExportEvents;
  readonly openCarrier: OpenCarrier;
  /** Told once an end counts. */
  readonly ended: (record: ExportRecord) => void;
  /** Throws EXPORT_QUOTA where the export may not have so many bytes. */
  readonly requireRoom: (job: ExportJob, bytes: number) => void;
  readonly logger: WorkLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Attempts without a new file before it is given up: with the pauses between them some ten minutes. */
const MAX_ATTEMPTS = 25;

/** Throws what may go by itself: the export is begun again behind its last file. */
export async function runExport(
  deps: ExportRunDependencies,
  id: string,
  work: Work<ExportRecord>,
  stop: WorkStop,
): Promise<void> {
  const { now, root, state } = deps;
  const job = state.get('export', id)?.entity;
  const before = work.record;
  if (job === undefined || hasEnded(before)) return;
  const asked = job;
  const directory = openExportDirectory(root, id);
  const run = randomBytes(4).toString('hex');
  const known: ExportRecord = before ?? newExportRecord(now());
  const { writing: _writing, ...rest } = known;
  let record: ExportRecord = {
    ...rest,
    runs: [...known.runs.filter(({ files }) => files > 0), { id: run, files: 0 }],
    attempts: known.attempts + 1,
  };
  const save = async (next: ExportRecord): Promise<void> => {
    record = next;
    await work.save(next);
  };

  /** Its end is told of before it is one: what could not be told has not happened. */
  async function end(last: ExportRecord): Promise<void> {
    const { writing: _open, ...ended } = last;
    const told = { ...ended, endedMs: now() };
    await work.certain(stop.soft);
    await deps.events.ended(asked, told);
    await save(told);
    deps.ended(told);
    // Not before it counts: the files of a process that has taken over are there too.
    if (told.state !== 'done') await directory.removeAll();
  }

  const fail = (problem: ProblemError): Promise<void> => {
    const { code, hint } = problem.definition;
    const detail = (problem.options.detail ?? hint).slice(0, 4000);
    return end({ ...emptied(record), state: 'failed', failure: { code, detail } });
  };

  await save(record);
  if (job.cancelled !== undefined) return end({ ...emptied(record), state: 'cancelled' });
  const carrier = deps.openCarrier(job.destination, id);
  try {
    const done = await write({ ...deps, carrier, directory, run, save, stop, work }, job, record);
    await end({ ...done, state: 'done', attempts: 0 });
  } catch (error) {
    if (error instanceof Superseded || stop.soft.aborted) throw error;
    const problem = problemOf(error);
    if (problem !== undefined) return await fail(problem);
    if (record.attempts < MAX_ATTEMPTS) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    await fail(new ProblemError(exportErrors.EXPORT_FAILED, { detail }));
  } finally {
    await carrier?.close();
  }
}

interface Writing extends ExportRunDependencies {
  readonly carrier: Carrier | undefined;
  readonly directory: ExportDirectory;
  readonly run: string;
  readonly save: (record: ExportRecord) => Promise<void>;
  readonly stop: WorkStop;
  readonly work: Work<ExportRecord>;
}

async function write(deps: Writing, job: ExportJob, begun: ExportRecord): Promise<ExportRecord> {
  const { carrier, directory, now, rights, run, save, stop, store, work } = deps;
  function requireRights(): Scope {
    const scope = rights.scopeOf(job);
    if (typeof scope === 'string') throw new ProblemError(exportErrors.EXPORT_RIGHTS, { detail: scope });
    return scope;
  }

  const scope = requireRights();
  await directory.make();
  const noted = await directory.entries(begun);
  const kept = new Set(noted.flatMap((entry) => entry.kept ?? []));
  const ledgers = new Set(begun.runs.map((one) => ledgerName(one.id)));
  await directory.clean((name) => kept.has(name) || ledgers.has(name));

  const parts = await planParts(store, scope, job, stop.soft);
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  if (begun.total !== undefined && begun.total !== total)
    throw new ProblemError(exportErrors.EXPORT_COUNT_WRONG, {
      detail: `${begun.total} events were counted at first, and ${total} after it was interrupted.`,
    });
  const counted = { ...begun, total };
  await save(counted);
  const certain = (): Promise<void> => work.certain(stop.soft);
  const written = await writeFiles(
    {
      store,
      directory,
      carrier,
      run,
      save,
      now,
      certain,
      signal: stop.soft,
      requireAllowed(more) {
        requireRights();
        deps.requireRoom(job, more);
      },
    },
    job,
    scope,
    parts,
    counted,
  );

  const files = (await directory.entries(written)).map(({ file }) => file);
  const ofEvents = files.filter(({ role }) => role !== 'origins');
  const found = ofEvents.reduce((sum, { count }) => sum + count, 0);
  if (written.events !== total || found !== total || ofEvents.length !== written.files)
    throw new ProblemError(exportErrors.EXPORT_COUNT_WRONG, {
      detail: `${total} events were counted, ${found} are in ${ofEvents.length} files.`,
    });
  await certain();
  requireRights();
  for (const { bytes: content, name } of await signExport(deps.identity, job, written, files, now())) {
    await directory.put(name, content);
    await carrier?.carry(
      {
        name,
        bytes: content.length,
        sha256: hash('sha256', content, 'hex'),
        mediaType: name.endsWith('.json') ? MANIFEST_TYPE : SIGNATURE_TYPE,
        content: () => directory.read(name),
      },
      stop.soft,
    );
  }
  return written;
}

function emptied(record: ExportRecord): ExportRecord {
  const { after: _after, first: _first, last: _last, writing: _writing, ...rest } = record;
  return { ...rest, events: 0, bytes: 0, files: 0, runs: [], part: 0, partEvents: 0 };
}

/** What ends the export; undefined: it may go by itself. */
function problemOf(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof FilePlaceError || error instanceof GuardedHttpError || error instanceof NotTaken)
    return error.retryable
      ? undefined
      : new ProblemError(exportErrors.EXPORT_DESTINATION, { detail: error.message });
  if (isFull(error)) return new ProblemError(exportErrors.EXPORT_DISK_FULL, { detail: error.message });
  if (!(error instanceof StoreError)) return undefined;
  const problem = toProblem(error, dependencyErrors);
  return problem.definition.retryable ? undefined : problem;
}

function isFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
