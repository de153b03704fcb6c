/** Unpacks request bodies. What comes out is bounded, so a small body cannot become a large one unnoticed. */
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';

const gunzipAsync = promisify(gunzip);
const zstdDecompressAsync = promisify(zstdDecompress);

export type DecompressResult =
  | { readonly ok: true; readonly body: Buffer }
  | {
      readonly ok: false;
      readonly reason: 'unknown-encoding' | 'too-large' | 'damaged';
      readonly detail: string;
    };

/**
 * Undoes Content-Encoding (`gzip`, `x-gzip`, `zstd`, `identity`, none). Only one encoding at a time: a chain of
 * them is refused. `maxBytes` bounds the unpacked size.
 */
export async function decompress(
  body: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<DecompressResult> {
  const encoding = (contentEncoding ?? 'identity').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return { ok: true, body };
  const unpack =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? gunzipAsync
      : encoding === 'zstd'
        ? zstdDecompressAsync
        : undefined;
  if (unpack === undefined)
    return { ok: false, reason: 'unknown-encoding', detail: `Content-Encoding "${encoding.slice(0, 40)}"` };
  try {
    return { ok: true, body: await unpack(body, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return { ok: false, reason: 'too-large', detail: `more than ${maxBytes} bytes when unpacked` };
    return { ok: false, reason: 'damaged', detail: error instanceof Error ? error.message : String(error) };
  }
}
