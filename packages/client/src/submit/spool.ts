/**
 * Events on disk until the service has them: they outlive the process, however it ends, and are read in the order in
 * which they were added. Our own and not a library's: those for Node either sync nothing, or block the process for each
 * entry, or bring a database along.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { ClientError, clientCodes } from '../client-error.ts';
import { findSpool, rejectedFile, segmentFile, writePlace } from './spool-files.ts';
import type { SpoolPlace } from './spool-files.ts';
import { lockSpool } from './spool-lock.ts';
import { SPOOL_LINE_BYTES, spoolLines, toSpoolLine } from './spool-line.ts';
import { createSpoolWriter } from './spool-writer.ts';

export interface SpoolOptions {
  /** A folder of its own; made where there is none, readable by this user alone. */
  readonly dir: string;
  /** Most bytes on disk, with those that the service rejected. Default 1 GiB. */
  readonly maxBytes?: number;
}

export interface SpooledBatch {
  /** The JSON of events, in the order in which they were added. */
  readonly lines: readonly Buffer[];
  /** What the disk did not keep as it was written. */
  readonly damaged: readonly Buffer[];
  /** Where to go on after the batch. */
  readonly next: SpoolPlace;
}

/** An event that the service does not take, as kept in `rejected.ndjson`. */
export interface RejectedEntry {
  readonly code: string;
  readonly detail: string;
  readonly path?: string;
  /** The event as it was added. */
  readonly text: string;
}

export interface Spool {
  /** Resolves when the event is durable. Throws CLIENT_FULL (it is with the caller still) and CLIENT_SPOOL_FAILED. */
  append(event: Buffer): Promise<void>;
  /** What comes next, durable and not yet done; undefined where there is nothing. */
  read(maxEvents: number, maxBytes: number): Promise<SpooledBatch | undefined>;
  /** The batch is with the service, and what it rejected is kept. */
  done(batch: SpooledBatch, rejected: readonly RejectedEntry[]): Promise<void>;
  /** Bytes on disk and about to be. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Whether all that is durable is done. */
  readonly empty: boolean;
  close(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 1024 ** 3;
const MAX_SEGMENT_BYTES = 16 * 1024 ** 2;

/** `onDurable` is told how many more events there are to read. Throws ClientError CLIENT_SPOOL_FAILED where it cannot be used. */
export function openSpool(
  { dir, maxBytes = DEFAULT_MAX_BYTES }: SpoolOptions,
  onDurable: (events: number) => void,
): Spool {
  const found = begin(dir);
  const { segments, unlock } = found;
  let { place } = found;
  let pendingBytes = 0;
  let rejectedBytes = existsSync(rejectedFile(dir)) ? statSync(rejectedFile(dir)).size : 0;
  let segmentsBytes = sum(segments.values());
  const writer = createSpoolWriter({
    dir,
    next: found.next,
    segmentBytes: Math.min(MAX_SEGMENT_BYTES, Math.ceil(maxBytes / 8)),
    onDurable(segment, bytes, events) {
      segments.set(segment, (segments.get(segment) ?? 0) + bytes);
      segmentsBytes += bytes;
      onDurable(events);
    },
  });

  /** The place itself, or the beginning of the next segment where this one is read to its end. */
  function current(): SpoolPlace | undefined {
    if (place.offset < (segments.get(place.segment) ?? 0)) return place;
    const later = [...segments.keys()].filter((segment) => segment > place.segment);
    return later.length === 0 ? undefined : { segment: Math.min(...later), offset: 0 };
  }

  /** What is durable from a place on, up to the limit; more where a single event is longer. */
  async function readLines({ segment, offset }: SpoolPlace, limit: number): Promise<Buffer> {
    const durable = (segments.get(segment) ?? 0) - offset;
    const length = Math.min(durable, limit);
    const piece = await readPiece(segmentFile(dir, segment), offset, length);
    const goesOn = piece.length === length && length < durable;
    return goesOn && !piece.includes(10) ? readLines({ segment, offset }, limit * 2) : piece;
  }

  const spool: Spool = {
    maxBytes,
    get bytes() {
      return segmentsBytes + pendingBytes + rejectedBytes;
    },
    get empty() {
      return current() === undefined;
    },
    async append(event) {
      const line = toSpoolLine(event);
      if (spool.bytes + line.length > maxBytes) {
        throw new ClientError(
          clientCodes.CLIENT_FULL,
          `The spool ${dir} is full (${maxBytes} bytes): wait for room(). Where rejected.ndjson fills it, move that away and start again.`,
          { retryable: true },
        );
      }
      pendingBytes += line.length;
      try {
        await writer.append(line);
      } finally {
        pendingBytes -= line.length;
      }
    },
    async read(maxEvents, maxBatchBytes) {
      const from = current();
      if (from === undefined) return undefined;
      const limit = maxBatchBytes + SPOOL_LINE_BYTES * maxEvents;
      const piece = await readLines(from, limit);
      const lines: Buffer[] = [];
      const damaged: Buffer[] = [];
      let { offset } = from;
      let bytes = 0;
      for (const line of spoolLines(piece)) {
        if (lines.length === maxEvents || (lines.length > 0 && bytes + line.length > maxBatchBytes)) break;
        (line.damaged ? damaged : lines).push(line.bytes);
        offset += line.length;
        bytes += line.length;
      }
      if (offset > from.offset) return { lines, damaged, next: { ...from, offset } };
      // No line ends here at all: what was written by halves and could not be cut off, or somebody made the file shorter.
      return { lines, damaged: [piece], next: { ...from, offset: segments.get(from.segment) ?? 0 } };
    },
    async done({ next }, rejected) {
      if (rejected.length > 0) rejectedBytes += await keepRejected(dir, rejected);
      place = next;
      // An older place only means that events are sent again; and on a full disk what is done has to make room.
      await writePlace(dir, place).catch(() => {});
      for (const [segment, size] of segments) {
        const over = segment < place.segment || (segment === place.segment && place.offset >= size);
        if (!over || segment === writer.current) continue;
        segments.delete(segment);
        segmentsBytes -= size;
        await rm(segmentFile(dir, segment), { force: true });
      }
    },
    async close() {
      await writer.close();
      unlock();
    },
  };
  return spool;
}

function begin(dir: string) {
  let unlock: (() => void) | undefined;
  try {
    // The folder first: the lock lies in it.
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    unlock = lockSpool(dir);
    return { ...findSpool(dir), unlock };
  } catch (error) {
    unlock?.();
    if (error instanceof ClientError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ClientError(clientCodes.CLIENT_SPOOL_FAILED, `The spool cannot be opened: ${reason}.`, {
      cause: error,
    });
  }
}

async function readPiece(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const piece = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(piece, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return piece.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

/** Appends to `rejected.ndjson`, durably; answers how many bytes. */
async function keepRejected(dir: string, rejected: readonly RejectedEntry[]): Promise<number> {
  const time = new Date().toISOString();
  const text = Buffer.from(rejected.map((entry) => `${JSON.stringify({ time, ...entry })}\n`).join(''));
  const handle = await open(rejectedFile(dir), 'a', 0o600);
  try {
    await handle.appendFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return text.length;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
