/** The files of a spool: segments with numbers that only grow, and where reading goes on. */
import { readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goodLength } from './spool-line.ts';

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

const SEGMENT = /^(\d{10})\.spool$/;

export function segmentFile(dir: string, segment: number): string {
  return join(dir, `${String(segment).padStart(10, '0')}.spool`);
}

export function rejectedFile(dir: string): string {
  return join(dir, 'rejected.ndjson');
}

/** Finds what an earlier process left: what it was writing when it was killed is cut off. */
export function findSpool(dir: string): FoundSpool {
  const place = readPlace(dir);
  const numbers = readdirSync(dir)
    .flatMap((name) => {
      const number = SEGMENT.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    })
    .toSorted((a, b) => a - b);
  const segments = new Map<number, number>();
  for (const number of numbers) {
    const file = segmentFile(dir, number);
    if (number === numbers.at(-1)) truncateSync(file, goodLength(readFileSync(file)));
    const { size } = statSync(file);
    if (number < place.segment || size === 0) rmSync(file);
    else segments.set(number, size);
  }
  return {
    segments,
    place,
    next: Math.max(0, place.segment, ...numbers) + 1,
  };
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
