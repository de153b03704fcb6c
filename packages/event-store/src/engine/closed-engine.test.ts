import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openChdbEngine } from './chdb-engine.ts';
import type { Engine, Statement } from './engine.ts';
import { DEFAULT_QUERY_LIMITS } from './query-limits.ts';
import { createReadMeter } from './read-meter.ts';

function open(): Engine {
  const path = mkdtempSync(join(tmpdir(), 'cadf-closed-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return openChdbEngine({ path, limits: DEFAULT_QUERY_LIMITS, readers: 1, maxEngineMemoryBytes: 1e9 });
}

test('what is asked around the close of an engine does not start it again', async () => {
  const engine = open();
  const endless: Statement = {
    sql: 'SELECT sum(cityHash64(number)) FROM numbers(1000000000000)',
    unbounded: true,
  };
  const slow = expect(engine.rows(endless)).rejects.toMatchObject({ code: 'STORE_CANCELLED' });
  await new Promise(setImmediate);
  // It waits for the only reader.
  const pieces = async (): Promise<void> => {
    for await (const _ of engine.stream({ sql: 'SELECT 1' }));
  };
  const waiting = expect(pieces()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  await engine.close();
  await Promise.all([slow, waiting]);
  const meter = createReadMeter();
  meter.running.add('a statement');
  await expect(engine.progress(meter)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  await expect(engine.rows({ sql: 'SELECT 1' })).rejects.toMatchObject({ code: 'STORE_CLOSED' });

  // The process has one engine, and it takes another directory only when nothing holds the first.
  const next = open();
  expect(await next.rows({ sql: 'SELECT 1' })).toEqual([[1]]);
  await next.close();
});
