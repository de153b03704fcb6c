import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How record batches are compressed on the way out. */
export type KafkaCompression = 'zstd' | 'gzip' | 'none';

/** The codec's number in a batch's attributes (record format v2). */
export const CODEC: Readonly<Record<KafkaCompression, number>> = { none: 0, gzip: 1, zstd: 4 };

/** What a batch may unpack to; a batch of our own is a few MiB, one of a stranger must not fill the memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
/** Level 1 costs half the time of zstd's default of 3 and gives up a few percent of size (docs/decisions/0001). */
const ZSTD_LEVEL = 1;

const ZSTD_MAGIC = 0xfd2fb528;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const MIN_OUTPUT_BYTES = 64;
const MIN_CHUNK_BYTES = 16 * 1024;
/** Memory taken on the word of a frame before it has shown anything. */
const MAX_GUESSED_BYTES = 16 * 1024 * 1024;

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
      return zstdCompressSync(bytes, {
        params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
        chunkSize: Math.max(MIN_CHUNK_BYTES, bytes.length >>> 2),
      });
  }
}

/** Unpacks by codec number; undefined when this program has no such codec of its own (snappy, lz4). */
export function decompress(codec: number, bytes: Buffer): Buffer | undefined {
  if (codec === CODEC.none) return bytes;
  if (codec === CODEC.gzip) return gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  if (codec === CODEC.zstd)
    return zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES, chunkSize: unpackedSize(bytes) });
  return undefined;
}

/**
 * What a zstd frame says it unpacks to (RFC 8878 section 3.1.1), so that the output needs one piece of memory and no
 * copy; a guess when it does not say, or says more than is believed. Some bytes more, as a full piece asks for another.
 */
function unpackedSize(bytes: Buffer): number {
  const guess = Math.max(MIN_CHUNK_BYTES, Math.min(bytes.length * 8, MAX_GUESSED_BYTES));
  const descriptor = bytes[4];
  if (descriptor === undefined || bytes.readUInt32LE(0) !== ZSTD_MAGIC) return guess;
  const singleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (singleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0);
  if (bytes.length < at + 8) return guess;
  let size = 0;
  switch (descriptor >>> 6) {
    case 0:
      size = singleSegment ? bytes.readUInt8(at) : 0;
      break;
    case 1:
      size = bytes.readUInt16LE(at) + 256;
      break;
    case 2:
      size = bytes.readUInt32LE(at);
      break;
  }
  return size > 0 && size <= MAX_GUESSED_BYTES ? Math.max(MIN_OUTPUT_BYTES, size + MIN_OUTPUT_BYTES) : guess;
}
