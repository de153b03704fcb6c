import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import type { StoredPosition } from '../acceptance.ts';
import { requireWithin } from '../require-within.ts';

const MAX_LIMIT = 100_000;

/** By the primary key, from two columns that take next to no space. */
export async function readPositions(
  engine: Engine,
  from: ReadonlyMap<number, number>,
  limit: number,
  signal?: AbortSignal,
): Promise<StoredPosition[]> {
  requireWithin('limit', limit, MAX_LIMIT);
  if (from.size === 0) return [];
  const ranges = [...from].map(
    ([partition, offset]) => `(partition = ${Number(partition)} AND offset >= ${Number(offset)})`,
  );
  const rows = await engine.rows(
    {
      sql: `SELECT partition, offset FROM events WHERE ${ranges.join(' OR ')}
        ORDER BY partition, offset LIMIT {store_limit: UInt32} BY partition`,
      params: { store_limit: limit },
      unbounded: true,
    },
    signal,
  );
  return rows.map((row) => ({ partition: numberAt(row, 0), offset: numberAt(row, 1) }));
}
