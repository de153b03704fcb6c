/**
 * Empty stores whose tables are there already. To make the tables takes most of a second, and hundreds of tests begin
 * with a store of their own; so they are made once and copied. What makes them is tested by itself.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const MAKER = join(import.meta.dirname, 'make-migrated-store.ts');
let template: string | undefined;

/** Puts the directory of an embedded store there, where nothing may be yet. */
export function putMigratedStore(path: string): void {
  template ??= makeTemplate();
  // The engine's links are relative, and have to stay so.
  cpSync(template, path, { recursive: true, verbatimSymlinks: true });
}

/** Kept for later runs, as long as what makes the tables is the same. */
function makeTemplate(): string {
  const place = join(tmpdir(), `cadf-migrated-store-${digestOfMakers()}`);
  if (existsSync(place)) return place;
  const made = mkdtempSync(join(tmpdir(), 'cadf-migrated-store-'));
  // In a process of its own: an engine that was used in this one would be bound to that directory.
  execFileSync(process.execPath, [MAKER, made]);
  try {
    renameSync(made, place);
  } catch (error) {
    // Another test process was faster.
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}

function digestOfMakers(): string {
  const hash = createHash('sha256');
  const migrations = join(root, 'deploy', 'clickhouse');
  const files = [
    ...readdirSync(migrations)
      .sort()
      .map((name) => join(migrations, name)),
    join(root, 'packages', 'event-store', 'src', 'migrate.ts'),
    join(root, 'node_modules', 'chdb', 'package.json'),
  ];
  for (const file of files) hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}
