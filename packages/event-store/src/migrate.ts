/**
 * Brings the store's tables to what deploy/clickhouse says: numbered SQL files, applied once each in order. Statements
 * are idempotent (`IF NOT EXISTS`), so that two processes may do it at once.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Engine } from './engine/engine.ts';
import { numberAt, stringAt } from './engine/rows.ts';
import { StoreError } from './errors.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

const FOLDER = fileURLToPath(new URL('../../../deploy/clickhouse/', import.meta.url));
const FILE = /^(\d{6})_([a-z0-9_]+)\.sql$/;

const RECORDS = `CREATE TABLE IF NOT EXISTS migrations
(
    \`number\` UInt32,
    \`name\` String,
    \`checksum\` String COMMENT 'SHA-256 of the file',
    \`applied\` DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/** Throws StoreError STORE_MIGRATION when a file differs from what was applied under its number, or a later one was applied. */
export async function migrate(
  engine: Engine,
  migrations: readonly Migration[] = readMigrations(),
): Promise<void> {
  await engine.command({ sql: RECORDS });
  const rows = await engine.rows({
    sql: 'SELECT number, any(checksum), uniqExact(checksum) FROM migrations GROUP BY number',
    unbounded: true,
  });
  const applied = new Map(rows.map((row) => [numberAt(row, 0), stringAt(row, 1)]));
  const newest = migrations.at(-1)?.number ?? 0;
  for (const row of rows) {
    if (numberAt(row, 0) > newest)
      throw new StoreError(
        'STORE_MIGRATION',
        `the store was migrated by a later version of this program (migration ${numberAt(row, 0)})`,
      );
    if (numberAt(row, 2) > 1)
      throw new StoreError('STORE_MIGRATION', `migration ${numberAt(row, 0)} was applied in two forms`);
  }
  for (const migration of migrations) {
    const before = applied.get(migration.number);
    if (before === migration.checksum) continue;
    if (before !== undefined)
      throw new StoreError(
        'STORE_MIGRATION',
        `migration ${migration.name} was changed after it was applied: write a new one instead`,
      );
    for (const sql of migration.statements) await engine.command({ sql });
    await engine.command({
      sql: 'INSERT INTO migrations (number, name, checksum) SELECT {number: UInt32}, {name: String}, {checksum: String}',
      params: { number: migration.number, name: migration.name, checksum: migration.checksum },
    });
  }
}

/** The files of a folder, in order. A statement ends with `;` at the end of a line. */
export function readMigrations(folder: string = FOLDER): readonly Migration[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const match = FILE.exec(file);
      if (match === null) return [];
      const text = readFileSync(`${folder}/${file}`, 'utf8');
      return {
        number: Number(match[1]),
        name: file,
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: text
          .split(/;[ \t]*$/m)
          .map((statement) => statement.trim())
          .filter((statement) => statement.replaceAll(/^--.*$/gm, '').trim() !== ''),
      };
    });
}
