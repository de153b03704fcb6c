/** Unpacks what is packed, as it is read: all members of gzip, all frames of zstd. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

const UNPACKED_CHUNK_BYTES = 128 * 1024;
/** What has more frames than these was not made by any encoder, but to keep a reader busy. */
const MAX_FRAMES = 10_000;

/** It cannot be unpacked: `message` says why. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError';
}

/**
 * Throws `UnpackError` where it is no gzip (RFC 1952) or zstd (RFC 8878), or has no end. Errors of `chunks` pass through.
 * Pieces of `chunks` are copied: they may be used again.
 */
export async function* unpack(
  compression: 'gzip' | 'zstd',
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  try {
    yield* compression === 'gzip' ? gunzip(chunks) : unpackFrames(chunks);
  } catch (error) {
    if (!isOfZlib(error)) throw error;
    throw new UnpackError(error.message, { cause: error });
  }
}

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const unpacker = createGunzip({ chunkSize: UNPACKED_CHUNK_BYTES });
  // The error is not lost here: the unpacker is destroyed with it and throws it to whoever reads on.
  pipeline(Readable.from(copied(chunks)), unpacker, () => {});
  const unpacked: AsyncIterable<Buffer> = unpacker;
  yield* unpacked;
}

/** Node's decoder ends with the first frame, whatever is behind it: the rest is given to another one. */
async function* unpackFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const pieces = copied(chunks);
  let rest: Buffer | undefined;
  try {
    for (let frames = 0; frames < MAX_FRAMES; frames++) {
      const unpacker = createZstdDecompress({ chunkSize: UNPACKED_CHUNK_BYTES });
      const fed = feed(unpacker);
      // Told by the unpacker to whoever reads.
      fed.catch((error: unknown) => unpacker.destroy(error instanceof Error ? error : undefined));
      const unpacked: AsyncIterable<Buffer> = unpacker;
      yield* unpacked;
      if (await fed) return;
    }
  } finally {
    await pieces.return(undefined);
  }
  throw new UnpackError(`it has more than ${MAX_FRAMES} frames`);

  /** Whether it was all there is; else `rest` is what the frame left. */
  async function feed(unpacker: ReturnType<typeof createZstdDecompress>): Promise<boolean> {
    let given = 0;
    for (;;) {
      const piece: Buffer | undefined = rest ?? (await nextOf(pieces));
      rest = undefined;
      if (piece === undefined) {
        unpacker.end();
        return true;
      }
      given += piece.length;
      await written(unpacker, piece);
      const left = given - unpacker.bytesWritten;
      if (left === 0) continue;
      rest = piece.subarray(piece.length - left);
      return false;
    }
  }
}

async function nextOf(pieces: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
  for (;;) {
    const next = await pieces.next();
    if (next.done === true) return undefined;
    if (next.value.length > 0) return next.value;
  }
}

function written(unpacker: ReturnType<typeof createZstdDecompress>, piece: Buffer): Promise<void> {
  return new Promise((done, failed) => {
    unpacker.write(piece, (error) => (error ? failed(error) : done()));
  });
}

/** Streams read ahead, and the pieces are the reader's again with the next. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

function isOfZlib(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^Z_|^ZSTD_|^ERR_ZSTD/.test(String(error.code));
}
