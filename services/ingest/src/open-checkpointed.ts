/** Opens log files as they were listed, and finds the one a checkpoint is about among them. */
import { openCompressedLogFile } from './compressed-log-file.ts';
import { openLogFile } from './open-log-file.ts';
import type { Identity, OpenLogFile } from './open-log-file.ts';
import { toHead } from './rotated-files.ts';
import type { FileCheckpoint, LogFile } from './rotated-files.ts';

/** Opens a file as it is: see `openLogFile`. Undefined also where its compression is not read, or it is shorter. */
export async function openListed(
  { path, compression }: LogFile,
  offset: number,
  isWanted: (found: Identity) => boolean = () => true,
): Promise<OpenLogFile | undefined> {
  if (compression === undefined) return openLogFile(path, offset, isWanted);
  if (compression === 'xz' || compression === 'bzip2') return undefined;
  return openCompressedLogFile(path, offset, compression, isWanted);
}

/**
 * Opens the file a checkpoint is about, where it was left: the one with its inode, else (after copying with
 * truncation, or compression) one that begins alike; in both cases long enough. Undefined when none of the candidates is.
 */
export async function openCheckpointed(
  candidates: readonly LogFile[],
  checkpoint: FileCheckpoint,
): Promise<OpenLogFile | undefined> {
  const { head, offset } = checkpoint;
  const beginsAlike = (found: Identity): boolean =>
    found.size >= offset && toHead(found.head.subarray(0, head.bytes)).sha256 === head.sha256;
  for (const candidate of candidates) {
    const same = await openListed(
      candidate,
      offset,
      (found) => found.file === checkpoint.file && beginsAlike(found),
    );
    if (same !== undefined) return same;
  }
  for (const candidate of head.bytes === 0 ? [] : candidates) {
    const copy = await openListed(candidate, offset, beginsAlike);
    if (copy !== undefined) return copy;
  }
  return undefined;
}
