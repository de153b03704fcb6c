/** What imports keep on disk: `<CADF_IMPORT_DIR>/<id>-<when it was made>/` with `inbox`, `quarantine` and `staging`. */
import { mkdirSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportDefinition } from '@cadf-pipeline/control-state';
import { createDirectoryPlace } from '@cadf-pipeline/file-places';
import type { FilePlace } from '@cadf-pipeline/file-places';

type Named = Pick<ImportDefinition, 'created' | 'id'>;

/** How far one process may be behind another. */
const NEW_MS = 10 * 60_000;

export interface ImportFiles {
  /** Makes the directory. */
  start(): Promise<void>;
  /** Of one import; another one that is given the same id later has another. */
  folderOf(definition: Named): string;
  inboxOf(definition: Named): FilePlace;
  quarantineOf(definition: Named): FilePlace;
  /**
   * Removes what belongs to none of these. What was made a moment ago stays: another process may know its import already.
   * `now`: milliseconds since 1970 UTC.
   */
  sweep(definitions: Iterable<Named>, now: number): Promise<void>;
}

export function createImportFiles(directory: string): ImportFiles {
  const nameOf = ({ created, id }: Named): string => `${id}-${Date.parse(created)}`;
  const placeOf = (definition: Named, part: string): FilePlace => {
    const path = join(directory, nameOf(definition), part);
    // A place that is not there cannot be listed.
    mkdirSync(path, { recursive: true });
    return createDirectoryPlace({ path, roots: [directory] });
  };
  return {
    start: async () => void (await mkdir(directory, { recursive: true })),
    folderOf: (definition) => join(directory, nameOf(definition)),
    inboxOf: (definition) => placeOf(definition, 'inbox'),
    quarantineOf: (definition) => placeOf(definition, 'quarantine'),
    async sweep(definitions, now) {
      const known = new Set([...definitions].map(nameOf));
      for (const name of await readdir(directory))
        if (/-\d{13}$/.test(name) && !known.has(name) && Number(name.slice(-13)) < now - NEW_MS)
          await rm(join(directory, name), { recursive: true, force: true });
    },
  };
}
