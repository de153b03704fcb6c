/** The records of asynchronous queries on disk, each in a file beside its result. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { AsyncQueryRecord } from './async-query.ts';

export interface RecordFiles {
  /** All that can be read; what cannot, and results without a record, are removed. */
  load(): Promise<readonly AsyncQueryRecord[]>;
  save(record: AsyncQueryRecord): Promise<void>;
  /** With its result. */
  remove(id: string): Promise<void>;
  resultPath(id: string): string;
}

const validator = Compile(AsyncQueryRecord);

/** `directory` is made when it is first needed. */
export function createRecordFiles(directory: string): RecordFiles {
  const path = (id: string): string => join(directory, `${id}.json`);
  const resultPath = (id: string): string => join(directory, `${id}.ndjson.zst`);
  return {
    resultPath,
    async load() {
      const names = await readdir(directory).catch(() => []);
      const records: AsyncQueryRecord[] = [];
      for (const name of names.filter((one) => one.endsWith('.json'))) {
        const value = await readFile(join(directory, name), 'utf8').then(parse, () => undefined);
        if (validator.Check(value) && path(value.id) === join(directory, name)) records.push(value);
      }
      const known = new Set(records.flatMap(({ id }) => [path(id), resultPath(id)]));
      for (const name of names) {
        const file = join(directory, name);
        if (/\.(?:json|tmp|zst)$/.test(name) && !known.has(file)) await rm(file, { force: true });
      }
      return records;
    },
    async save(record) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const temporary = join(directory, `${record.id}.tmp`);
      await writeFile(temporary, JSON.stringify(record), { mode: 0o600 });
      await rename(temporary, path(record.id));
    },
    async remove(id) {
      await rm(path(id), { force: true });
      await rm(resultPath(id), { force: true });
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
