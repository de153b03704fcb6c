/** One log file that a digest names: whether it is there, and has the content it had. */
import { createHash } from 'node:crypto';
import { openLogFile } from './log-file.ts';
import { contentOf, readWhole, TrailFileError } from './trail-file.ts';
import type { TrailLimits } from './trail-file.ts';
import type { TrailFaultCode } from './trail-item.ts';
import type { TrailReader } from './trail-reader.ts';

export type LogFileState =
  | { readonly bytes: number; records(): AsyncGenerator<string, void, undefined> }
  | { readonly code: TrailFaultCode; readonly detail: string };

/**
 * Reads the file once. What is held is the file as it is stored (packed), so the records given later are those of the
 * bytes that were hashed, whatever becomes of the file meanwhile.
 */
export async function verifyLogFile(
  reader: TrailReader,
  name: string,
  sha256: string,
  limits: TrailLimits,
): Promise<LogFileState> {
  const pieces = await reader.read(name);
  if (pieces === undefined) {
    return { code: 'missing-log-file', detail: 'The digest names this log file, and it is not there.' };
  }
  try {
    const stored = await readWhole(pieces, limits.maxFileBytes);
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const piece of contentOf([stored], limits.maxContentBytes)) {
      digest.update(piece);
      bytes += piece.length;
    }
    const found = digest.digest('hex');
    if (found !== sha256.toLowerCase()) {
      return {
        code: 'changed-log-file',
        detail: `Its content has the SHA-256 ${found}, and the digest says ${sha256.toLowerCase()}.`,
      };
    }
    return { bytes, records: () => openLogFile([stored], limits) };
  } catch (error) {
    if (!(error instanceof TrailFileError)) throw error;
    // Changed bytes mostly cannot be unpacked any more; what is too large was not hashed to its end.
    return error.code === 'damaged'
      ? { code: 'changed-log-file', detail: error.message }
      : { code: 'unreadable-log-file', detail: `${error.message} Raise the bound if the file is real.` };
  }
}
