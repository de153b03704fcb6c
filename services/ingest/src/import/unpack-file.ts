/** Unpacks a staged file. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Compression } from './file-form.ts';

/** What has more frames than these was not made by any encoder, but to keep a server busy. */
const MAX_FRAMES = 10_000;

/** The file has no end, or something behind it that is no frame. */
export class FramesDamaged extends Error {
  override readonly name = 'FramesDamaged';
}

/**
 * All members of gzip, all frames of zstd (RFC 8878 3): Node's decoder of zstd ends with the first one, whatever is behind it.
 * `read`: the file from this byte on; `bytes`: its length. Throws errors of zlib, and `FramesDamaged`.
 */
export async function* unpackFile(
  read: (from: number) => AsyncIterable<Buffer>,
  bytes: number,
  compression: Compression,
): AsyncGenerator<Buffer> {
  if (compression === 'gzip') {
    yield* through(read(0), createGunzip());
    return;
  }
  let from = 0;
  for (let frames = 0; from < bytes; frames++) {
    if (frames >= MAX_FRAMES) throw new FramesDamaged(`it has more than ${MAX_FRAMES} frames`);
    const unpacker = createZstdDecompress();
    yield* through(read(from), unpacker);
    if (unpacker.bytesWritten === 0) throw new FramesDamaged('it is empty');
    from += unpacker.bytesWritten;
  }
}

async function* through(
  chunks: AsyncIterable<Buffer>,
  unpacker: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
): AsyncGenerator<Buffer> {
  // The error is not lost here: the unpacker throws it to whoever reads on.
  pipeline(Readable.from(chunks), unpacker, () => {});
  const parts: AsyncIterable<Buffer> = unpacker;
  yield* parts;
}
