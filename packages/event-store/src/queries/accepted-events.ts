/** All events of a stretch of the stream, in the order of acceptance, with exactly the bytes that were accepted. */
import type { Engine } from '../engine/engine.ts';
import type { AcceptedBlock, AcceptedEvent, AcceptedQuery } from '../acceptance.ts';
import type { Scope } from '../interface.ts';
import { requireWithin } from '../require-within.ts';
import { openAcceptedKeys } from './accepted-keys.ts';
import type { AcceptedKey } from './accepted-keys.ts';
import { addScope, createConditions } from './event-conditions.ts';
import { placeKey } from './event-places.ts';
import { LINES_SELECT, readLineRows, SOURCE, stringOf } from './line-rows.ts';
import { readAhead } from './read-ahead.ts';
import type { WriteLines } from './write-lines.ts';

const BLOCK_EVENTS = 500;
const MAX_BLOCK_EVENTS = 10_000;
/** Texts are read so many at a time: of events that lie beside each other, many cost hardly more than few. */
const FIRST_PORTION = 512;
const MAX_PORTION = 8192;
const PORTION_GROWTH = 4;
/** Of the texts read at a time, about; one may exceed it. */
const MAX_PORTION_BYTES = 4 * 1024 * 1024;

/**
 * Two kinds of statements: which events come next, by a few columns and the condition, then what their texts are made of,
 * by their places. Each gives enough for several blocks, as far as their bytes allow.
 */
export async function* readAccepted(
  engine: Engine,
  writeTexts: WriteLines,
  scope: Scope,
  query: AcceptedQuery,
  signal?: AbortSignal,
): AsyncGenerator<AcceptedBlock> {
  const { blockEvents = BLOCK_EVENTS } = query;
  requireWithin('blockEvents', blockEvents, MAX_BLOCK_EVENTS);
  if (!addScope(createConditions(), scope, query.tenant)) return;
  yield* readAhead(async function* (stop) {
    const keys = await openAcceptedKeys(engine, scope, query, stop);
    for (let portion = FIRST_PORTION; ; portion = Math.min(MAX_PORTION, portion * PORTION_GROWTH)) {
      const found = await keys.next(portion, MAX_PORTION_BYTES);
      if (found === undefined) return;
      const { reached } = found;
      const events = await readTexts(engine, writeTexts, found.keys, stop);
      let from = 0;
      for (; from + blockEvents < events.length; from += blockEvents)
        yield { events: events.slice(from, from + blockEvents) };
      yield { events: events.slice(from), reached };
    }
  }, signal);
}

/** Rows whose month was dropped in between are not there any more. */
async function readTexts(
  engine: Engine,
  writeTexts: WriteLines,
  keys: readonly AcceptedKey[],
  signal: AbortSignal,
): Promise<AcceptedEvent[]> {
  if (keys.length === 0) return [];
  const places = [...Map.groupBy(keys, ({ partition }) => partition)].map(
    ([partition, its]) =>
      `(partition = ${Number(partition)} AND offset IN (${its.map(({ offset }) => Number(offset)).join(',')}))`,
  );
  // Written out: as parameters so many would go in the address of a request.
  const sql = `SELECT ${LINES_SELECT} FROM events WHERE ${places.join(' OR ')}`;
  const bytes = await engine.bytes({ sql }, signal);
  const rows = readLineRows(bytes);
  const written = await writeTexts(rows, signal);
  const indexes = new Map(rows.map((row, index) => [placeKey(row), index]));
  return keys.flatMap(({ partition, offset, receivedMs, place }) => {
    const index = indexes.get(placeKey({ partition, offset }));
    const row = index === undefined ? undefined : rows[index];
    if (index === undefined || row === undefined) return [];
    return {
      partition,
      offset,
      receivedMs,
      place,
      source: stringOf(row, SOURCE),
      text: written.textOf(index),
    };
  });
}
