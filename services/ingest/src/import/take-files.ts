/**
 * Files that nothing signs: CADF Logs, Reports and events of others, and log files of CloudTrail. Each is copied whole
 * before it is read. One that cannot be read goes to quarantine, and the others go on.
 */
import { openLogFile, TrailFileError } from '@cadf-pipeline/cloudtrail';
import { readBounded, unpack, UnpackError } from '@cadf-pipeline/federation';
import type { FilePlace, ListedFile } from '@cadf-pipeline/file-places';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Source } from '../source.ts';
import { compressionOf, FORM_BYTES, formOf } from './file-form.ts';
import { addCounts, NO_COUNTS, withRefusal } from './import-record.ts';
import type { ImportCounts } from './import-record.ts';
import { createProgress, takenAs } from './import-run-context.ts';
import type { ImportRun } from './import-run-context.ts';
import { blocksOf, documentItems, ndjsonBlocks } from './item-blocks.ts';
import { asUnreadable, readOrUndefined } from './place-reader.ts';
import { sentName } from './inbox-name.ts';
import { Refused } from './refused.ts';
import { TooLarge } from './staging.ts';
import type { StagedFile } from './staging.ts';
import { takeEvents } from './take-events.ts';
import { takeRecords } from './take-records.ts';
import type { RecordDependencies } from './take-records.ts';
import type { TakenFiles } from './taken-files.ts';

export interface FilesDependencies {
  readonly place: FilePlace;
  readonly taken: TakenFiles;
  /** Files of it are removed when they were taken. */
  readonly remove: boolean;
  /** Reads the files as logs of this type; undefined: they are CADF. */
  readonly logType: Source | undefined;
  readonly records: RecordDependencies;
  /** Names that are not for it. */
  readonly except?: (name: string) => boolean;
}

/** Names that cannot be read, told at one look. */
const MAX_LEFT_OUT = 100;
const PACKED = 0;
const UNPACKED = 1;

/** Takes the files that are new, by their names. Throws `PlaceUnreadable`, and what appending throws. */
export async function takeFiles(run: ImportRun, deps: FilesDependencies): Promise<void> {
  const { place, taken } = deps;
  const { definition, signal } = run;
  if (definition.resumed !== run.record().resumed) {
    await taken.forgetRefused();
    const { fault: _mended, ...rest } = run.record();
    await run.save({ ...rest, resumed: definition.resumed });
  }
  try {
    const leftOut: (readonly [string, string])[] = [];
    const listing = {
      signal,
      leftOut: (name: string, why: string) =>
        void (leftOut.length < MAX_LEFT_OUT && leftOut.push([name, why])),
    };
    for await (const file of place.list(listing)) {
      signal.throwIfAborted();
      if (deps.except?.(file.name) === true) continue;
      if (deps.remove) {
        await takeListed(run, deps, { ...file, name: sentName(file.name) }, file.name);
        await place.remove(file.name);
        continue;
      }
      const known = taken.get(file.name);
      if (known?.bytes === file.bytes && known.modifiedMs === file.modifiedMs) continue;
      await takeListed(run, deps, file, file.name);
    }
    for (const [name, why] of leftOut) {
      if (taken.get(name) !== undefined) continue;
      const refused = new Refused('IMPORT_FILE_UNREADABLE', `It is not read: ${why}.`, { file: name });
      await refuse(run, deps, { name, bytes: 0, modifiedMs: 0 }, undefined, refused);
    }
  } catch (error) {
    throw asUnreadable(error);
  }
}

/** `kept`: its name in the place. */
async function takeListed(
  run: ImportRun,
  deps: FilesDependencies,
  file: ListedFile,
  kept: string,
): Promise<void> {
  const { staging } = run;
  let staged: StagedFile | undefined;
  await staging.clear();
  try {
    if (run.definition.unsigned !== true)
      throw new Refused(
        'IMPORT_UNSIGNED',
        'Nothing signs it, and the import takes only what is signed: set `unsigned`, or put signed segments there.',
        { file: file.name },
      );
    const chunks = await readOrUndefined(deps.place, kept, run.signal);
    // It went away since it was listed.
    if (chunks === undefined) return;
    staged = await staging.take(PACKED, chunks);
    const before = deps.taken.get(file.name);
    if (before?.sha256 !== staged.sha256 || before.refused !== undefined)
      await takeStaged(run, deps, file, staged);
    await deps.taken.add({ ...file, sha256: staged.sha256 });
  } catch (error) {
    const refused = asRefusal(error, file.name);
    if (!(refused instanceof Refused)) throw refused;
    await refuse(run, deps, file, staged, refused);
  } finally {
    await staging.clear();
  }
}

async function refuse(
  run: ImportRun,
  deps: FilesDependencies,
  file: ListedFile,
  staged: StagedFile | undefined,
  refused: Refused,
): Promise<void> {
  const { code, message } = refused;
  if (staged !== undefined)
    await run.quarantine.keep(
      `file-${code}`,
      [{ name: file.name, read: () => run.staging.read(PACKED) }],
      run.signal,
    );
  const fault = { code, message, file: file.name, atMs: run.now() };
  await run.events.refused(run.definition, fault);
  await run.save(withRefusal(run.record(), fault));
  await deps.taken.add({ ...file, sha256: staged?.sha256 ?? '', refused: code });
}

async function takeStaged(
  run: ImportRun,
  deps: FilesDependencies,
  file: ListedFile,
  staged: StagedFile,
): Promise<void> {
  const of = `${file.name} ${staged.sha256}`;
  const { within } = run.record();
  const done = within?.of === of ? within.done : NO_COUNTS;
  const options = {
    done,
    passOver: done.events,
    ready: run.ready,
    signal: run.signal,
    taken: createProgress(run, of),
  };
  const counts = await takeContent(run, deps, file, staged, options);
  await run.events.taken(run.definition, { of, counts, file: file.name });
  const { within: _within, ...before } = run.record();
  await run.save({
    ...before,
    counts: addCounts(before.counts, counts),
    files: before.files + 1,
    bytes: before.bytes + staged.bytes,
    takenMs: run.now(),
  });
}

async function takeContent(
  run: ImportRun,
  deps: FilesDependencies,
  file: ListedFile,
  staged: StagedFile,
  options: Parameters<typeof takeEvents>[4],
): Promise<ImportCounts> {
  const { limits, staging, take } = run;
  const as = takenAs(run, file.name);
  if (deps.logType !== undefined)
    return takeRecords(openLogFile(staging.read(PACKED)), deps.logType, as, deps.records, options);
  const packed = compressionOf(await startOf(staging.read(PACKED), 4));
  if (packed !== undefined) await staging.take(UNPACKED, unpack(packed, staging.read(PACKED)));
  const read = (): AsyncIterable<Buffer> =>
    withoutMark(staging.read(packed === undefined ? PACKED : UNPACKED));
  const start = await startOf(read(), FORM_BYTES);
  const form = formOf(file.name, start, start.length < FORM_BYTES);
  if (form === undefined)
    throw new Refused('IMPORT_FILE_UNREADABLE', 'It is neither JSON nor XML.', { file: file.name });
  if (form === 'ndjson') return takeEvents(ndjsonBlocks(read(), limits, false), undefined, as, take, options);
  const body = await readBounded(read(), limits.maxUnpackedBytes);
  if (body === undefined)
    throw new TooLarge(
      `A document of more than ${limits.maxUnpackedBytes} bytes is not read whole: have it made as NDJSON, or in smaller files.`,
    );
  return takeEvents(blocksOf(documentItems(body, form, limits)), undefined, as, take, options);
}

/** Some emitters put U+FEFF in front; it is no part of JSON (RFC 8259 8.1 lets a reader skip it). */
async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const marked = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    isFirst = false;
    yield marked ? chunk.subarray(3) : chunk;
  }
}

async function startOf(chunks: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    held += chunk.length;
    if (held >= most) break;
  }
  return Buffer.concat(parts).subarray(0, most);
}

/** What is wrong with the file; anything else is thrown as it is. */
function asRefusal(error: unknown, file: string): unknown {
  if (error instanceof TooLarge) return new Refused('IMPORT_TOO_LARGE', error.message, { file });
  if (error instanceof ProblemError && error.statusCode < 500)
    return new Refused('IMPORT_FILE_UNREADABLE', error.message, { file });
  if (error instanceof TrailFileError) {
    const code = error.code === 'too-large' ? 'IMPORT_TOO_LARGE' : 'IMPORT_FILE_UNREADABLE';
    return new Refused(code, error.message, { file });
  }
  if (error instanceof UnpackError)
    return new Refused('IMPORT_FILE_UNREADABLE', `It cannot be unpacked: ${error.message}.`, { file });
  return error;
}
