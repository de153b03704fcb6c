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
import { isUtf8 } from 'node:buffer';
import type { Line } from './line-splitter.ts';
import {
  firstPlace,
  isOvertaken,
  isStopped,
  openReplacement,
  pause,
  placeAfter,
  placeAfterFile,
} from './next-place.ts';
import type { NextPlace, Place, PlaceSettings, Replacement } from './next-place.ts';
import { statLogFile } from './rotated-files.ts';
import type { FileCheckpoint } from './rotated-files.ts';
import type { RawRecord } from './source.ts';

export interface FollowOptions {
  readonly path: string;
  /** Where to go on; without it `start` decides. */
  readonly checkpoint?: FileCheckpoint;
  /** Default `beginning`. `end`: behind the last whole line. */
  readonly start?: 'beginning' | 'end';
  /** Without a checkpoint, what was rotated before is read too, oldest first, and then all of the file. Default false. */
  readonly rotated?: boolean;
  /** false: end when everything there is was read (a file must be there); true: wait for more until `signal` aborts. */
  readonly follow: boolean;
  readonly signal?: AbortSignal;
  /**
   * Asked at the end of a file whose name is not there: true ends reading for good, the unfinished last line counts as
   * finished. Default: never, it may come again.
   */
  readonly isGone?: () => boolean;
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
  rotated: false,
  maxLineBytes: 1 << 20,
  maxBatchRecords: 500,
  maxBatchBytes: 1 << 20,
  pollMs: 250,
  settlePolls: 4,
  isGone: () => false,
  now: Date.now,
} as const;

export interface FileBatch {
  /** From one file, in order; empty where only a `gap`, or the end that was started at, is told. */
  readonly records: readonly RawRecord[];
  /** To be kept when the first `count` records are durable (all of them by default). */
  checkpoint(count?: number): FileCheckpoint;
  /** Records before these, or between these and the next, may be lost: why, for a person. */
  readonly gap?: string;
}

interface Settings extends PlaceSettings {
  readonly checkpoint?: FileCheckpoint;
  readonly maxBatchRecords: number;
  readonly maxBatchBytes: number;
  readonly now: () => number;
}

const DAMAGED =
  'A compressed file is cut off or damaged, or unpacks to more than is read; what is behind that place in it is lost.';

/** Rejects with the system's error when a file cannot be read, and with ENOENT when it is not there and not awaited. */
export async function* followFile(options: FollowOptions): AsyncGenerator<FileBatch, void, undefined> {
  const settings: Settings = { ...DEFAULTS, ...options };
  const first = await firstPlace(settings, settings.checkpoint);
  let place = first.place;
  let quietPolls = 0;
  try {
    // Where the end was is kept, so that what is written before the next start is not skipped then.
    const isNew = settings.checkpoint === undefined && settings.start === 'end';
    if (place !== undefined && (first.gap !== undefined || isNew))
      yield toBatch(settings, place, [], first.gap);
    while (place !== undefined) {
      // Asked before reading: what is written to the file between the two is still read before it is left.
      const named = await statLogFile(settings.path);
      const before: number = place.file.offset;
      const state: ReadState = yield* readToEnd(settings, place);
      if (isStopped(settings)) return;
      if (state === 'overtaken' && place.after !== undefined) {
        const next: NextPlace = await placeAfterFile(settings, place.after);
        await place.file.close();
        place = next.place;
        if (place !== undefined && next.gap !== undefined) yield toBatch(settings, place, [], next.gap);
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
      if (left && place.file.isFinished) quietPolls = settings.settlePolls;
      const isGone = named === undefined && settings.isGone();
      if (settings.follow && !isGone && quietPolls < settings.settlePolls) {
        await pause(settings);
        continue;
      }
      quietPolls = 0;
      const rest: Line | undefined = place.splitter.rest();
      if (rest !== undefined) yield toBatch(settings, place, [rest]);
      const successor: NextPlace = left ? await placeAfter(settings, place.file) : { place: undefined };
      await place.file.close();
      place = successor.place;
      if (place !== undefined && successor.gap !== undefined)
        yield toBatch(settings, place, [], successor.gap);
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
    if (chunk === 'damaged') {
      yield { ...toBatch(settings, place, lines), gap: DAMAGED };
      lines = [];
      bytes = 0;
      continue;
    }
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
  const { file } = place;
  // What is in a file was written before its last change: the hint at the year of old records that name none.
  const receivedMs = Math.min(settings.now(), file.modifiedMs > 0 ? file.modifiedMs : Infinity);
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
