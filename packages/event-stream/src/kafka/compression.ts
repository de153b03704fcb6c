import { promisify } from 'node:util';
import { constants, gunzipSync, gzip, zstdCompress, zstdDecompressSync } from 'node:zlib';

/** How record batches are compressed on the way out. */
export type KafkaCompression = 'zstd' | 'gzip' | 'none';

/** The codec's number in a batch's attributes (record format v2). */
export const CODEC: Readonly<Record<KafkaCompression, number>> = { none: 0, gzip: 1, zstd: 4 };

/** What a batch may unpack to; a batch of our own is a few MiB, one of a stranger must not fill the memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
/** Level 1 costs half the time of zstd's default of 3 and gives up a few percent of size (docs/decisions/0001). */
const ZSTD_LEVEL = 1;

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);

/** Compresses in Node's thread pool, so that the next batch can be put together meanwhile. */
export async function compress(kind: KafkaCompression, bytes: Buffer): Promise<Buffer> {
  switch (kind) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzipAsync(bytes, { level: 1 });
    case 'zstd':
      return zstdAsync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } });
  }
}

/** Unpacks by codec number; undefined when this program has no such codec of its own (snappy, lz4). */
export function decompress(codec: number, bytes: Buffer): Buffer | undefined {
  if (codec === CODEC.none) return bytes;
  if (codec === CODEC.gzip) return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  if (codec === CODEC.zstd) return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  return undefined;
}
