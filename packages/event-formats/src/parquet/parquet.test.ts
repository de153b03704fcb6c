/** Parquet files as DuckDB and pyarrow read them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ndjson, testEvent } from '../../../../test/support/events.ts';
import { pythonLibraryMissing, runPython } from '../../../../test/support/python-library.ts';
import type { EventFacts } from '../event-format.ts';
import { parquet } from './parquet.ts';

const PYARROW = { name: 'pyarrow', version: '26.0.1' };
const missing = await pythonLibraryMissing(PYARROW);
if (missing !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(`pyarrow is needed: ${missing}`);
  process.stderr.write(`left out: Parquet files as pyarrow reads them (${missing})\n`);
}

let folder: string;
let duckdb: DuckDBInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  duckdb = await DuckDBInstance.create(':memory:');
});

afterAll(async () => {
  duckdb.closeSync();
  await rm(folder, { recursive: true, force: true });
});

function factsOf(offset: number): EventFacts {
  return { source: 'nova', receivedMs: Date.UTC(2026, 10, 2) + offset, partition: 3, offset };
}

async function fileOf(name: string, batches: readonly (readonly unknown[])[]): Promise<string> {
  const writer = parquet.open();
  const bytes: Buffer[] = [];
  const keep = (parts: readonly Uint8Array[]): unknown =>
    bytes.push(...parts.map((part) => Buffer.from(part)));
  let offset = 0;
  for (const events of batches) {
    const lines = Buffer.from(ndjson(events));
    const facts = events.map(() => factsOf(offset++));
    keep(await writer.write({ count: events.length, lines, facts: () => facts }));
    lines.fill('x');
  }
  keep(await writer.end());
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(bytes));
  return path;
}

async function rowsOf(sql: string): Promise<unknown> {
  const connection = await duckdb.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
  }
}

const full = testEvent({
  id: 'e-1',
  eventTime: '2026-11-01T14:00:00.123456789+02:00',
  severity: 7,
  name: 'größer 😀 "quoted"\n',
  requestPath: '/v2.1/servers',
  reason: { reasonType: 'HTTP', reasonCode: 403, policyType: 'urn:policies', policyId: 'p-1' },
  initiator: {
    id: 'u-1',
    typeURI: 'data/security/account/user',
    name: 'ada',
    domain: 'Default',
    project_id: 'project-a',
    host: { address: '192.0.2.7', agent: 'curl' },
  },
  observer: { id: 'target' },
  tags: ['a', 7, 'b'],
});
const bare = testEvent({ id: '', eventTime: 'yesterday', name: ['x'], target: undefined, tags: [] });

test('has typed columns, NULL for what is absent, and each whole event', async () => {
  const path = await fileOf('typed.parquet', [[full], [bare, 17]]);
  expect(
    await rowsOf(
      `SELECT * EXCLUDE (event) REPLACE (epoch_us(time) AS time, epoch_ms(received) AS received) FROM '${path}' ORDER BY "offset"`,
    ),
  ).toMatchSnapshot();
  expect(await rowsOf(`SELECT event FROM '${path}' ORDER BY "offset"`)).toEqual(
    [full, bare, 17].map((event) => ({ event: JSON.stringify(event) })),
  );
  expect(await rowsOf(`SELECT column_name, column_type FROM (DESCRIBE FROM '${path}')`)).toMatchSnapshot();
});

test('is a file without rows, too', async () => {
  expect(await rowsOf(`SELECT count(*) AS rows FROM '${await fileOf('empty.parquet', [])}'`)).toEqual([
    { rows: '0' },
  ]);
});

test('makes row groups of bounded size and hands them out on the way', async () => {
  const many = Array.from({ length: 20_500 }, (_, index) => ({
    id: `e-${index}`,
    eventTime: '2026-11-01T12:00:00Z',
  }));
  const path = await fileOf('many.parquet', [many.slice(0, 300), many.slice(300)]);
  expect(
    await rowsOf(
      `SELECT row_group_num_rows AS rows FROM parquet_metadata('${path}') WHERE path_in_schema = 'id' ORDER BY row_group_id`,
    ),
  ).toEqual([{ rows: '20000' }, { rows: '500' }]);
  expect(
    await rowsOf(`SELECT count(DISTINCT id) AS ids, max("offset") AS last, any_value(compression) AS codec
      FROM '${path}', (SELECT compression FROM parquet_metadata('${path}') LIMIT 1)`),
  ).toEqual([{ ids: '20500', last: '20499', codec: 'ZSTD' }]);

  const writer = parquet.open();
  const large = testEvent({ attachments: [{ contentType: 'text/plain', content: 'x'.repeat(9_000_000) }] });
  const batch = { count: 1, lines: Buffer.from(ndjson([large])), facts: () => [factsOf(0)] };
  const lengthOf = async (): Promise<number> => Buffer.concat([...(await writer.write(batch))]).length;
  expect(await lengthOf()).toBe(4);
  expect(await lengthOf()).toBeGreaterThan(100);
  expect(await lengthOf()).toBe(0);
});

const READ = `
import sys, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
for field in table.schema: print(field.name, field.type)
print([(row["time"].isoformat(), row["tags"], row["initiatorName"]) for row in table.slice(0, 1).to_pylist()])
print(table.column("event").to_pylist() == sys.stdin.read().splitlines())
`;

test.runIf(missing === undefined)('is read by pyarrow', async () => {
  const path = await fileOf('pyarrow.parquet', [[full, bare]]);
  const input = ndjson([full, bare]);
  expect(runPython(PYARROW, READ, { args: [path], input })).toMatchSnapshot();
});
