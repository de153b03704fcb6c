import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openChdbEngine } from '../engine/chdb-engine.ts';
import { DEFAULT_QUERY_LIMITS } from '../engine/query-limits.ts';
import { migrate } from '../migrate.ts';
import { readTableEnds, TABLE_ENDS_SQL } from './table-ends.ts';

test('where the table ends is read off its projection, and stays right when the engine has compiled it', async () => {
  const path = mkdtempSync(join(tmpdir(), 'cadf-table-ends-'));
  const engine = openChdbEngine({
    path,
    limits: DEFAULT_QUERY_LIMITS,
    readers: 1,
    maxEngineMemoryBytes: 1e9,
  });
  onTestFinished(async () => {
    await engine.close();
    rmSync(path, { recursive: true, force: true });
  });
  await migrate(engine);
  expect(await readTableEnds(engine)).toEqual({ next: new Map(), rows: 0, firstMs: 0, lastMs: 0 });
  // Several granules, so that the projection is worth reading.
  await engine.command({
    sql: `INSERT INTO events (partition, offset, event_time)
      SELECT number % 2, number, fromUnixTimestamp64Milli(toInt64(number % 3 = 0 ? -1000 - number : 5000 + number), 'UTC')
      FROM numbers(20000)`,
  });
  for (let again = 0; again < 6; again++)
    expect(await readTableEnds(engine)).toEqual({
      next: new Map([
        [0, 19_999],
        [1, 20_000],
      ]),
      rows: 20_000,
      firstMs: -20_998,
      lastMs: 24_999,
    });
  const plan = await engine.rows({ sql: `EXPLAIN ${TABLE_ENDS_SQL}` });
  expect(plan.flat().join('\n')).toContain('(ends)');
});
