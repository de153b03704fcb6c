/**
 * Folders below a root, entered part by part without following symbolic links. A folder is held by its descriptor, and
 * what is in it is reached through that (`/proc/self/fd/<n>/<name>`, as openat(2) does it), so nobody can put a link in
 * the way between a check and its use. Where there is no such file system (not Linux), paths are used: links that are
 * there are refused all the same, one that is put there in that moment is not.
 */
import { constants, existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

export interface OpenFolder {
  /** The path to use for what is in it; good until it is closed. `name`: one part. */
  at(name: string): string;
  readonly path: string;
  /** Makes what was made, renamed or removed in it durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

const DESCRIPTORS = '/proc/self/fd';
const BY_DESCRIPTOR = existsSync(DESCRIPTORS);
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;
const FOLDER_MODE = 0o750;

/** A root is the administrator's: links in its own path are followed. */
export async function openRoot(path: string, byDescriptor = BY_DESCRIPTOR): Promise<OpenFolder> {
  return held(await open(path, FOLDER), path, byDescriptor);
}

/**
 * The folder below `from`; closes `from`. Errors of the system are thrown as they are: ENOENT where a part is missing
 * and `make` is false, ENOTDIR or ELOOP where it is a file or a link.
 */
export async function enter(from: OpenFolder, parts: readonly string[], make: boolean): Promise<OpenFolder> {
  let folder = from;
  for (const part of parts) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each is entered from the one before
      const next = await enterOne(folder, part, make);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await folder.close();
      folder = next;
    } catch (error) {
      // oxlint-disable-next-line no-await-in-loop -- the last thing done
      await folder.close();
      throw error;
    }
  }
  return folder;
}

/** Leaves `folder` open. */
export async function enterOne(folder: OpenFolder, part: string, make: boolean): Promise<OpenFolder> {
  const flags = FOLDER | constants.O_NOFOLLOW;
  const path = folder.at(part);
  const next = async (): Promise<OpenFolder> =>
    held(await open(path, flags), path, folder.path.startsWith(DESCRIPTORS));
  try {
    return await next();
  } catch (error) {
    if (!make || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await mkdir(path, { mode: FOLDER_MODE }).catch((error: NodeJS.ErrnoException) => {
    // Somebody else was faster.
    if (error.code !== 'EEXIST') throw error;
  });
  await folder.sync();
  return next();
}

function held(handle: FileHandle, path: string, byDescriptor: boolean): OpenFolder {
  const base = byDescriptor ? `${DESCRIPTORS}/${handle.fd}` : path;
  return {
    path: base,
    at: (name) => join(base, name),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}
