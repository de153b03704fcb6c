/**
 * The result of an asynchronous query on disk: NDJSON in frames of zstd, one per block of events, each readable by itself;
 * the file as a whole is zstd too.
 */
import { appendFile, open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { Type } from 'typebox';
import type { Static } from 'typebox';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

export const Frame = Type.Object({
  bytes: Type.Integer({ minimum: 0 }),
  count: Type.Integer({ minimum: 1 }),
});
export type Frame = Static<typeof Frame>;

export function packFrame(lines: Buffer): Promise<Buffer> {
  return compress(lines, LEVEL);
}

export function appendFrame(path: string, packed: Buffer): Promise<void> {
  return appendFile(path, packed, { mode: 0o600 });
}

export function removeResult(path: string): Promise<void> {
  return rm(path, { force: true });
}

/** The lines from one on, frame by frame; at most `count`. */
export async function* readFrames(
  path: string,
  frames: readonly Frame[],
  first: number,
  count: number,
): AsyncGenerator<{ readonly lines: Buffer }> {
  let skip = first;
  let missing = count;
  let at = 0;
  if (missing <= 0 || frames.length === 0) return;
  const file = await open(path, 'r');
  try {
    for (const frame of frames) {
      if (missing <= 0) return;
      const from = at;
      at += frame.bytes;
      if (skip >= frame.count) {
        skip -= frame.count;
        continue;
      }
      const packed = Buffer.allocUnsafeSlow(frame.bytes);
      const { bytesRead } = await file.read(packed, 0, frame.bytes, from);
      if (bytesRead !== frame.bytes)
        throw new Error(`a result file ends early: ${bytesRead} bytes at ${from}`);
      const lines = await decompress(packed);
      const taken = Math.min(frame.count - skip, missing);
      const whole = skip === 0 && taken === frame.count;
      yield {
        lines: whole ? lines : lines.subarray(afterLines(lines, skip), afterLines(lines, skip + taken)),
      };
      missing -= taken;
      skip = 0;
    }
  } finally {
    await file.close();
  }
}

/** Where the line with this number begins. */
function afterLines(lines: Buffer, number: number): number {
  let at = 0;
  for (let passed = 0; passed < number; passed++) at = lines.indexOf(10, at) + 1;
  return at;
}
