import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How record batches are compressed on the way out. */
export type KafkaCompression = 'zstd' | 'gzip' | 'none';

/** The codec's number in a batch's attributes (record format v2). */
export const CODEC: Readonly<Record<KafkaCompression, number>> = { none: 0, gzip: 1, zstd: 4 };

/** What a batch may unpack to; a batch of our own is a few MiB, one of a stranger must not fill the memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
/** Level 1 costs half the time of zstd's default of 3 and gives up a few percent of size (docs/decisions/0001). */
const ZSTD_LEVEL = 1;

/**
 * Compresses a batch. In the calling thread: a batch takes 1 to 3 ms, and handing it to the thread pool costs as much
 * processor time again as the compression itself (docs/decisions/0001).
 */
export function compress(kind: KafkaCompression, bytes: Buffer): Buffer {
  switch (kind) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzipSync(bytes, { level: 1 });
    case 'zstd':
      return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } });
  }
}

/** Unpacks by codec number; undefined when this program has no such codec of its own (snappy, lz4). */
export function decompress(codec: number, bytes: Buffer): Buffer | undefined {
  if (codec === CODEC.none) return bytes;
  if (codec === CODEC.gzip) return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  if (codec === CODEC.zstd) return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  return undefined;
}
