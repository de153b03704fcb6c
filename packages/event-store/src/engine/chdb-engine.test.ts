import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBinary } from '../native/binary-string.ts';
import { createNativeEncoder } from '../native/block.ts';
import { createLowCardinalityColumn } from '../native/low-cardinality-column.ts';
import { createUnsignedColumn, createWideColumn } from '../native/number-column.ts';
import { createStringColumn } from '../native/string-column.ts';
import { hashKey } from '../versions/key-hash.ts';
import { openChdbEngine } from './chdb-engine.ts';
import type { Engine } from './engine.ts';
import { DEFAULT_QUERY_LIMITS } from './query-limits.ts';

let path: string;
let engine: Engine;

beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), 'cadf-engine-'));
  engine = openChdbEngine({ path, limits: DEFAULT_QUERY_LIMITS, readers: 2, maxEngineMemoryBytes: 1e9 });
});
afterAll(async () => {
  await engine.close();
  rmSync(path, { recursive: true, force: true });
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }).map((each) => each.toWellFormed()),
  fc.constantFrom('', 'a', 'x'.repeat(127), 'y'.repeat(128), 'ö'.repeat(9000), 'z'.repeat(20_000)),
);
const row = fc.record({
  plain: text,
  few: text,
  small: fc.nat(255),
  medium: fc.nat(65_535),
  large: fc.integer({ min: 0, max: 4_294_967_295 }),
  wide: fc.maxSafeNat(),
  time: fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2299, 11, 31) }),
});

describe('the engine in the process', () => {
  it('reads the blocks that columns write, block after block', async () => {
    await engine.command({
      sql: `CREATE TABLE columns (place UInt32, plain String, few LowCardinality(String), small UInt8, medium UInt16,
        large UInt32, wide UInt64, time DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY place`,
    });
    const place = createUnsignedColumn('place', 'UInt32');
    const plain = createStringColumn('plain');
    const few = createLowCardinalityColumn('few');
    const small = createUnsignedColumn('small', 'UInt8');
    const medium = createUnsignedColumn('medium', 'UInt16');
    const large = createUnsignedColumn('large', 'UInt32');
    const wide = createWideColumn('wide', 'UInt64');
    const time = createWideColumn('time', "DateTime64(3, 'UTC')");
    const columns = [place, plain, few, small, medium, large, wide, time];
    const encoder = createNativeEncoder();
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 400 }),
        async (some, repeated) => {
          await engine.command({ sql: 'TRUNCATE TABLE columns' });
          const rows = Array.from({ length: repeated }, (_, i) => ({
            ...some[i % some.length]!,
            few: `${some[i % some.length]!.few}${i}`,
          }));
          for (const column of columns) column.clear();
          rows.forEach((each, index) => {
            place.add(index);
            plain.add(toBinary(each.plain));
            few.add(toBinary(each.few));
            small.add(each.small);
            medium.add(each.medium);
            large.add(each.large);
            wide.add(each.wide);
            time.add(each.time);
          });
          small.set(0, 7);
          await engine.insert(
            'columns',
            columns.map((column) => column.name),
            encoder.encode(columns, rows.length),
          );
          const found = await engine.rows({
            sql: 'SELECT plain, few, small, medium, large, wide, toUnixTimestamp64Milli(time) FROM columns ORDER BY place',
          });
          expect(found).toEqual(
            rows.map((each, index) => [
              each.plain,
              each.few,
              index === 0 ? 7 : each.small,
              each.medium,
              each.large,
              each.wide,
              each.time,
            ]),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it('hashes keys as the program does', async () => {
    const keys = fc.sample(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 40 }).map((each) => each.toWellFormed()),
        fc.uuid(),
      ),
      200,
    );
    const rows = await engine.rows({
      sql: 'SELECT murmurHash3_32(key), murmurHash2_32(key) FROM (SELECT arrayJoin({keys: Array(String)}) AS key)',
      params: { keys },
    });
    const own = keys.map((key) => {
      const hashes = { first: 0, second: 0 };
      hashKey(toBinary(key), hashes);
      return [hashes.first, hashes.second];
    });
    expect(rows).toEqual(own);
  });

  it('takes parameters of every kind as they are', async () => {
    const params = {
      text: 'it\'s\t"a" \\ tab\n\0ö😀',
      list: ["'", '\\', ',', '[', 'a\tb', ''],
      number: -5,
      big: 2n ** 63n,
      yes: true,
      none: null,
      time: new Date(Date.UTC(2026, 10, 1, 12, 0, 0, 5)),
    };
    const rows = await engine.rows({
      sql: `SELECT {text: String}, {list: Array(String)}, {number: Int32}, toString({big: UInt64}), {yes: Bool},
        {none: Nullable(String)}, toString({time: DateTime64(3, 'UTC')})`,
      params,
    });
    expect(rows).toEqual([
      [params.text, params.list, -5, '9223372036854775808', true, null, '2026-11-01 12:00:00.005'],
    ]);
    await expect(engine.rows({ sql: 'SELECT {x: String}', params: { x: { a: 1 } } })).rejects.toThrow(
      TypeError,
    );
    await expect(engine.rows({ sql: 'SELECT {x: Float64}', params: { x: Number.NaN } })).rejects.toThrow(
      TypeError,
    );
  });

  it('holds its memory: caches are bounded by the configuration', async () => {
    const rows = await engine.rows({
      sql: "SELECT name, toUInt64(value) FROM system.server_settings WHERE name IN ('mark_cache_size', 'max_server_memory_usage', 'background_pool_size') ORDER BY name",
    });
    expect(rows).toEqual([
      ['background_pool_size', 2],
      ['mark_cache_size', 64 * 1024 * 1024],
      ['max_server_memory_usage', 1e9],
    ]);
  });
});
