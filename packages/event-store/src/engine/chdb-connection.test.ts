/** An answer holds nothing of an answer that broke off before it on the same connection. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChdbEngine } from './chdb-engine.ts';
import type { Engine } from './engine.ts';
import { NO_LIMITS } from './query-limits.ts';

let path: string;
let engine: Engine;

beforeAll(async () => {
  path = mkdtempSync(join(tmpdir(), 'cadf-connection-'));
  const limits = { maxRowsRead: 0, maxBytesRead: 0, maxSeconds: 0, maxMemoryBytes: 0 };
  // One reader: every statement follows the one before.
  engine = openChdbEngine({ path, limits, readers: 1, maxEngineMemoryBytes: 1e9 });
  await engine.command({ sql: 'CREATE TABLE secrets (number UInt64) ENGINE = MergeTree ORDER BY number' });
  for (let part = 0; part < 8; part++)
    await engine.command({ sql: `INSERT INTO secrets SELECT number FROM numbers(${part * 500}, 500)` });
});
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

/** An answer that is known, in either form. */
async function expectExact(number: number): Promise<void> {
  expect(await engine.rows({ sql: `SELECT ${number}, count() FROM secrets` })).toEqual([[number, 4000]]);
  const bytes = Buffer.from(await engine.bytes({ sql: `SELECT toUInt32(${number})` }));
  expect(bytes).toEqual(Buffer.from(Uint32Array.of(number).buffer));
}

describe('after a statement that broke off, the next answer is exact', () => {
  it.each(['rows', 'bytes'] as const)(
    'failed after a part of its answer was written, as %s',
    async (form) => {
      for (let at = 1; at < 60; at++) {
        const failing = engine[form]({
          sql: `SELECT number, throwIf(number = ${at * 60}) FROM secrets`,
          settings: { ...NO_LIMITS, max_block_size: 50 },
        });
        await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED' });
        await expectExact(at);
      }
    },
  );

  it('given up at any moment, also when its answer was complete', async () => {
    let givenUp = 0;
    for (let turn = 0; turn < 600; turn++) {
      const abort = new AbortController();
      const asked = engine.rows(
        { sql: 'SELECT number % 16 AS key, max(number), count() FROM secrets GROUP BY key' },
        abort.signal,
      );
      const settled = asked.then(
        (rows) => rows.length,
        (error: unknown) => error,
      );
      const until = performance.now() + (turn % 60) / 10;
      while (performance.now() < until) await new Promise((resume) => setImmediate(resume));
      abort.abort();
      const result = await settled;
      if (result !== 16) {
        expect(result).toMatchObject({ code: 'STORE_CANCELLED' });
        givenUp++;
      }
      await expectExact(turn);
    }
    expect(givenUp).toBeGreaterThan(50);
  });

  it('left by the reader of its pieces, or failed between them', async () => {
    for (let turn = 1; turn < 30; turn++) {
      for await (const piece of engine.stream({ sql: 'SELECT number FROM secrets' })) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      await expectExact(turn);
      const failing = async (): Promise<void> => {
        const sql = `SELECT number, throwIf(number = ${turn * 100}) FROM secrets`;
        for await (const _ of engine.stream({ sql, settings: { max_block_size: 50 } }));
      };
      await expect(failing()).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await expectExact(turn);
    }
  });
});
