/** Bytes of a file of CloudTrail: bounded, and unpacked where they are packed. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Bounds of what is read; a file beyond them is refused, never cut. */
export interface TrailLimits {
  /** Of a file as it is stored, bytes. */
  readonly maxFileBytes: number;
  /** Of a log file when it is unpacked, bytes. */
  readonly maxContentBytes: number;
  /** Of a digest file when it is unpacked, bytes. */
  readonly maxDigestBytes: number;
  /** Of one record, bytes. CloudTrail writes at most 1 MB. */
  readonly maxRecordBytes: number;
  /** How deep the JSON of a record may be nested. */
  readonly maxDepth: number;
}

/** 64 MiB packed, 1 GiB unpacked, digests of 64 MiB, records of 2 MiB and 64 levels. */
export const DEFAULT_LIMITS: TrailLimits = Object.freeze({
  maxFileBytes: 64 * 1024 ** 2,
  maxContentBytes: 1024 ** 3,
  maxDigestBytes: 64 * 1024 ** 2,
  maxRecordBytes: 2 * 1024 ** 2,
  maxDepth: 64,
});

/** `too-large`: over a bound; `damaged`: not gzip to its end; `not-a-log-file`: other JSON, or none. */
export type TrailFileErrorCode = 'too-large' | 'damaged' | 'not-a-log-file';

/** A file cannot be read. The message says what is wrong with it. */
export class TrailFileError extends Error {
  readonly code: TrailFileErrorCode;

  constructor(code: TrailFileErrorCode, message: string) {
    super(message);
    this.name = 'TrailFileError';
    this.code = code;
  }
}

/** The whole file in memory; `TrailFileError` `too-large` beyond `maxBytes`. */
export async function readWhole(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > maxBytes) throw new TrailFileError('too-large', `It has more than ${maxBytes} bytes.`);
    parts.push(piece);
  }
  return Buffer.concat(parts, length);
}

/**
 * What is in the file, piece by piece. Files that do not begin as gzip are given as they are: some tools store what they
 * download unpacked, and hashes are of the content. Throws `TrailFileError` `damaged` or `too-large`.
 */
export async function* contentOf(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let length = 0;
  for await (const piece of unpack(pieces)) {
    length += piece.length;
    if (length > maxBytes) {
      throw new TrailFileError('too-large', `Its content has more than ${maxBytes} bytes.`);
    }
    yield piece;
  }
}

async function* unpack(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = toIterator(pieces);
  let first = Buffer.alloc(0);
  while (first.length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  const packed = joined(first, iterator);
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* packed;
    return;
  }
  const source = Readable.from(packed, { objectMode: false });
  const gunzip = createGunzip();
  // A fault of the source is the caller's, not the file's.
  let sourceFault: unknown;
  source.on('error', (error) => {
    sourceFault = error;
    gunzip.destroy(error);
  });
  source.pipe(gunzip);
  try {
    for await (const piece of gunzip) if (piece instanceof Uint8Array) yield piece;
  } catch (error) {
    if (sourceFault !== undefined || !isZlibFault(error)) throw error;
    throw new TrailFileError('damaged', 'It begins as gzip and cannot be unpacked to its end.');
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

async function* joined(
  first: Buffer,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (first.length > 0) yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* toIterator(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces;
}

function isZlibFault(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
  );
}
