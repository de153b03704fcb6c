/** What a writer knows of the partitions it owns: where each continues, and which events they have. */
import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import { createKeyFilter } from './key-filter.ts';
import type { KeyFilter } from './key-filter.ts';

export interface OwnedPartitions {
  /** Per owned partition, the next offset to store. */
  readonly next: Map<number, number>;
  readonly filter: KeyFilter;
}

/** One past the highest stored offset of each partition asked for, 0 where nothing is stored. */
export async function readNextOffsets(
  engine: Engine,
  partitions: readonly number[],
): Promise<Map<number, number>> {
  const rows = await engine.rows({
    sql: `SELECT partition, max(offset) + 1 FROM events WHERE partition IN {partitions: Array(UInt32)} GROUP BY partition`,
    params: { partitions },
    unbounded: true,
  });
  const next = new Map(partitions.map((partition) => [partition, 0]));
  for (const row of rows) next.set(numberAt(row, 0), numberAt(row, 1));
  return next;
}

/** Reads the keys of the partitions as hashes made by the engine: about 10 bytes and 0.2 µs each. */
export async function loadPartitions(
  engine: Engine,
  partitions: readonly number[],
): Promise<OwnedPartitions> {
  const next = await readNextOffsets(engine, partitions);
  const counted = await engine.rows({
    sql: 'SELECT count() FROM events WHERE partition IN {partitions: Array(UInt32)}',
    params: { partitions },
    unbounded: true,
  });
  // Room to grow by half before the chain gets a second link.
  const filter = createKeyFilter(Math.ceil(1.5 * (counted[0] === undefined ? 0 : numberAt(counted[0], 0))));
  const words = stream32(
    engine.stream({
      sql: `SELECT murmurHash3_32(concat(source, '/', id)), murmurHash2_32(concat(source, '/', id))
        FROM events WHERE partition IN (${partitions.map(Number).join(', ') || 'NULL'})`,
    }),
  );
  for await (const pairs of words)
    for (let i = 0; i < pairs.length; i += 2) filter.add(pairs[i] ?? 0, pairs[i + 1] ?? 0);
  return { next, filter };
}

/** Pairs of UInt32 out of pieces cut anywhere. */
async function* stream32(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint32Array> {
  let carried = new Uint8Array(0);
  for await (const piece of pieces) {
    let bytes = piece;
    if (carried.length > 0) {
      bytes = new Uint8Array(carried.length + piece.length);
      bytes.set(carried);
      bytes.set(piece, carried.length);
    }
    const whole = bytes.length & ~7;
    // Copied: a piece may start at an address that 32-bit words cannot.
    yield new Uint32Array(bytes.slice(0, whole).buffer);
    carried = bytes.slice(whole);
  }
}
