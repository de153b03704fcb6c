/** Answers compressed as the caller accepts it: RFC 9110 §12.5.3, RFC 8878 (zstd). */
import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, createZstdCompress, gzip, zstdCompress } from 'node:zlib';
import { negotiate } from './media-type.ts';

export type ContentEncoding = 'zstd' | 'gzip';

/** Fast levels: answers are made while the caller waits. */
const GZIP_LEVEL = 1;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Smaller ones gain nothing. */
const MIN_BYTES = 1024;

/** Undefined: as it is. */
export function acceptedEncoding(accept: string | string[] | undefined): ContentEncoding | undefined {
  if (accept === undefined) return undefined;
  const text = Array.isArray(accept) ? accept.join(',') : accept;
  const best = negotiate(text.replaceAll('*', '*/*'), {
    zstd: ['zstd'],
    gzip: ['gzip', 'x-gzip'],
    identity: ['identity'],
  });
  return best === 'identity' ? undefined : best;
}

export function compressor(encoding: ContentEncoding): Transform {
  return encoding === 'gzip' ? createGzip({ level: GZIP_LEVEL }) : createZstdCompress(ZSTD);
}

const gzipAsync = promisify(gzip);
const zstdAsync = promisify(zstdCompress);

/** A whole text: compressed where it is accepted and worth it. */
export async function compressed(
  text: string,
  accept: string | string[] | undefined,
): Promise<{ readonly bytes: Buffer; readonly encoding: ContentEncoding | undefined }> {
  const bytes = Buffer.from(text);
  const encoding = bytes.length < MIN_BYTES ? undefined : acceptedEncoding(accept);
  if (encoding === undefined) return { bytes, encoding };
  const made = encoding === 'gzip' ? gzipAsync(bytes, { level: GZIP_LEVEL }) : zstdAsync(bytes, ZSTD);
  return { bytes: await made, encoding };
}
