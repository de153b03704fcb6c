/** All events of a query, block by block, each as soon as the one before is taken: constant memory, whatever the number. */
import type { Engine } from '../engine/engine.ts';
import { numberAt, onlyRow } from '../engine/rows.ts';
import type { EventBlock, EventFacts, EventPlace, Scope, StreamQuery } from '../interface.ts';
import { addAsOf, addScope, addSince, createConditions } from './event-conditions.ts';
import type { ConditionBuilder } from './event-conditions.ts';
import { placeKey } from './event-places.ts';
import { withoutIdleText } from './idle-text.ts';
import { joinChains } from './join-chains.ts';
import { findSuperseded, spanOf } from './page-events.ts';
import { LINES_SELECT, readLineRows, receivedOf, SOURCE, stringOf } from './line-rows.ts';
import type { LineRow } from './line-rows.ts';
import { ahead, readAhead } from './read-ahead.ts';
import type { WriteLines } from './write-lines.ts';
import { rowsInOrder } from './rows-in-order.ts';
import type { ReadStoredRows } from './stored-text.ts';
import { readTableEnds } from './table-ends.ts';
import { createTimeWindows } from './time-windows.ts';

/** Rows read at once: about 5 MB as the engine gives them, 10 MB as lines. Twice as many are hardly faster. */
const BLOCK_ROWS = 8192;
/** A window of time is narrowed when it held too many, down to this part of the one before. */
const MIN_GROWTH = 1 / 64;

export interface BlockReaders {
  readonly readRows: ReadStoredRows;
  readonly writeLines: WriteLines;
}

/**
 * One statement per block gives places and texts at once, in a stretch of time that is expected to hold one block.
 * Which rows were superseded is asked only where the snapshot has rows that supersede. The next block is asked for
 * while this one is with the caller, which sets the pace. Stops the engine's work when the caller stops or `signal` aborts.
 */
export async function* readBlocks(
  engine: Engine,
  readers: BlockReaders,
  scope: Scope,
  query: StreamQuery,
  signal?: AbortSignal,
): AsyncGenerator<EventBlock> {
  if (!addScope(createConditions(), scope, query.tenant)) return;
  yield* readAhead((stop) => oneByOne(engine, readers, scope, query, stop), signal);
}

async function* oneByOne(
  engine: Engine,
  readers: BlockReaders,
  scope: Scope,
  asked: StreamQuery,
  signal: AbortSignal,
): AsyncGenerator<EventBlock> {
  const ends = await readTableEnds(engine, signal);
  const next = asked.asOf ?? ends.next;
  const held = (conditions: ConditionBuilder): void => {
    addAsOf(conditions, next);
    if (asked.since !== undefined) addSince(conditions, asked.since);
  };
  const query = await withoutIdleText(engine, scope, { ...asked, asOf: next }, held, signal);
  const merged = query.versions !== 'all';
  const mayBeGone = merged && (await hasSuperseding(engine, next, signal));
  const windows = createTimeWindows(spanOf(query), query.order, ends, { minGrowth: MIN_GROWTH });
  let missing = query.limit ?? Infinity;
  let { after } = query;
  let window = windows.next(0, expected(missing));
  const readNext = (): Promise<LineRow[]> | undefined =>
    window === undefined || missing <= 0
      ? undefined
      : ahead(readRows(engine, scope, { ...query, ...window, ...(after && { after }) }, signal));
  let reading = readNext();
  try {
    while (reading !== undefined) {
      const rows = await reading;
      reading = undefined;
      const more = rows.length === BLOCK_ROWS;
      if (more) after = rows.at(-1);
      else window = windows.next(rows.length, expected(missing));
      // The engine reads on while these are written; but where these may be all, it is seen first.
      if (rows.length < missing) reading = readNext();
      const within = rows.filter(({ partition, offset }) => offset < (next.get(partition) ?? 0));
      const gone = mayBeGone ? await findSuperseded(engine, within, next, signal) : undefined;
      const kept = gone === undefined ? within : within.filter((row) => !gone.has(placeKey(row)));
      if (kept.length > missing) kept.length = missing;
      missing -= kept.length;
      const block = await toBlock(engine, readers, scope, kept, merged, signal);
      if (block !== undefined) yield block;
      reading ??= readNext();
    }
  } finally {
    await reading?.catch(() => undefined);
  }
}

/** Windows are made four times as wide as asked for (`createTimeWindows`). */
function expected(missing: number): number {
  return Math.max(1, Math.min(missing, BLOCK_ROWS * 0.8) / 4);
}

async function readRows(
  engine: Engine,
  scope: Scope,
  query: StreamQuery,
  signal: AbortSignal,
): Promise<LineRow[]> {
  const { params, sql } = rowsInOrder(scope, query, BLOCK_ROWS);
  const { meter } = query;
  const bytes = await engine.bytes(
    { sql: `SELECT ${LINES_SELECT} ${sql}`, params, ...(meter === undefined ? {} : { meter }) },
    signal,
  );
  return readLineRows(bytes);
}

async function toBlock(
  engine: Engine,
  { readRows: readStored, writeLines }: BlockReaders,
  scope: Scope,
  rows: readonly LineRow[],
  merged: boolean,
  signal: AbortSignal,
): Promise<EventBlock | undefined> {
  const last = rows.at(-1);
  if (last === undefined) return undefined;
  const written = await writeLines(rows, signal);
  const flagged = merged ? rows.flatMap((row, index) => (row.joinChains ? [index] : [])) : [];
  const { timeMs, partition, offset } = last;
  const place: EventPlace = { timeMs, partition, offset };
  const facts = (): EventFacts[] => rows.map(factsOf);
  if (flagged.length === 0) return { count: rows.length, lines: written.lines, last: place, facts };
  const stored = flagged.map((index) => written.storedRow(index));
  const joined = await joinChains(engine, readStored, scope, stored, signal);
  const texts = new Map(flagged.map((index, at) => [index, joined[at]?.text ?? '']));
  return { count: rows.length, lines: written.replace(texts), last: place, facts };
}

function factsOf(row: LineRow): EventFacts {
  const { offset, partition } = row;
  return { source: stringOf(row, SOURCE), receivedMs: receivedOf(row), partition, offset };
}

/** Whether any row before the snapshot supersedes another. */
async function hasSuperseding(
  engine: Engine,
  asOf: ReadonlyMap<number, number>,
  signal: AbortSignal,
): Promise<boolean> {
  const conditions = createConditions();
  addAsOf(conditions, asOf);
  const rows = await engine.rows(
    {
      sql: `SELECT count() FROM (SELECT 1 FROM events WHERE supersedes > 0 AND ${conditions.sql()} LIMIT 1)`,
      params: conditions.params,
    },
    signal,
  );
  return numberAt(onlyRow(rows), 0) > 0;
}
