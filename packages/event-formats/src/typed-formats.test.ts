/** OCSF and Parquet under the contract of all formats; the files of Parquet as DuckDB reads them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeFileFormat } from '../../../test/contract/file-formats.ts';
import { EXPORT_FORMATS } from './event-format.ts';
import { fileFormats } from './file-formats.ts';

type Events = (file: Buffer) => Promise<readonly unknown[]>;

let folder: string;
let duckdb: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typed-formats-'));
  duckdb = await DuckDBInstance.create(':memory:');
  connection = await duckdb.connect();
});

afterAll(async () => {
  connection.closeSync();
  duckdb.closeSync();
  await rm(folder, { recursive: true, force: true });
});

/** A column that holds whole events. */
function columnOf(column: string): Events {
  return async (file) => {
    const path = join(folder, 'events.parquet');
    await writeFile(path, file);
    const answer = await connection.runAndReadAll(`SELECT "${column}" AS event FROM '${path}'`);
    return answer.getRowObjectsJson().map(({ event }): unknown => JSON.parse(String(event)));
  };
}

const rawData: Events = (file) => {
  const lines = file.toString().split('\n');
  expect(lines.pop()).toBe('');
  return Promise.resolve(
    lines.map((line): unknown => JSON.parse((JSON.parse(line) as { raw_data: string }).raw_data)),
  );
};

/** A row group is kept until it is full. */
const ROW_GROUP = { holdsBytes: 26 * 1024 * 1024 };

const suites = [
  ['ocsf-json', rawData, {}],
  ['ocsf-parquet', columnOf('raw_data'), ROW_GROUP],
  ['parquet', columnOf('event'), ROW_GROUP],
] as const;
for (const [name, events, more] of suites)
  describeFileFormat(name, {
    format: fileFormats[name],
    events,
    ids: async (file) => (await events(file)).map((event) => (event as { id: unknown }).id),
    ...more,
  });

test('every format of the API has a file, and no two have the same', () => {
  expect(Object.keys(fileFormats).toSorted()).toEqual(EXPORT_FORMATS.toSorted());
  const extensions = Object.values(fileFormats).map(({ extension }) => extension);
  expect(new Set(extensions).size).toBe(extensions.length);
});
