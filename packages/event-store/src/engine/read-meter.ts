/** How far a read has come, over all statements it is made of. */

/** Made by `createReadMeter`, passed along with a read; `EventStore.readProgress` tells what it has counted. */
export interface ReadMeter {
  /** Ids of the statements that run. */
  readonly running: Set<string>;
  /** Rows that ended statements read. */
  rowsRead: number;
}

/** Of the engine's rows, whosever they are. */
export interface ReadProgress {
  readonly rowsRead: number;
}

export function createReadMeter(): ReadMeter {
  return { running: new Set(), rowsRead: 0 };
}

/** Adds what the statements that run have read so far. `ask` sums it up for their ids. */
export async function readProgress(
  meter: ReadMeter,
  ask: (ids: readonly string[]) => Promise<number>,
): Promise<ReadProgress> {
  const ids = [...meter.running];
  const before = meter.rowsRead;
  const now = ids.length === 0 ? 0 : await ask(ids);
  // Those that ended in between were counted there.
  return { rowsRead: Math.max(meter.rowsRead, before + now) };
}
