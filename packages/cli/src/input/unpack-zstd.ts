/** zstd of any number of frames (RFC 8878 3), as `cat a.zst b.zst` and appending writers make them. */
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import type { ZstdDecompress } from 'node:zlib';
import type { Chunks } from './put-back.ts';

/**
 * Node's decoder ends with the frame that ends inside a piece, whatever is behind it there: what is left goes to a new
 * decoder. The stream that comes out fails with the decoder's error, or the input's.
 */
export function unpackZstd(packed: Chunks, chunkSize: number): Readable {
  const unpacked = new PassThrough({ highWaterMark: chunkSize });
  let decoder = open();

  function open(): ZstdDecompress {
    const opened = createZstdDecompress({ chunkSize });
    opened.on('error', (error) => unpacked.destroy(error));
    opened.pipe(unpacked, { end: false });
    return opened;
  }

  async function feed(): Promise<void> {
    for await (const chunk of packed) {
      for (let rest = chunk; rest.length > 0;) {
        const before = decoder.bytesWritten;
        const isEnded = await write(decoder, rest);
        if (unpacked.destroyed) return;
        const taken = isEnded ? decoder.bytesWritten - before : rest.length;
        if (isEnded) decoder = open();
        rest = rest.subarray(taken);
      }
    }
    decoder.once('end', () => unpacked.end());
    decoder.end();
  }

  unpacked.on('close', () => decoder.destroy());
  feed().catch((error: unknown) =>
    unpacked.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return unpacked;
}

/** Resolves when the piece was worked on: true when a frame, and the decoder with it, ended inside it. */
function write(decoder: ZstdDecompress, piece: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const ended = (): void => resolve(true);
    decoder.once('end', ended);
    decoder.once('close', ended);
    decoder.write(piece, () => {
      decoder.off('end', ended);
      decoder.off('close', ended);
      resolve(false);
    });
  });
}
