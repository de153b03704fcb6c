import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openChdbEngine } from './engine/chdb-engine.ts';
import type { Engine } from './engine/engine.ts';
import { DEFAULT_QUERY_LIMITS } from './engine/query-limits.ts';
import { stringAt } from './engine/rows.ts';
import { migrate, readMigrations } from './migrate.ts';

const EXPECTED = new URL('../../../deploy/clickhouse/schema.expected.sql', import.meta.url);

function openEngine(): { readonly engine: Engine; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'cadf-migrate-'));
  const engine = openChdbEngine({
    path: join(folder, 'store'),
    limits: DEFAULT_QUERY_LIMITS,
    readers: 1,
    maxEngineMemoryBytes: 1e9,
  });
  onTestFinished(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { engine, folder };
}

test('the migrations give the schema of deploy/clickhouse/schema.expected.sql', async () => {
  const { engine } = openEngine();
  await migrate(engine);
  const tables = await engine.rows({
    sql: 'SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  });
  const statements: string[] = [];
  for (const table of tables) {
    const rows = await engine.rows({ sql: `SHOW CREATE TABLE ${stringAt(table, 0)}` });
    statements.push(stringAt(rows[0] ?? [], 0).replaceAll('default.', ''));
  }
  await expect(`${statements.join(';\n\n')};\n`).toMatchFileSnapshot(EXPECTED.pathname);
});

test('files are applied in order, once; statements end with a semicolon at the end of a line', async () => {
  const { engine, folder } = openEngine();
  const files = join(folder, 'files');
  mkdirSync(files);
  const write = (name: string, sql: string): void => writeFileSync(join(files, name), sql);
  write('000002_more.sql', "-- Only a comment;\n\nINSERT INTO t SELECT 'two; or' ;\n");
  write(
    '000001_first.sql',
    "-- Two statements.\nCREATE TABLE t (s String) ENGINE = MergeTree ORDER BY s;\n\nINSERT INTO t\nSELECT 'one';",
  );
  write('README.md', 'not SQL');
  await migrate(engine, readMigrations(files));
  await migrate(engine, readMigrations(files));
  expect(await engine.rows({ sql: 'SELECT s FROM t ORDER BY s' })).toEqual([['one'], ['two; or']]);

  write('000003_third.sql', "INSERT INTO t SELECT 'three';");
  await migrate(engine, readMigrations(files));
  expect(await engine.rows({ sql: 'SELECT count() FROM t' })).toEqual([[3]]);

  write('000001_first.sql', '-- Changed.\nSELECT 1;');
  await expect(migrate(engine, readMigrations(files))).rejects.toMatchObject({
    code: 'STORE_MIGRATION',
    message: expect.stringContaining('000001_first.sql') as string,
  });

  rmSync(join(files, '000003_third.sql'));
  rmSync(join(files, '000001_first.sql'));
  await expect(migrate(engine, readMigrations(files))).rejects.toMatchObject({
    code: 'STORE_MIGRATION',
    message: expect.stringContaining('later version') as string,
  });
});
