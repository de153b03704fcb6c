/** The files of a trail in a directory, as `aws s3 sync` leaves them. */
import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { TrailReader } from './trail-reader.ts';

/** `root`: a directory. Symbolic links are no files of the trail; names that lead out of it are not there. */
export function directoryReader(root: string): TrailReader {
  return {
    async *list(prefix) {
      const slash = prefix.lastIndexOf('/');
      const folder = slash < 0 ? '' : prefix.slice(0, slash + 1);
      if (folder === '' || isName(folder.slice(0, -1))) {
        for await (const name of walk(root, folder)) if (name.startsWith(prefix)) yield name;
      }
    },
    async read(name) {
      if (!isName(name)) return undefined;
      try {
        const base = await realpath(root);
        const path = await realpath(join(base, name));
        if (path !== join(base, name) || !path.startsWith(base + sep)) return undefined;
        const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        if ((await handle.stat()).isFile()) return handle.createReadStream();
        await handle.close();
        return undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

async function* walk(root: string, folder: string): AsyncGenerator<string, void, undefined> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = `${folder}${entry.name}`;
    if (entry.isDirectory()) yield* walk(root, `${name}/`);
    else if (entry.isFile()) yield name;
  }
}

function isName(name: string): boolean {
  return (
    !name.includes('\0') && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP')
  );
}
