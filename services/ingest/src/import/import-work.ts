/**
 * Runs the imports: one process of the group for each, the others take over from it. Looks for new files again and again,
 * takes them, and remembers how far it has come.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { KeysUnusable, PlaceUnreadable } from '@cadf-pipeline/federation';
import { TrailKeyError } from '@cadf-pipeline/cloudtrail';
import { FEDERATION_ID } from '@cadf-pipeline/control-state';
import type { ControlState, ImportDefinition, Kind } from '@cadf-pipeline/control-state';
import { FilePlaceError } from '@cadf-pipeline/file-places';
import { createSharedWork } from '@cadf-pipeline/shared-work';
import type { Kept, Work, WorkLogger, WorkStop } from '@cadf-pipeline/shared-work';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createTurns } from '../collect/turns.ts';
import type { BodyLimits } from '../body/limits.ts';
import type { ImportEvents } from './import-events.ts';
import type { ImportFiles } from './import-files.ts';
import { IMPORT_INTERVAL_SECONDS, UPLOAD_INTERVAL_SECONDS } from './import-interval.ts';
import type { ImportMetrics } from './import-metrics.ts';
import { ImportRecord, NEW_RECORD, withRefusal } from './import-record.ts';
import { reachOf } from './import-rights.ts';
import type { ImportRun } from './import-run-context.ts';
import { lookAtPlace, SealedElsewhere } from './look-at-place.ts';
import type { LookDependencies } from './look-at-place.ts';
import { createQuarantine } from './quarantine.ts';
import { comesLater, Refused } from './refused.ts';
import { createStaging } from './staging.ts';
import { createTakenFiles } from './taken-files.ts';

export const IMPORT_GROUP = 'cadf-import';
export const importTopicSettings = { name: 'cadf.imports', partitions: 16, cleanup: 'compact' } as const;

export interface ImportWorkDependencies extends LookDependencies {
  readonly stream: EventStream;
  readonly state: ControlState;
  readonly files: ImportFiles;
  readonly events: ImportEvents;
  readonly metrics: ImportMetrics;
  readonly limits: BodyLimits;
  readonly logger: WorkLogger;
  readonly maxBytes: number;
  readonly quarantineBytes: number;
  readonly running: number;
  readonly ready: () => string | undefined;
  readonly now: () => number;
}

export interface ImportWork {
  start(): Promise<void>;
  stop(): Promise<void>;
  get(id: string): Kept<ImportRecord> | undefined;
  /** There is something new for it, if this process does it. */
  nudge(id: string): void;
  trouble(): string | undefined;
}

/** `rests`: until its definition changes. */
type RunEnd = 'rests' | 'done';

const PRESSURE_MS = 200;
const MOST_WAIT_SECONDS = 600;

export function createImportWork(deps: ImportWorkDependencies): ImportWork {
  const { files, limits, logger, now, state, stream } = deps;
  const turns = createTurns(deps.running);
  const nudges = new Map<string, () => void>();
  const work = createSharedWork<typeof ImportRecord, RunEnd>({
    stream,
    logger,
    topic: importTopicSettings,
    group: IMPORT_GROUP,
    noun: 'import',
    record: ImportRecord,
    ids: () => state.list('import').map(({ entity }) => entity.id),
    definition(id) {
      const definition = state.get('import', id)?.entity;
      if (definition === undefined || definition.paused) return undefined;
      // A key that may less than before ends what is under way.
      return JSON.stringify([definition, state.get('key', definition.owner.id)?.version]);
    },
    async run(id, given, stop) {
      const definition = state.get('import', id)?.entity;
      return definition === undefined ? 'rests' : runImport(definition, given, stop);
    },
    now,
  });
  const unlisten = state.onChange((kind: Kind, id: string) => {
    if (kind === 'import') work.changed(id);
    if (kind !== 'key') return;
    for (const { entity } of state.list('import')) if (entity.owner.id === id) work.changed(entity.id);
  });

  async function runImport(
    definition: ImportDefinition,
    given: Work<ImportRecord>,
    { hard, soft }: WorkStop,
  ): Promise<RunEnd> {
    let record: ImportRecord = given.record === undefined ? NEW_RECORD : withoutClaim(given.record);
    const save = async (next: ImportRecord): Promise<void> => {
      await given.save(next, hard);
      record = next;
    };
    // Whoever did it before is out from here on; its copies are in nobody's hands.
    await save(record);
    const folder = files.folderOf(definition);
    await rm(join(folder, 'staging'), { recursive: true, force: true });
    const taken = createTakenFiles(join(folder, 'taken.ndjson'));
    await taken.open();
    const staging = createStaging(join(folder, 'staging', randomUUID()), deps.maxBytes);
    const quarantine = createQuarantine(files.quarantineOf(definition), deps.quarantineBytes);
    const place = lookAtPlace(deps, definition, taken);
    let failures = 0;
    try {
      while (!soft.aborted) {
        const nudged = new Promise<void>((resolve) => nudges.set(definition.id, resolve));
        const end = await turns.take(soft, () => look());
        failures = end === 'failed' ? failures + 1 : 0;
        if (end === 'done') return 'done';
        await waitFor(nudged, secondsTo(definition, failures) * 1000, soft);
      }
    } catch (error) {
      if (soft.aborted) return 'rests';
      throw error;
    } finally {
      nudges.delete(definition.id);
      await place.close();
      await staging.end();
    }
    return 'rests';

    async function look(): Promise<'idle' | 'done' | 'failed'> {
      const reach = reachOf(state, definition, now());
      if (typeof reach === 'string') {
        await stopWith('IMPORT_RIGHTS', reach);
        return 'failed';
      }
      const run: ImportRun = {
        definition,
        reach,
        record: () => record,
        save,
        staging,
        quarantine,
        events: deps.events,
        take: deps.take,
        limits,
        issuer: state.get('federation', FEDERATION_ID)?.entity.issuer,
        ready: () => keepUp(soft),
        signal: soft,
        now,
      };
      const before = record.counts;
      try {
        await given.certain(soft);
        const end = await place.look(run);
        if (record.fault !== undefined && isPassing(record.fault.code)) {
          const { fault: _past, ...rest } = record;
          await save(rest);
        }
        return end;
      } catch (error) {
        if (soft.aborted) throw error;
        const fault = faultOf(error);
        if (fault === undefined) throw error;
        await stopWith(fault.code, fault.message, fault);
        return 'failed';
      } finally {
        deps.metrics.taken(before, record.counts);
      }
    }

    /** Each fault is told once, however often it is met. */
    async function stopWith(
      code: string,
      message: string,
      site: { readonly file?: string | undefined; readonly sequence?: number | undefined } = {},
    ): Promise<void> {
      const { fault: before } = record;
      const fault = {
        code,
        message: message.slice(0, 500),
        ...(site.file === undefined ? {} : { file: site.file }),
        ...(site.sequence === undefined ? {} : { sequence: site.sequence }),
        atMs: now(),
      };
      if (before?.code === code && before.file === fault.file && before.sequence === fault.sequence) return;
      logger.warn({ import: definition.id, ...fault }, 'an import does not go on');
      if (isPassing(code) || comesLater({ code })) {
        await save({ ...record, fault });
        return;
      }
      deps.metrics.refused(code);
      await deps.events.refused(definition, fault);
      await save({ ...withRefusal(record, fault), fault });
    }
  }

  async function keepUp(signal: AbortSignal): Promise<void> {
    while (deps.ready() !== undefined) await waitFor(new Promise(() => undefined), PRESSURE_MS, signal);
  }

  return {
    start: () => work.start(),
    async stop() {
      unlisten();
      await work.stop();
    },
    get: (id) => work.get(id),
    nudge: (id) => nudges.get(id)?.(),
    trouble: () => work.trouble(),
  };
}

/** Nothing is wrong with what is there: it is the place, the keys or the rights. */
const PASSING: ReadonlySet<string> = new Set([
  'IMPORT_PLACE_UNREADABLE',
  'IMPORT_KEYS_UNUSABLE',
  'IMPORT_SECRET_SEALED',
  'IMPORT_RIGHTS',
]);

export function isPassing(code: string): boolean {
  return PASSING.has(code);
}

function faultOf(
  error: unknown,
):
  | { readonly code: string; readonly message: string; readonly file?: string; readonly sequence?: number }
  | undefined {
  if (error instanceof Refused) {
    const { code, file, message, sequence } = error;
    return {
      code,
      message,
      ...(file === undefined ? {} : { file }),
      ...(sequence === undefined ? {} : { sequence }),
    };
  }
  if (error instanceof PlaceUnreadable || error instanceof FilePlaceError)
    return { code: 'IMPORT_PLACE_UNREADABLE', message: error.message };
  if (error instanceof SealedElsewhere) return { code: 'IMPORT_SECRET_SEALED', message: error.message };
  if (error instanceof KeysUnusable || error instanceof TrailKeyError)
    return { code: 'IMPORT_KEYS_UNUSABLE', message: `Of the keys of the import: ${error.message}.` };
  return undefined;
}

/** Twice as long after each failure, up to ten minutes; a place that was never looked at in vain is looked at as asked. */
function secondsTo({ everySeconds, from }: ImportDefinition, failures: number): number {
  const asked = everySeconds ?? (from.type === 'upload' ? UPLOAD_INTERVAL_SECONDS : IMPORT_INTERVAL_SECONDS);
  const more = Math.min(MOST_WAIT_SECONDS, asked * 2 ** Math.min(failures - 1, 10));
  return failures <= 1 ? asked : Math.max(asked, more);
}

function withoutClaim({ epoch: _e, owner: _o, writtenMs: _w, ...record }: Kept<ImportRecord>): ImportRecord {
  return record;
}

async function waitFor(nudged: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const either = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    stop = resolve;
    signal.addEventListener('abort', resolve as () => void, { once: true });
  });
  await Promise.race([nudged, either]);
  clearTimeout(timer);
  if (stop !== undefined) signal.removeEventListener('abort', stop);
}
