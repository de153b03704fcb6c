/**
 * The files of one export on disk: a directory that all processes of the service share. Each run writes under names of its
 * own, so that one that was taken over can do no harm, and notes each whole file in its ledger; which of them count, the
 * record of the export says.
 */
import { appendFile, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { contentOfFile } from '@cadf-pipeline/file-places';
import { ManifestFile } from '@cadf-pipeline/federation';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ExportRecord } from './export-record.ts';

/** A whole file. */
const LedgerEntry = Type.Object({
  file: ManifestFile,
  /** Its name in the directory; none where it was carried elsewhere. */
  kept: Type.Optional(Type.String()),
});
export type LedgerEntry = Static<typeof LedgerEntry>;

/** A whole file of events, with what is beside it: one line of a ledger, so that both count, or none. */
const LedgerLine = Type.Object({ ...LedgerEntry.properties, origins: Type.Optional(LedgerEntry) });
export type LedgerLine = Static<typeof LedgerLine>;

export interface ExportDirectory {
  readonly path: string;
  make(): Promise<void>;
  /** Where a run writes a file. */
  pathOf(kept: string): string;
  /** Resolves when the line, and the files it names, are durable. */
  note(run: string, line: LedgerLine): Promise<void>;
  /** The files that count, in order, each file of origins behind its own of events. Throws where one of them is not noted. */
  entries(record: Pick<ExportRecord, 'runs'>): Promise<readonly LedgerEntry[]>;
  /** Writes a small file whole and durable. */
  put(kept: string, bytes: Uint8Array): Promise<void>;
  read(kept: string): AsyncIterable<Buffer>;
  /** Removes what `keeps` says no to. */
  clean(keeps: (kept: string) => boolean): Promise<void>;
  remove(kept: string): Promise<void>;
  removeAll(): Promise<void>;
}

const ledgerLine = Compile(LedgerLine);

export function openExportDirectory(root: string, id: string): ExportDirectory {
  const path = join(root, id);
  const pathOf = (kept: string): string => join(path, kept);

  return {
    path,
    pathOf,
    make: async () => void (await mkdir(path, { recursive: true, mode: 0o700 })),
    async note(run, noted) {
      const ledger = pathOf(ledgerName(run));
      await appendFile(ledger, `${JSON.stringify(noted)}\n`, { mode: 0o600, flush: true });
      await syncDirectory(path);
    },
    async entries({ runs }) {
      const found: LedgerEntry[] = [];
      for (const { files, id: run } of runs) {
        if (files === 0) continue;
        const lines = (await readFile(pathOf(ledgerName(run)), 'utf8')).split('\n').slice(0, files);
        const noted = lines.flatMap((line) => readLine(line) ?? []);
        if (noted.length !== files)
          throw new Error(`the ledger of run ${run} has ${noted.length} of ${files} files`);
        for (const { origins, ...events } of noted)
          found.push(events, ...(origins === undefined ? [] : [origins]));
      }
      return found;
    },
    async put(kept, bytes) {
      const handle = await open(pathOf(kept), 'w', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await syncDirectory(path);
    },
    read: (kept) => contentOfFile(pathOf(kept)),
    async clean(keeps) {
      for (const name of await readdir(path)) if (!keeps(name)) await rm(pathOf(name), { force: true });
    },
    remove: (kept) => rm(pathOf(kept), { force: true }),
    removeAll: () => rm(path, { recursive: true, force: true }),
  };
}

export function ledgerName(run: string): string {
  return `${run}.ledger`;
}

function readLine(line: string): LedgerLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return ledgerLine.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The names in it are as durable as what they name. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
