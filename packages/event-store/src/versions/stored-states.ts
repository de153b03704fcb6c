/** What the store says of events whose earlier versions are not in memory any more. */
import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { numberAt } from '../engine/rows.ts';
import { fromBinary, toBinary } from '../native/binary-string.ts';
import { TEXT_SELECT, TEXT_SELECT_WIDTH } from '../queries/stored-text.ts';
import type { ReadStoredRows } from '../queries/stored-text.ts';
import { eventKey } from './key-hash.ts';
import { MAX_DIGESTS } from './recent-keys.ts';
import type { EventState } from './recent-keys.ts';

/** A key whose state is asked for; texts are binary strings. */
export interface SoughtKey {
  readonly partition: number;
  readonly source: string;
  readonly id: string;
}

const KEYS_PER_QUERY = 1000;

/** Answers the states of those that have rows, by `eventKey`. */
export async function readStoredStates(
  engine: Engine,
  readRows: ReadStoredRows,
  sought: readonly SoughtKey[],
): Promise<Map<string, EventState>> {
  const states = new Map<string, EventState>();
  for (let from = 0; from < sought.length; from += KEYS_PER_QUERY) {
    const some = sought.slice(from, from + KEYS_PER_QUERY);
    const rows = await engine.rows({
      sql: `SELECT ${TEXT_SELECT}, hidden, pending
        FROM events
        WHERE partition IN {partitions: Array(UInt32)} AND id IN {ids: Array(String)} AND source IN {sources: Array(String)}
        ORDER BY partition DESC, offset DESC
        LIMIT ${MAX_DIGESTS} BY source, id`,
      params: {
        partitions: [...new Set(some.map((key) => key.partition))],
        ids: [...new Set(some.map((key) => fromBinary(key.id)))],
        sources: [...new Set(some.map((key) => fromBinary(key.source)))],
      },
      unbounded: true,
    });
    const stored = await readRows(rows);
    // Newest first, so the first that is not hidden is the merged event.
    stored.forEach((row, index) => {
      const key = eventKey(toBinary(row.source), toBinary(row.id));
      let state = states.get(key);
      if (state === undefined) {
        state = { currentOffset: -1, currentRow: -1, block: 0, pending: true, hasChain: false, digests: [] };
        states.set(key, state);
      }
      const raw = rows[index] ?? [];
      if (state.currentOffset < 0 && numberAt(raw, TEXT_SELECT_WIDTH) === 0) {
        state.currentOffset = row.offset;
        state.pending = numberAt(raw, TEXT_SELECT_WIDTH + 1) === 1;
      }
      if (row.hasChain) state.hasChain = true;
      state.digests.unshift(createHash('sha256').update(row.text, 'utf8').digest('hex'));
    });
  }
  return states;
}
