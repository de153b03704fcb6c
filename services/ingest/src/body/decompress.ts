/** Unpacks request bodies. What comes out is bounded, so a small body cannot become a large one unnoticed. */
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';

const gunzipAsync = promisify(gunzip);

/** What is sent in more frames than these is not made by any encoder, but to keep a server busy. */
const MAX_FRAMES = 1000;

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
        ? unpackFrames
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

/** All frames of zstd (RFC 8878 3): Node's decoder ends with the first one, whatever is behind it. */
async function unpackFrames(body: Buffer, { maxOutputLength }: { maxOutputLength: number }): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  let rest = body;
  do {
    if (parts.length >= MAX_FRAMES) throw new Error(`it has more than ${MAX_FRAMES} frames`);
    const frame = await unpackFrame(rest, Math.max(1, maxOutputLength - length));
    if (frame.read === 0) throw new Error('it is empty');
    parts.push(frame.bytes);
    length += frame.bytes.length;
    rest = rest.subarray(frame.read);
  } while (rest.length > 0);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, length);
}

/** The first frame, and how many bytes it takes. */
async function unpackFrame(
  body: Buffer,
  maxOutputLength: number,
): Promise<{ readonly bytes: Buffer; readonly read: number }> {
  return new Promise((resolve, reject) => {
    zstdDecompress(body, { maxOutputLength, info: true }, (error, result: unknown) => {
      if (error !== null) reject(error);
      else if (isUnpacked(result)) resolve({ bytes: result.buffer, read: result.engine.bytesWritten });
      else reject(new Error('the decoder gave nothing'));
    });
  });
}

/** With `info`, the callback is given the decoder too, which the types of Node do not tell. */
function isUnpacked(
  result: unknown,
): result is { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;
}
