/** The files of a spool: segments with numbers that only grow, and where reading goes on. */
import { readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeLength } from './spool-line.ts';

export interface SpoolPlace {
  readonly segment: number;
  /** In bytes. */
  readonly offset: number;
}

export interface FoundSpool {
  /** Those with something in them, oldest first; bytes. */
  readonly segments: Map<number, number>;
  /** Where reading goes on. */
  readonly place: SpoolPlace;
  /** The number of the next segment. */
  readonly next: number;
}

const SEGMENT = /^(\d{10,15})\.spool$/;
/** Above it, numbers would have more digits than names have. */
const MAX_SEGMENT = 1e15 - 2;

export function segmentFile(dir: string, segment: number): string {
  return join(dir, `${String(segment).padStart(10, '0')}.spool`);
}

export function rejectedFile(dir: string): string {
  return join(dir, 'rejected.ndjson');
}

/** Finds what an earlier process left: what it was writing when it was killed is cut off. */
export function findSpool(dir: string): FoundSpool {
  const numbers = readdirSync(dir)
    .flatMap((name) => {
      const number = SEGMENT.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    })
    .toSorted((a, b) => a - b);
  const newest = numbers.at(-1);
  if (newest !== undefined) {
    const file = segmentFile(dir, newest);
    truncateSync(file, wholeLength(readFileSync(file)));
  }
  const segments = new Map(numbers.map((number) => [number, statSync(segmentFile(dir, number)).size]));
  const place = believed(readPlace(dir), segments);
  for (const [number, size] of segments) {
    if (number >= place.segment && size > 0) continue;
    rmSync(segmentFile(dir, number));
    segments.delete(number);
  }
  return {
    segments,
    place,
    next: Math.max(0, place.segment, ...numbers) + 1,
  };
}

/** A place that is not there is damaged: events that are sent again do no harm, those that are passed over do. */
function believed(place: SpoolPlace, segments: ReadonlyMap<number, number>): SpoolPlace {
  const size = segments.get(place.segment);
  if (size !== undefined) return place.offset <= size ? place : { segment: place.segment, offset: 0 };
  // A segment that was done goes after those before it.
  const isBeyond = segments.size > 0 && place.segment > Math.max(...segments.keys());
  return isBeyond ? { segment: 0, offset: 0 } : place;
}

/**
 * Remembers where reading goes on. Not synced: should an older place be there after a crash, events are sent again, and
 * the service knows them.
 */
export async function writePlace(dir: string, place: SpoolPlace): Promise<void> {
  const file = join(dir, 'place.json');
  await writeFile(`${file}.new`, JSON.stringify(place));
  await rename(`${file}.new`, file);
}

function readPlace(dir: string): SpoolPlace {
  try {
    const place: unknown = JSON.parse(readFileSync(join(dir, 'place.json'), 'utf8'));
    if (
      typeof place === 'object' &&
      place !== null &&
      'segment' in place &&
      'offset' in place &&
      Number.isSafeInteger(place.segment) &&
      Number(place.segment) <= MAX_SEGMENT &&
      Number.isSafeInteger(place.offset)
    ) {
      return { segment: Number(place.segment), offset: Math.max(0, Number(place.offset)) };
    }
  } catch {
    // None yet, or not whole: from the first that is there.
  }
  return { segment: 0, offset: 0 };
}

/** Makes names of new files in a folder durable. */
export async function syncFolder(dir: string): Promise<void> {
  // Windows opens no folders, and keeps names without being asked.
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
