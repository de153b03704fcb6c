/**
 * A directory as a place of files. Only below roots that the administrator named; symbolic links are never followed.
 *
 * A file is written under another name in `.partial`, synced, and renamed; then the folder is synced. What a killed
 * process leaves in `.partial` is seen by nobody, and removed after a day by the next one that writes.
 */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, opendir, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, normalize, relative, sep } from 'node:path';
import { checkedContent } from '../checked-content.ts';
import type { FilePlace, ListOptions, ReadOptions } from '../file-place.ts';
import { FilePlaceError } from '../file-place-error.ts';
import { checkName, faultOfName, shownName } from '../file-name.ts';
import { directoryFault, isMissing } from './directory-fault.ts';
import { listFolder } from './list-folder.ts';
import { enter, openRoot } from './open-folder.ts';
import type { OpenFolder } from './open-folder.ts';

export interface DirectoryPlaceOptions {
  /** Absolute path; made by the first write where it is missing. */
  readonly path: string;
  /** Absolute paths of directories that exist. None: every path is refused. */
  readonly roots: readonly string[];
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
  /** For tests; default: whether the system has `/proc/self/fd`. */
  readonly byDescriptor?: boolean;
}

const PARTIAL = '.partial';
const ABANDONED_MS = 24 * 60 * 60 * 1000;
const FILE_MODE = 0o640;
const READ_BYTES = 256 * 1024;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** Not blocking: a pipe under this name must not hold a thread until somebody writes to it. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Why a path cannot be a place, as a sentence; undefined where it can. */
export function faultOfDirectory(path: string, roots: readonly string[]): string | undefined {
  const split = splitAtRoot(path, roots);
  return 'fault' in split ? split.fault : undefined;
}

/** Throws `refused` or `place` where `faultOfDirectory` says why. Nothing is opened yet. */
export function createDirectoryPlace(options: DirectoryPlaceOptions): FilePlace {
  const { path, now = Date.now } = options;
  const split = splitAtRoot(path, options.roots);
  if ('fault' in split) throw new FilePlaceError('refused', split.fault);
  const title = `directory ${normalize(path)}`;
  let swept = false;

  async function folderOf(parts: readonly string[], make: boolean): Promise<OpenFolder> {
    if ('fault' in split) throw new FilePlaceError('refused', split.fault);
    return enter(await openRoot(split.root, options.byDescriptor), [...split.parts, ...parts], make);
  }

  /** The folder of a file and its name there. */
  async function within<T>(
    name: string,
    make: boolean,
    use: (folder: OpenFolder, last: string) => Promise<T>,
  ): Promise<T> {
    const parts = name.split('/');
    const folder = await folderOf(parts.slice(0, -1), make);
    try {
      return await use(folder, parts.at(-1) ?? '');
    } finally {
      await folder.close();
    }
  }

  async function openFile(name: string): Promise<FileHandle> {
    checkName(name);
    let handle: FileHandle | undefined;
    try {
      handle = await within(name, false, (folder, last) => open(folder.at(last), READ));
      if ((await handle.stat()).isFile()) return handle;
    } catch (error) {
      await handle?.close();
      if (isMissing(error)) throw notFound(name);
      throw directoryFault(`The file ${shownName(name)} of ${title} cannot be read`, error);
    }
    await handle.close();
    throw notFound(name);
  }

  const notFound = (name: string): FilePlaceError =>
    new FilePlaceError('not-found', `There is no file ${shownName(name)} in ${title}.`);

  async function sweep(partial: OpenFolder): Promise<void> {
    for await (const { name } of await opendir(partial.path)) {
      const facts = await lstat(partial.at(name)).catch(() => undefined);
      if (facts?.isFile() === true && facts.mtimeMs < now() - ABANDONED_MS)
        await unlink(partial.at(name)).catch(() => undefined);
    }
  }

  return {
    title,
    async put(name, content, putOptions = {}) {
      checkName(name);
      const checked = checkedContent(name, content, putOptions);
      try {
        const partial = await folderOf([PARTIAL], true);
        try {
          if (!swept) await sweep(partial);
          swept = true;
          const own = partial.at(randomUUID());
          try {
            await writeAll(own, checked.parts);
            await within(name, true, async (folder, last) => {
              await rename(own, folder.at(last));
              await folder.sync();
            });
          } catch (error) {
            await unlink(own).catch(() => undefined);
            throw error;
          }
        } finally {
          await partial.close();
        }
      } catch (error) {
        const fault = checked.fault();
        if (fault !== undefined) throw fault.error;
        if (isMissing(error)) throw noPlace(title, error);
        throw directoryFault(`The file ${shownName(name)} cannot be written to ${title}`, error);
      }
    },

    async *read(name, readOptions: ReadOptions = {}) {
      const { from = 0, signal } = readOptions;
      const handle = await openFile(name);
      try {
        const end = Math.min(readOptions.upTo ?? Infinity, (await handle.stat()).size);
        for (let at = from; at < end;) {
          signal?.throwIfAborted();
          const part = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
          // oxlint-disable-next-line no-await-in-loop -- part after part
          const { bytesRead } = await handle.read(part, 0, part.length, at);
          if (bytesRead === 0)
            throw new FilePlaceError(
              'changed',
              `The file ${shownName(name)} of ${title} became shorter while it was read.`,
            );
          at += bytesRead;
          yield part.subarray(0, bytesRead);
        }
      } catch (error) {
        throw directoryFault(`The file ${shownName(name)} of ${title} cannot be read`, error);
      } finally {
        await handle.close();
      }
    },

    async stat(name) {
      const handle = await openFile(name);
      try {
        const { size, mtimeMs } = await handle.stat();
        return { name, bytes: size, modifiedMs: mtimeMs, metadata: {} };
      } finally {
        await handle.close();
      }
    },

    async *list(listOptions: ListOptions = {}) {
      let folder: OpenFolder | undefined;
      try {
        folder = await folderOf([], false);
        yield* listFolder(folder, '', listOptions);
      } catch (error) {
        if (folder === undefined && isMissing(error)) throw noPlace(title, error);
        throw directoryFault(`The files of ${title} cannot be listed`, error);
      } finally {
        await folder?.close();
      }
    },

    async remove(name) {
      checkName(name);
      try {
        await within(name, false, async (folder, last) => {
          if (!(await lstat(folder.at(last))).isFile()) return;
          await unlink(folder.at(last));
          await folder.sync();
        });
      } catch (error) {
        if (!isMissing(error))
          throw directoryFault(`The file ${shownName(name)} of ${title} cannot be removed`, error);
      }
    },

    async check({ write = false } = {}) {
      let folder: OpenFolder | undefined;
      try {
        folder = await folderOf(write ? [PARTIAL] : [], write);
        const entries = await opendir(folder.path);
        await entries.close();
        if (!write) return;
        const own = folder.at(randomUUID());
        await writeAll(own, [Buffer.from('check')]);
        await unlink(own);
      } catch (error) {
        if (isMissing(error)) throw noPlace(title, error);
        throw directoryFault(`The ${title} cannot be ${write ? 'written to' : 'read'}`, error);
      } finally {
        await folder?.close();
      }
    },

    close: async () => undefined,
  };
}

async function writeAll(
  path: string,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const handle = await open(path, WRITE, FILE_MODE);
  try {
    await handle.writeFile(parts);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function noPlace(title: string, cause: unknown): FilePlaceError {
  return new FilePlaceError('no-place', `The ${title} is not there: make it, or correct its path.`, {
    cause,
  });
}

type Split = { readonly root: string; readonly parts: readonly string[] } | { readonly fault: string };

function splitAtRoot(path: string, roots: readonly string[]): Split {
  if (!isAbsolute(path)) return { fault: 'The path of the directory has to be absolute.' };
  const clean = normalize(path);
  for (const root of roots) {
    const below = relative(root, clean);
    if (below.startsWith('..') || isAbsolute(below)) continue;
    const parts = below === '' ? [] : below.split(sep).filter((part) => part !== '');
    const fault = parts.length === 0 ? undefined : faultOfName(parts.join('/'));
    return fault === undefined ? { root, parts } : { fault: `The path of the directory ${fault}.` };
  }
  return {
    fault:
      roots.length === 0
        ? 'No directory can be used: an administrator has to name roots first.'
        : 'The directory is not below one of the roots that the administrator named.',
  };
}
