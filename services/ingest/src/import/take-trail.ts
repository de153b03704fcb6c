/**
 * A trail of CloudTrail with its digest files: only log files whose digest is signed, in place and unchanged. A fault
 * stops its chain (one of each region of an account) until it is mended or accepted.
 */
import { readTrailKeys, verifyTrail } from '@cadf-pipeline/cloudtrail';
import type { ChainHead, TrailReader } from '@cadf-pipeline/cloudtrail';
import { FilePlaceError } from '@cadf-pipeline/file-places';
import type { FilePlace } from '@cadf-pipeline/file-places';
import type { Source } from '../source.ts';
import { addCounts, NO_COUNTS, withRefusal } from './import-record.ts';
import { createProgress, takenAs } from './import-run-context.ts';
import type { ImportRun } from './import-run-context.ts';
import { asUnreadable, readOrUndefined } from './place-reader.ts';
import { takeRecords } from './take-records.ts';
import type { RecordDependencies } from './take-records.ts';
import type { TakenFiles } from './taken-files.ts';

export interface TrailDependencies {
  readonly place: FilePlace;
  readonly taken: TakenFiles;
  readonly type: Source;
  readonly records: RecordDependencies;
}

/** Takes what is new. Throws `PlaceUnreadable`, and what appending throws. */
export async function takeTrail(run: ImportRun, deps: TrailDependencies): Promise<void> {
  const { definition, signal } = run;
  const accepts = definition.resumed !== run.record().resumed && definition.accepted !== undefined;
  if (definition.resumed !== run.record().resumed) await deps.taken.forgetRefused();
  const heads = new Map<string, ChainHead>(
    (run.record().trail ?? []).map(({ chain, ...head }) => [chain, head]),
  );
  const stopped = new Set<string>();
  const items = verifyTrail(trailReader(deps.place, signal), {
    keys: readTrailKeys(definition.trusted ?? ''),
    partial: true,
    after: new Map(heads),
    signal,
  });
  for await (const item of items) {
    signal.throwIfAborted();
    if (item.kind === 'fault') {
      const { code, detail, name } = item.fault;
      if (!accepts) stopped.add(item.chain);
      const key = `${name} ${code}`;
      if (accepts || deps.taken.get(key) !== undefined) continue;
      await refuse(run, deps, name, `trail:${code}`, detail);
      await deps.taken.add({ name: key, bytes: 0, modifiedMs: 0, sha256: '', refused: code });
    } else if (stopped.has(item.chain)) continue;
    else if (item.kind === 'log-file') {
      if (deps.taken.get(item.name)?.sha256 === item.sha256) continue;
      await takeLogFile(run, deps, item);
    } else {
      heads.set(item.chain, item.head);
      const trail = [...heads].map(([chain, { endMs, object, sha256, signature }]) => ({
        chain,
        endMs,
        object,
        sha256,
        signature,
      }));
      await run.save({ ...run.record(), trail, segments: run.record().segments + 1 });
    }
  }
  const { fault: _before, ...rest } = run.record();
  const [chain] = stopped;
  const fault = {
    code: 'IMPORT_TRAIL_FAULT',
    message: `${stopped.size} of the chains of digests have stopped, the first is ${chain}; \`recent\` says why.`,
    atMs: run.now(),
  };
  await run.save({
    ...rest,
    ...(stopped.size === 0 ? {} : { fault: run.record().fault ?? fault }),
    resumed: definition.resumed,
  });
}

async function takeLogFile(
  run: ImportRun,
  { records, taken, type }: TrailDependencies,
  item: {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
    records(): AsyncIterable<string>;
  },
): Promise<void> {
  const { bytes, name, sha256 } = item;
  const of = `${name} ${sha256}`;
  const { within } = run.record();
  const done = within?.of === of ? within.done : NO_COUNTS;
  const counts = await takeRecords(item.records(), type, takenAs(run, name), records, {
    done,
    passOver: done.events,
    ready: run.ready,
    signal: run.signal,
    taken: createProgress(run, of),
  });
  await run.events.taken(run.definition, { of, counts, file: name });
  const { within: _within, ...before } = run.record();
  await run.save({
    ...before,
    counts: addCounts(before.counts, counts),
    files: before.files + 1,
    bytes: before.bytes + bytes,
    takenMs: run.now(),
  });
  await taken.add({ name, bytes, modifiedMs: 0, sha256 });
}

async function refuse(
  run: ImportRun,
  { place }: TrailDependencies,
  name: string,
  code: string,
  detail: string,
): Promise<void> {
  const chunks = await readOrUndefined(place, name, run.signal).catch(() => undefined);
  if (chunks !== undefined)
    await run.quarantine.keep(code.replace(':', '-'), [{ name, read: () => chunks }], run.signal);
  const fault = { code, message: detail, file: name, atMs: run.now() };
  await run.events.refused(run.definition, fault);
  await run.save(withRefusal(run.record(), fault));
}

function trailReader(place: FilePlace, signal: AbortSignal): TrailReader {
  return {
    async *list(prefix) {
      try {
        for await (const { name } of place.list({ prefix, signal })) yield name;
      } catch (error) {
        throw asUnreadable(error);
      }
    },
    read: (name) => readOrUndefined(place, name, signal),
    async metadata(name) {
      try {
        const { metadata } = await place.stat(name, signal);
        return Object.keys(metadata).length === 0 ? undefined : metadata;
      } catch (error) {
        if (error instanceof FilePlaceError && error.fault === 'not-found') return undefined;
        throw asUnreadable(error);
      }
    },
  };
}
