/** A rotated log file that was compressed meanwhile: unpacked as it is read, with no more of it in memory than a piece. */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Gunzip, ZstdDecompress } from 'node:zlib';
import type { Identity, OpenLogFile } from './open-log-file.ts';
import { HEAD_BYTES, openForReading, toHead, toIdentity } from './rotated-files.ts';

const CHUNK_BYTES = 64 * 1024;
/** Encoders make frames of megabytes; each costs a read. */
const MAX_FRAMES = 100_000;
/** What is beyond is not read: a file of a few MiB can be made to unpack to more than any disk holds. */
const MAX_UNPACKED_BYTES = 64 * 1024 ** 3;

/**
 * Opens it at an offset of what is unpacked. Undefined when there is none of that name, `isWanted` says that it is
 * another one (its size is not known, so it counts as long enough), or it is shorter than `offset`.
 */
export async function openCompressedLogFile(
  path: string,
  offset: number,
  compression: 'gzip' | 'zstd',
  isWanted: (found: Identity) => boolean = () => true,
  maxUnpackedBytes: number = MAX_UNPACKED_BYTES,
): Promise<OpenLogFile | undefined> {
  const handle = await openForReading(path);
  if (handle === undefined) return undefined;
  const { file, modifiedMs, size } = toIdentity(await handle.stat({ bigint: true }));
  const unpacked = unpack(handle, size, compression, maxUnpackedBytes);
  try {
    const begun = await readFirst(unpacked);
    const head = begun.subarray(0, HEAD_BYTES);
    const rest = isWanted({ file, size: Infinity, head }) ? await skip(unpacked, begun, offset) : undefined;
    if (rest !== undefined) return wrap(unpacked, { file, modifiedMs, head, rest, offset });
  } catch (error) {
    await unpacked.close();
    throw error;
  }
  await unpacked.close();
  return undefined;
}

interface Unpacked {
  /** The next piece. */
  next(): Promise<Buffer | 'end' | 'damaged'>;
  close(): Promise<void>;
}

/** One frame after the other: Node's decoder of zstd ends with the first one, whatever is behind it. */
function unpack(handle: FileHandle, size: number, compression: 'gzip' | 'zstd', maxBytes: number): Unpacked {
  let left = maxBytes;
  let start = 0;
  let frames = 1;
  let frame = openFrame(handle, start, compression);
  return {
    async next() {
      if (left <= 0) return 'damaged';
      try {
        for (;;) {
          const { done, value } = await frame.pieces.next();
          if (done !== true && Buffer.isBuffer(value)) {
            left -= value.length;
            return value;
          }
          const read = frame.stream.bytesWritten;
          start += read;
          if (compression === 'gzip' || start >= size) return 'end';
          if (read === 0 || frames++ >= MAX_FRAMES) return 'damaged';
          frame.close();
          frame = openFrame(handle, start, compression);
        }
      } catch {
        // Cut off, or no such format: what was unpacked so far counts.
        return 'damaged';
      }
    },
    async close() {
      frame.close();
      await handle.close();
    },
  };
}

interface Frame {
  readonly stream: Gunzip | ZstdDecompress;
  readonly pieces: AsyncIterator<unknown>;
  close(): void;
}

function openFrame(handle: FileHandle, start: number, compression: 'gzip' | 'zstd'): Frame {
  const packed = Readable.from(readPacked(handle, start), { objectMode: false });
  const stream = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  packed.on('error', (error) => stream.destroy(error));
  packed.pipe(stream);
  return {
    stream,
    pieces: stream[Symbol.asyncIterator](),
    close() {
      packed.destroy();
      stream.destroy();
    },
  };
}

async function* readPacked(handle: FileHandle, start: number): AsyncGenerator<Buffer, void, undefined> {
  for (let at = start; ;) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** As many pieces as the beginning takes that tells files apart. */
async function readFirst(unpacked: Unpacked): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const piece = await unpacked.next();
    if (!Buffer.isBuffer(piece)) break;
    parts.push(piece);
    length += piece.length;
  }
  return Buffer.concat(parts, length);
}

/** The rest of the piece in which the offset is; undefined when there is not as much. */
async function skip(unpacked: Unpacked, first: Buffer, offset: number): Promise<Buffer | undefined> {
  let piece = first;
  let before = 0;
  while (before + piece.length < offset) {
    before += piece.length;
    const next = await unpacked.next();
    if (!Buffer.isBuffer(next)) return undefined;
    piece = next;
  }
  return piece.subarray(offset - before);
}

interface Begun {
  readonly file: string;
  readonly modifiedMs: number;
  readonly head: Buffer;
  readonly rest: Buffer;
  readonly offset: number;
}

function wrap(unpacked: Unpacked, { file, modifiedMs, head, rest, offset: start }: Begun): OpenLogFile {
  const headDigest = toHead(head);
  let offset = start;
  let waiting = rest;
  let ended: 'end' | 'damaged' | undefined;
  return {
    file,
    get offset() {
      return offset;
    },
    modifiedMs,
    isFinished: true,
    async read() {
      const piece = waiting.length > 0 ? waiting : (ended ?? (await unpacked.next()));
      waiting = Buffer.alloc(0);
      if (!Buffer.isBuffer(piece)) {
        // Damage is told once; then the file is at its end.
        ended = 'end';
        return piece;
      }
      offset += piece.length;
      return piece;
    },
    checkpoint: (done) => ({ file, offset: done, head: headDigest, modifiedMs }),
    close: () => unpacked.close(),
  };
}
