/** Reading the texts of stored rows back: which columns a query selects for it, and the text made from them. */
import { decodeShape, joinShape } from '@cadf-pipeline/event-shape';
import type { Shape } from '@cadf-pipeline/event-shape';
import type { Engine } from '../engine/engine.ts';
import { numberAt, stringAt } from '../engine/rows.ts';
import type { Row } from '../engine/rows.ts';
import { StoreError } from '../errors.ts';
import { writeEventTime } from '../row/event-time.ts';
import { resolveReferences, SEPARATOR } from '../row/references.ts';
import { TAG_CODES, TEXT_COLUMNS, TIME_CODE } from '../row/text-columns.ts';
import { readTagList } from '../row/text-lists.ts';

const FIXED = [
  'partition',
  'offset',
  'toUnixTimestamp64Milli(event_time)',
  'source',
  'toString(shape)',
  'rest',
  'time_form',
  'time_below',
  'tag_list',
  'join_chains',
  'has_chain',
] as const;

/** What `storedRow` needs, as a list of select expressions; more may follow it. */
export const TEXT_SELECT = [
  ...FIXED,
  ...TEXT_COLUMNS.map(({ name }) => (name === 'request_path_ref' ? 'request_path' : name)),
].join(', ');

/** How many values `TEXT_SELECT` gives. */
export const TEXT_SELECT_WIDTH = FIXED.length + TEXT_COLUMNS.length;

export interface StoredRow {
  readonly partition: number;
  readonly offset: number;
  readonly timeMs: number;
  readonly source: string;
  readonly id: string;
  readonly joinChains: boolean;
  readonly hasChain: boolean;
  readonly text: string;
}

const INDEX_BY_CODE = new Map(TEXT_COLUMNS.map((column, index) => [column.code, FIXED.length + index]));
const ID_INDEX = FIXED.length + TEXT_COLUMNS.findIndex((column) => column.name === 'id');
const SHAPE_INDEX = 4;
const WHOLE = '0';
const MAX_CACHED_SHAPES = 8192;

export type ReadStoredRows = (rows: readonly Row[], signal?: AbortSignal) => Promise<StoredRow[]>;

/** Makes sure that the shapes of these ids are known, as far as the store has them, and answers where to find them. */
export type ReadShapes = (
  ids: readonly string[],
  signal?: AbortSignal,
) => Promise<(id: string) => Shape | undefined>;

/** Shapes are read once and kept: they never change. */
export function createShapeReader(engine: Engine): ReadShapes {
  const shapes = new Map<string, Shape>();

  async function read(ids: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    if (shapes.size + ids.length > MAX_CACHED_SHAPES) shapes.clear();
    const rows = await engine.rows(
      {
        sql: 'SELECT toString(id), any(body) FROM shapes WHERE id IN {ids: Array(UInt64)} GROUP BY id',
        params: { ids: ids.map(BigInt) },
        unbounded: true,
      },
      signal,
    );
    for (const row of rows) shapes.set(stringAt(row, 0), decodeShape(stringAt(row, 1)));
  }

  return async (ids, signal) => {
    // Known ones are held too, for the time they are needed: reading others may let go of what was kept.
    const wanted = new Map(ids.map((id) => [id, shapes.get(id)]));
    const missing = ids.filter((id) => wanted.get(id) === undefined);
    if (missing.length > 0) await read(missing, signal);
    return (id) => wanted.get(id) ?? shapes.get(id);
  };
}

export function createStoredRowReader(readShapes: ReadShapes): ReadStoredRows {
  return async (rows, signal) => {
    const wanted = new Set(rows.map((row) => stringAt(row, SHAPE_INDEX)));
    wanted.delete(WHOLE);
    const shapeOf = await readShapes([...wanted], signal);
    return rows.map((row) => storedRow(row, shapeOf));
  };
}

function storedRow(row: Row, shapes: (id: string) => Shape | undefined): StoredRow {
  return {
    partition: numberAt(row, 0),
    offset: numberAt(row, 1),
    timeMs: numberAt(row, 2),
    source: stringAt(row, 3),
    id: stringAt(row, ID_INDEX),
    joinChains: numberAt(row, 9) === 1,
    hasChain: numberAt(row, 10) === 1,
    text: textOf(row, shapes),
  };
}

function textOf(row: Row, shapes: (id: string) => Shape | undefined): string {
  const shapeId = stringAt(row, SHAPE_INDEX);
  const rest = stringAt(row, 5);
  if (shapeId === WHOLE) return rest;
  const shape = shapes(shapeId);
  if (shape === undefined) throw new StoreError('STORE_FAILED', `the store has no shape ${shapeId}`);
  const valueOf = (code: number): string => {
    const index = INDEX_BY_CODE.get(code);
    if (index !== undefined) return stringAt(row, index);
    if (code === TIME_CODE) return writeEventTime(numberAt(row, 2), stringAt(row, 6), numberAt(row, 7));
    return readTagList(stringAt(row, 8))[TAG_CODES.indexOf(code)] ?? '';
  };
  if (shape.holes.length === 0) return joinShape(shape, []);
  return joinShape(
    shape,
    rest.split(SEPARATOR).map((value) => resolveReferences(value, valueOf)),
  );
}
