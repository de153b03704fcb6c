/** Where a follower reads: the file it begins with, and the one behind each in the order of rotation. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createLineSplitter } from './line-splitter.ts';
import type { Line, LineSplitter } from './line-splitter.ts';
import { openCheckpointed, openListed } from './open-checkpointed.ts';
import { lastLineEnd, openLogFile } from './open-log-file.ts';
import type { OpenLogFile } from './open-log-file.ts';
import { listLogFiles } from './rotated-files.ts';
import type { FileCheckpoint, LogFile } from './rotated-files.ts';

export interface PlaceSettings {
  readonly path: string;
  readonly start: 'beginning' | 'end';
  readonly rotated: boolean;
  readonly follow: boolean;
  readonly signal?: AbortSignal;
  readonly isGone: () => boolean;
  readonly maxLineBytes: number;
  readonly pollMs: number;
  readonly settlePolls: number;
}

export interface Place {
  readonly file: OpenLogFile;
  readonly splitter: LineSplitter;
  /** The file read before this one, where this one follows on it in the order of rotation. */
  readonly after?: string;
}

/** What is read next, and what may be lost before it. */
export interface NextPlace {
  /** Undefined: stopped. */
  readonly place: Place | undefined;
  /** For a person. */
  readonly gap?: string;
}

const TRUNCATED =
  'The file was truncated and no copy of it is there; what was written to it since the last look may be lost.';

export async function firstPlace(
  settings: PlaceSettings,
  checkpoint: FileCheckpoint | undefined,
): Promise<NextPlace> {
  if (checkpoint === undefined)
    return settings.rotated ? openOldest(settings) : { place: await openWhenThere(settings, settings.start) };
  const place = await openLeft(settings, checkpoint, () => true);
  if (place !== undefined) return { place };
  const gap = `The file read last (${checkpoint.file}, up to byte ${checkpoint.offset}) is not there any more; what was written to it since may be lost.`;
  return openLater(settings, checkpoint.modifiedMs, gap);
}

async function openOldest(settings: PlaceSettings): Promise<NextPlace> {
  const found = await openFrom(settings, await listLogFiles(settings.path), undefined);
  return found ?? { place: await openWhenThere(settings, settings.start) };
}

/** What was written after a time is read from its beginning; where that repeats something, ids make it duplicates. */
async function openLater(settings: PlaceSettings, modifiedMs: number, gap: string): Promise<NextPlace> {
  const files = await listLogFiles(settings.path);
  const first = files.findIndex((file) => file.modifiedMs >= modifiedMs);
  const found = first < 0 ? undefined : await openFrom(settings, files.slice(first), undefined);
  if (found === undefined) return { place: await openWhenThere(settings, 'beginning'), gap };
  return { place: found.place, gap: found.gap === undefined ? gap : `${gap} ${found.gap}` };
}

/** The first of the files that can be read; those before it are told. Undefined when there is none. */
async function openFrom(
  settings: PlaceSettings,
  files: readonly LogFile[],
  after: string | undefined,
): Promise<NextPlace | undefined> {
  const unread: string[] = [];
  for (const listed of files) {
    if (listed.compression === 'xz' || listed.compression === 'bzip2') {
      unread.push(`${listed.path} (${listed.compression}, ${listed.size} bytes)`);
      continue;
    }
    const file = await openListed(listed, 0, (found) => found.file === listed.file);
    if (file === undefined) return undefined;
    const place = toPlace(settings, file, unread.length === 0 ? after : undefined);
    return unread.length === 0
      ? { place }
      : { place, gap: `Not read, for they are compressed in a way that is not read: ${unread.join(', ')}.` };
  }
  return undefined;
}

/** The file a checkpoint is about, or its copy, read on where it was left. Names move during a rotation: asked again. */
async function openLeft(
  settings: PlaceSettings,
  checkpoint: FileCheckpoint,
  isCandidate: (file: LogFile) => boolean,
): Promise<Place | undefined> {
  for (let tries = 0; tries <= settings.settlePolls; tries += 1) {
    if (tries > 0) await pause(settings);
    const files = await listLogFiles(settings.path);
    const file = await openCheckpointed(files.filter(isCandidate), checkpoint);
    if (file !== undefined) return toPlace(settings, file);
  }
  return undefined;
}

/** The file of that name, once it is there; rejects with ENOENT when it is not there and not awaited. */
async function openWhenThere(
  settings: PlaceSettings,
  start: 'beginning' | 'end',
): Promise<Place | undefined> {
  // A file that appears later is new: all of it is read.
  for (let isFirst = true; !isStopped(settings) && !settings.isGone(); isFirst = false) {
    const offset = start === 'end' && isFirst ? await lastLineEnd(settings.path, settings.maxLineBytes) : 0;
    const file = await openLogFile(settings.path, offset);
    if (file !== undefined) return toPlace(settings, file);
    if (!settings.follow) throw Object.assign(new Error(`${settings.path} is not there`), { code: 'ENOENT' });
    await pause(settings);
  }
  return undefined;
}

function toPlace(settings: PlaceSettings, file: OpenLogFile, after?: string): Place {
  const splitter = createLineSplitter(settings.maxLineBytes, file.offset);
  return { file, splitter, ...(after === undefined ? {} : { after }) };
}

/** What comes after a file in the order of rotation; the file of that name where its place in the order is not known. */
export async function placeAfter(settings: PlaceSettings, left: OpenLogFile): Promise<NextPlace> {
  for (let tries = 0; tries <= settings.settlePolls; tries += 1) {
    if (tries > 0) await pause(settings);
    const files = await listLogFiles(settings.path);
    const index = await indexOf(files, left);
    const found =
      index < 0 ? undefined : await openFrom(settings, files.slice(index + 1), files[index]?.file);
    if (found !== undefined) return found;
  }
  return { place: await openWhenThere(settings, 'beginning') };
}

/** By its inode; when that is gone, it was compressed or copied, and begins alike. */
async function indexOf(files: readonly LogFile[], left: OpenLogFile): Promise<number> {
  const index = files.findIndex(({ file }) => file === left.file);
  if (index >= 0 || files.length === 0) return index;
  const checkpoint = left.checkpoint(left.offset);
  for (const [at, file] of files.entries()) {
    if (file.compression === undefined) continue;
    const same = await openCheckpointed([file], checkpoint);
    await same?.close();
    if (same !== undefined) return at;
  }
  return -1;
}

/** What comes after a file of which only the identity is known. */
export async function placeAfterFile(settings: PlaceSettings, after: string): Promise<NextPlace> {
  for (let tries = 0; tries <= settings.settlePolls; tries += 1) {
    if (tries > 0) await pause(settings);
    const files = await listLogFiles(settings.path);
    const index = files.findIndex(({ file }) => file === after);
    const found = index < 0 ? undefined : await openFrom(settings, files.slice(index + 1), after);
    if (found !== undefined) return found;
  }
  return { place: await openWhenThere(settings, 'beginning') };
}

/** A file opened while it was empty can be filled, copied and truncated before its first byte is read. */
export async function isOvertaken(settings: PlaceSettings, place: Place): Promise<boolean> {
  if (place.after === undefined) return false;
  const files = await listLogFiles(settings.path);
  const index = files.findIndex(({ file }) => file === place.after);
  const next = index < 0 ? undefined : files[index + 1];
  return next !== undefined && next.file !== place.file.file;
}

export interface Replacement extends NextPlace {
  /** The line whose end was never seen, when it is nowhere else any more. */
  readonly rest: readonly Line[];
}

/** After truncation: the copy, read on where the file was left, or the file from its beginning. */
export async function openReplacement(settings: PlaceSettings, place: Place): Promise<Replacement> {
  const done = place.file.checkpoint(place.file.offset - place.splitter.pending);
  const copied = await openLeft(settings, done, ({ file }) => file !== place.file.file);
  if (copied !== undefined) return { place: copied, rest: [] };
  const rest = place.splitter.rest();
  const next = await openWhenThere(settings, 'beginning');
  return { place: next, gap: TRUNCATED, rest: rest === undefined ? [] : [rest] };
}

export function isStopped({ signal }: PlaceSettings): boolean {
  return signal?.aborted === true;
}

export async function pause({ signal, pollMs }: PlaceSettings): Promise<void> {
  await sleep(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
