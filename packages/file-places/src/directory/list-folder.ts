/** The files below a folder in the order of their names, however many there are: so many names at a time in memory. */
import { lstat, opendir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import type { ListOptions, ListedFile } from '../file-place.ts';
import { compareNames, faultOfName } from '../file-name.ts';
import { isMissing } from './directory-fault.ts';
import { enterOne } from './open-folder.ts';
import type { OpenFolder } from './open-folder.ts';

/** Of one folder, held at a time; a folder with more is read so many times more. */
const NAMES_AT_ONCE = 50_000;

interface Entry {
  /** With `/` at the end of a folder: so they sort among files as their contents do. */
  readonly key: string;
  readonly folder: boolean;
}

/** `base`: the name of the folder itself, with `/` at the end; empty for the place. */
export async function* listFolder(
  folder: OpenFolder,
  base: string,
  options: ListOptions,
  namesAtOnce = NAMES_AT_ONCE,
): AsyncGenerator<ListedFile> {
  let from: string | undefined;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const { entries, more } = await nextEntries(folder, base, options, from, namesAtOnce);
    for (const entry of entries) {
      options.signal?.throwIfAborted();
      const name = base + entry.key;
      try {
        if (entry.folder) yield* listInner(folder, entry.key.slice(0, -1), name, options, namesAtOnce);
        else {
          // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are asked for
          const facts = await lstat(folder.at(entry.key));
          if (facts.isFile()) yield { name, bytes: facts.size, modifiedMs: facts.mtimeMs };
        }
      } catch (error) {
        // Removed since its name was read.
        if (!isMissing(error)) throw error;
      }
    }
    if (!more) return;
    from = entries.at(-1)?.key;
  }
}

async function* listInner(
  folder: OpenFolder,
  part: string,
  base: string,
  options: ListOptions,
  namesAtOnce: number,
): AsyncGenerator<ListedFile> {
  const inner = await enterOne(folder, part, false);
  try {
    yield* listFolder(inner, base, options, namesAtOnce);
  } finally {
    await inner.close();
  }
}

/** The first entries after `from` that the question is about. */
async function nextEntries(
  folder: OpenFolder,
  base: string,
  { prefix = '', after, leftOut, signal }: ListOptions,
  from: string | undefined,
  namesAtOnce: number,
): Promise<{ readonly entries: readonly Entry[]; readonly more: boolean }> {
  let found: Entry[] = [];
  let more = false;
  const cut = (): void => {
    found.sort((a, b) => compareNames(a.key, b.key));
    more ||= found.length > namesAtOnce;
    found = found.slice(0, namesAtOnce);
  };
  for await (const dirent of await opendir(folder.path)) {
    signal?.throwIfAborted();
    const kind = await kindOf(folder, dirent);
    const name = base + dirent.name;
    const fault = kind === 'file' || kind === 'folder' ? faultOfName(name) : `is ${kind}`;
    if (fault !== undefined) {
      // Told once, and not of what this place itself keeps aside.
      if (from === undefined && !dirent.name.startsWith('.') && name.startsWith(prefix))
        leftOut?.(name, fault);
      continue;
    }
    const entry = { key: kind === 'folder' ? `${dirent.name}/` : dirent.name, folder: kind === 'folder' };
    if (from !== undefined && compareNames(entry.key, from) <= 0) continue;
    if (isAsked(base + entry.key, entry.folder, prefix, after)) found.push(entry);
    if (found.length >= 2 * namesAtOnce) cut();
  }
  cut();
  return { entries: found, more };
}

function isAsked(name: string, folder: boolean, prefix: string, after: string | undefined): boolean {
  if (!name.startsWith(prefix) && !(folder && prefix.startsWith(name))) return false;
  return after === undefined || compareNames(name, after) > 0 || (folder && after.startsWith(name));
}

async function kindOf(folder: OpenFolder, entry: Dirent): Promise<string> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'a symbolic link';
  // Some file systems do not say the kind with the name.
  const facts = await lstat(folder.at(entry.name)).catch(() => undefined);
  if (facts?.isFile() === true) return 'file';
  if (facts?.isDirectory() === true) return 'folder';
  return facts?.isSymbolicLink() === true ? 'a symbolic link' : 'no regular file';
}
