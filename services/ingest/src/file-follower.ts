/**
 * Follows a growing log file over rotation (by renaming, by copying with truncation, by deleting), and starts again
 * where it was, also when the file was rotated meanwhile.
 *
 * A file is told by device, inode and its first bytes, not by its name. It is in one of these states:
 * - *reading*: bytes are there; lines go out in batches, the next read waits until the last batch was taken;
 * - *waiting*: at the end; asks every `pollMs`. More bytes: reading. The content was replaced (truncated): what was
 *   not read yet is looked for in a copy among the rotated files, then the file is read from its beginning. Another
 *   file has its name: after `settlePolls` polls without growth (the writer may not have noticed yet) the unfinished
 *   last line counts as finished, and the next file in the order of rotation is read.
 *
 * The caller keeps the checkpoint of a batch *after* the batch is durable; records between the last checkpoint kept
 * and a crash come again, and have the same ids. No library is used: those at hand start at a position of one file
 * name, and none finds its place again after a rotation it did not see.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isUtf8 } from 'node:buffer';
import { createLineSplitter } from './line-splitter.ts';
import type { Line, LineSplitter } from './line-splitter.ts';
import { lastLineEnd, openCheckpointed, openLogFile } from './open-log-file.ts';
import type { OpenLogFile } from './open-log-file.ts';
import { listLogFiles, statLogFile } from './rotated-files.ts';
import type { FileCheckpoint, LogFile } from './rotated-files.ts';
import type { RawRecord } from './source.ts';

export interface FollowOptions {
  readonly path: string;
  /** Where to go on; without it `start` decides. */
  readonly checkpoint?: FileCheckpoint;
  /** Default `beginning`. `end`: behind the last whole line. */
  readonly start?: 'beginning' | 'end';
  /** false: end when everything there is was read (a file must be there); true: wait for more until `signal` aborts. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
  /** Longer lines come out cut (`cutFromBytes`). Default 1 MiB. */
  readonly maxLineBytes?: number;
  /** Default 500. */
  readonly maxBatchRecords?: number;
  /** Bytes of lines in one batch, exceeded by its last line at most. Default 1 MiB. */
  readonly maxBatchBytes?: number;
  /** Default 250 ms. */
  readonly pollMs?: number;
  /** Polls without growth before a renamed file counts as finished. Default 4. */
  readonly settlePolls?: number;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

const DEFAULTS = {
  start: 'beginning',
  maxLineBytes: 1 << 20,
  maxBatchRecords: 500,
  maxBatchBytes: 1 << 20,
  pollMs: 250,
  settlePolls: 4,
  now: Date.now,
} as const;

export interface FileBatch {
  /** From one file, in order; empty only where a `gap` is told and nothing follows yet. */
  readonly records: readonly RawRecord[];
  /** To be kept when the first `count` records are durable (all of them by default). */
  checkpoint(count?: number): FileCheckpoint;
  /** Records before these may be lost: why, for a person. */
  readonly gap?: string;
}

type Settings = Required<Omit<FollowOptions, 'checkpoint' | 'signal'>> &
  Pick<FollowOptions, 'checkpoint' | 'signal'>;

interface Place {
  readonly file: OpenLogFile;
  readonly splitter: LineSplitter;
  /** The file read before this one, where this one follows on it in the order of rotation. */
  readonly after?: string;
}

const TRUNCATED =
  'The file was truncated and no copy of it is there; what was written to it since the last look may be lost.';

/** Rejects with the system's error when a file cannot be read, and with ENOENT when it is not there and not awaited. */
export async function* followFile(options: FollowOptions): AsyncGenerator<FileBatch, void, undefined> {
  const settings: Settings = { ...DEFAULTS, ...options };
  const first = await begin(settings);
  let place = first.place;
  if (place !== undefined && first.gap !== undefined) yield toBatch(settings, place, [], first.gap);
  let quietPolls = 0;
  try {
    while (place !== undefined) {
      // Asked before reading: what is written to the file between the two is still read before it is left.
      const named = await statLogFile(settings.path);
      const before: number = place.file.offset;
      const state: ReadState = yield* readToEnd(settings, place);
      if (isStopped(settings)) return;
      if (state === 'overtaken' && place.after !== undefined) {
        const next: Place | undefined = await openNext(settings, place.after);
        await place.file.close();
        place = next;
        continue;
      }
      if (state === 'replaced') {
        const next: Replacement = await openReplacement(settings, place);
        await place.file.close();
        place = next.place;
        if (place !== undefined && next.gap !== undefined)
          yield toBatch(settings, place, next.rest, next.gap);
        continue;
      }
      const left = named !== undefined && named.file !== place.file.file;
      quietPolls = left && place.file.offset === before ? quietPolls + 1 : 0;
      if (settings.follow && quietPolls < settings.settlePolls) {
        await pause(settings);
        continue;
      }
      quietPolls = 0;
      const rest: Line | undefined = place.splitter.rest();
      if (rest !== undefined) yield toBatch(settings, place, [rest]);
      const successor: Place | undefined = left ? await openNext(settings, place.file.file) : undefined;
      await place.file.close();
      place = successor;
    }
  } finally {
    await place?.file.close();
  }
}

/**
 * `end`: nothing more now. `replaced`: the content is another than before. `overtaken`: it was so already when its
 * first bytes were read, so a rotated file comes before it.
 */
type ReadState = 'end' | 'replaced' | 'overtaken';

/** Reads until there is nothing more now; yields a batch when it is full, and at the end. */
async function* readToEnd(settings: Settings, place: Place): AsyncGenerator<FileBatch, ReadState, undefined> {
  let lines: Line[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = isStopped(settings) ? 'end' : await place.file.read();
    if (chunk === 'end' || chunk === 'replaced') {
      if (lines.length > 0) yield toBatch(settings, place, lines);
      return chunk;
    }
    if (place.file.offset === chunk.length && (await isOvertaken(settings, place))) return 'overtaken';
    for (const line of place.splitter.push(chunk)) {
      lines.push(line);
      bytes += line.bytes.length;
      if (lines.length < settings.maxBatchRecords && bytes < settings.maxBatchBytes) continue;
      yield toBatch(settings, place, lines);
      lines = [];
      bytes = 0;
    }
  }
}

function toBatch(settings: Settings, place: Place, lines: readonly Line[], gap?: string): FileBatch {
  const receivedMs = settings.now();
  const { file } = place;
  const begun = file.checkpoint(file.offset - place.splitter.pending);
  return {
    records: lines.map((line) => toRecord(line, file.file, receivedMs)),
    checkpoint(count = lines.length) {
      // A line of a file that is gone is done with when the file behind it is begun.
      if (gap !== undefined || lines.length === 0) return begun;
      return file.checkpoint(lines[count]?.start ?? lines.at(-1)?.end ?? begun.offset);
    },
    ...(gap === undefined ? {} : { gap }),
  };
}

function toRecord(line: Line, file: string, receivedMs: number): RawRecord {
  const text = line.bytes.toString('utf8');
  const cut = line.length > line.bytes.length;
  return {
    text: text.endsWith('\r') ? text.slice(0, -1) : text,
    ...(isUtf8(line.bytes) ? {} : { bytes: line.bytes }),
    receivedMs,
    position: `${file}:${line.start}`,
    ...(cut ? { cutFromBytes: line.length } : {}),
  };
}

async function begin(
  settings: Settings,
): Promise<{ readonly place: Place | undefined; readonly gap?: string }> {
  const { checkpoint } = settings;
  if (checkpoint === undefined) return { place: await openWhenThere(settings, settings.start) };
  const place = await openLeft(settings, checkpoint, () => true);
  if (place !== undefined) return { place };
  const gap = `The file read last (${checkpoint.file}, up to byte ${checkpoint.offset}) is not there any more, or was compressed; what was written to it since may be lost.`;
  // What was written after it is read from its beginning; where that repeats something, ids make it duplicates.
  const files = await listLogFiles(settings.path);
  const later = files.find(({ modifiedMs }) => modifiedMs >= checkpoint.modifiedMs);
  const next = later === undefined ? undefined : toPlace(settings, await openLogFile(later.path, 0));
  return { place: next ?? (await openWhenThere(settings, 'beginning')), gap };
}

/** The file a checkpoint is about, or its copy, read on where it was left. Names move during a rotation: asked again. */
async function openLeft(
  settings: Settings,
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

async function openWhenThere(settings: Settings, start: 'beginning' | 'end'): Promise<Place | undefined> {
  while (!isStopped(settings)) {
    const offset = start === 'end' ? await lastLineEnd(settings.path, settings.maxLineBytes) : 0;
    const place = toPlace(settings, await openLogFile(settings.path, offset));
    if (place !== undefined) return place;
    if (!settings.follow) throw Object.assign(new Error(`${settings.path} is not there`), { code: 'ENOENT' });
    await pause(settings);
  }
  return undefined;
}

function toPlace(settings: Settings, file: OpenLogFile | undefined, after?: string): Place | undefined {
  if (file === undefined) return undefined;
  const splitter = createLineSplitter(settings.maxLineBytes, file.offset);
  return { file, splitter, ...(after === undefined ? {} : { after }) };
}

/** What comes after a file in the order of rotation; the file of that name where its place in the order is not known. */
async function openNext(settings: Settings, after: string): Promise<Place | undefined> {
  for (let tries = 0; tries <= settings.settlePolls; tries += 1) {
    if (tries > 0) await pause(settings);
    const next = fileAfter(await listLogFiles(settings.path), after);
    if (next === undefined) continue;
    const file = await openLogFile(next.path, 0, (found) => found.file === next.file);
    if (file !== undefined) return toPlace(settings, file, after);
  }
  return openWhenThere(settings, 'beginning');
}

function fileAfter(files: readonly LogFile[], after: string): LogFile | undefined {
  const index = files.findIndex(({ file }) => file === after);
  return index < 0 ? undefined : files[index + 1];
}

/** A file opened while it was empty can be filled, copied and truncated before its first byte is read. */
async function isOvertaken(settings: Settings, place: Place): Promise<boolean> {
  if (place.after === undefined) return false;
  const next = fileAfter(await listLogFiles(settings.path), place.after);
  return next !== undefined && next.file !== place.file.file;
}

interface Replacement {
  readonly place: Place | undefined;
  readonly gap?: string;
  /** The line whose end was never seen, when it is nowhere else any more. */
  readonly rest: readonly Line[];
}

/** After truncation: the copy, read on where the file was left, or the file from its beginning. */
async function openReplacement(settings: Settings, place: Place): Promise<Replacement> {
  const done = place.file.checkpoint(place.file.offset - place.splitter.pending);
  const copied = await openLeft(settings, done, ({ file }) => file !== place.file.file);
  if (copied !== undefined) return { place: copied, rest: [] };
  const rest = place.splitter.rest();
  const next = await openWhenThere(settings, 'beginning');
  return { place: next, gap: TRUNCATED, rest: rest === undefined ? [] : [rest] };
}

function isStopped(settings: Settings): boolean {
  return settings.signal?.aborted === true;
}

async function pause(settings: Settings): Promise<void> {
  const { signal, pollMs } = settings;
  await sleep(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
