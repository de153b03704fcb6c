/** A chain in a directory of this machine. */
import { constants } from 'node:fs';
import { open, opendir } from 'node:fs/promises';
import { PlaceUnreadable } from './segment-reader.ts';
import type { SegmentReader } from './segment-reader.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * Names are taken as they are: they must have been checked, as those of manifests are. What is no regular file, or not
 * itself in the directory (a symbolic link), is unreadable. Folders in it are listed with a slash behind their name.
 */
export function directoryReader(path: string): SegmentReader {
  return {
    description: path,
    async read(name, signal) {
      // Without O_NONBLOCK a named pipe would be waited for.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const file = await open(`${path}/${name}`, flags).catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) return undefined;
        throw unreadable(`${path}/${name}`, error);
      });
      if (file === undefined) return undefined;
      const stats = await file.stat();
      if (stats.isFile()) return chunksOf(file, `${path}/${name}`, signal);
      await file.close();
      throw new PlaceUnreadable(`${path}/${name}: it is no regular file`);
    },
    async *list() {
      try {
        for await (const entry of await opendir(path)) {
          yield entry.isDirectory() ? `${entry.name}/` : entry.name;
        }
      } catch (error) {
        throw unreadable(path, error);
      }
    },
  };
}

async function* chunksOf(
  file: Awaited<ReturnType<typeof open>>,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read({ buffer: chunk }).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const reason = hasCode(error, 'ELOOP') ? 'it is a symbolic link' : error.message;
  return new PlaceUnreadable(`${path}: ${reason}`, { cause: error });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
