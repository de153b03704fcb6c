/** The texts of rows, each with a line feed behind it: bytes of the shape and bytes of the row, copied into one buffer. */
import type { Shape } from '@cadf-pipeline/event-shape';
import { StoreError } from '../errors.ts';
import { writeEventTime } from '../row/event-time.ts';
import { TAG_CODES, TIME_CODE } from '../row/text-columns.ts';
import { readTagList } from '../row/text-lists.ts';
import { ID, REST, SOURCE, STRING_BY_CODE, stringOf, TAG_LIST, TIME_FORM } from './line-rows.ts';
import type { LineRow } from './line-rows.ts';
import type { ReadShapes, StoredRow } from './stored-text.ts';

export interface WrittenLines {
  /** Each text on a line of its own, in the order of the rows. */
  readonly lines: Buffer;
  /** The text of a row, in the same memory, without the line feed behind it. */
  textOf(index: number): Buffer;
  /** The row as the store's other readers have it. */
  storedRow(index: number): StoredRow;
  /** The lines with some texts replaced, by the index of their rows. */
  replace(texts: ReadonlyMap<number, string>): Buffer;
}

export type WriteLines = (rows: readonly LineRow[], signal?: AbortSignal) => Promise<WrittenLines>;

const NEWLINE = 10;
const SEPARATOR = 0x1f;
const MARK = 0x1e;
const LITERAL = 0x1d;
/** Below it a loop is faster than a call. */
const LOOP_BYTES = 40;
const MAX_PIECES_KEPT = 4096;
const GUESSED_LINE_BYTES = 1500;

export interface LineWriterOptions {
  /** Every byte as it was stored; else line breaks within a text are blanks, so that each is a line (default). */
  readonly exact?: boolean;
}

export function createLineWriter(
  readShapes: ReadShapes,
  { exact = false }: LineWriterOptions = {},
): WriteLines {
  const pieces = new Map<bigint, readonly Buffer[]>();
  const time = createTimeWriter();
  let guess = GUESSED_LINE_BYTES;

  async function load(rows: readonly LineRow[], signal: AbortSignal | undefined): Promise<void> {
    const missing = new Set<bigint>();
    for (const { shape } of rows) if (shape !== 0n && !pieces.has(shape)) missing.add(shape);
    if (missing.size === 0) return;
    const shapes = await readShapes([...missing].map(String), signal);
    if (pieces.size + missing.size > MAX_PIECES_KEPT) pieces.clear();
    for (const id of new Set(rows.map(({ shape }) => shape))) {
      const shape = id === 0n || pieces.has(id) ? undefined : shapes(String(id));
      if (shape !== undefined) pieces.set(id, piecesOf(shape, exact));
    }
  }

  return async (rows, signal) => {
    await load(rows, signal);
    const ends = new Int32Array(rows.length);
    const output = createOutput(Math.ceil(rows.length * guess), exact);
    for (const [index, row] of rows.entries()) {
      writeLine(output, row, pieces, time);
      ends[index] = output.length;
    }
    const lines = output.bytes();
    if (rows.length > 0) guess = Math.min(1_000_000, (lines.length / rows.length) * 1.1 + 16);
    const startOf = (index: number): number => (index === 0 ? 0 : (ends[index - 1] ?? 0));
    return {
      lines,
      textOf: (index) => lines.subarray(startOf(index), (ends[index] ?? 0) - 1),
      storedRow(index) {
        const row = rows[index];
        if (row === undefined) throw new RangeError(`no row ${index}`);
        const { hasChain, joinChains, offset, partition, timeMs } = row;
        const text = lines.toString('utf8', startOf(index), (ends[index] ?? 0) - 1);
        const [source, id] = [stringOf(row, SOURCE), stringOf(row, ID)];
        return { partition, offset, timeMs, source, id, joinChains, hasChain, text };
      },
      replace(texts) {
        const parts: Buffer[] = [];
        let from = 0;
        for (const [index, text] of texts) {
          parts.push(lines.subarray(from, startOf(index)), Buffer.from(`${oneLine(text)}\n`));
          from = ends[index] ?? 0;
        }
        parts.push(lines.subarray(from));
        return Buffer.concat(parts);
      },
    };
  };
}

/** A line break in a stored text can only stand between tokens (JSON forbids it inside strings), where a blank means the same. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

function piecesOf(shape: Shape, exact: boolean): readonly Buffer[] {
  return shape.pieces.map((piece) => Buffer.from(exact ? piece : oneLine(piece)));
}

function writeLine(
  output: Output,
  row: LineRow,
  piecesByShape: ReadonlyMap<bigint, readonly Buffer[]>,
  time: TimeWriter,
): void {
  const { bytes, shape, spans } = row;
  const start = spans[2 * REST] ?? 0;
  const end = spans[2 * REST + 1] ?? 0;
  if (shape === 0n) {
    output.text(bytes, start, end);
    output.byte(NEWLINE);
    return;
  }
  const pieces = piecesByShape.get(shape);
  if (pieces === undefined) throw new StoreError('STORE_FAILED', `the store has no shape ${shape}`);
  const first = pieces[0];
  if (first !== undefined) output.copy(first, 0, first.length);
  if (pieces.length > 1) {
    let hole = 1;
    let from = start;
    for (let at = start; ; at++) {
      const byte = at < end ? bytes[at] : SEPARATOR;
      if (byte === MARK && at + 1 < end) {
        output.copy(bytes, from, at);
        writeReference(output, row, bytes[at + 1] ?? 0, time);
        at += 1;
        from = at + 1;
      } else if (byte === SEPARATOR) {
        output.copy(bytes, from, at);
        const piece = pieces[hole++];
        if (piece === undefined) throw wrongHoles(row);
        output.copy(piece, 0, piece.length);
        from = at + 1;
        if (at >= end) break;
      }
    }
    if (hole !== pieces.length) throw wrongHoles(row);
  }
  output.byte(NEWLINE);
}

function writeReference(output: Output, row: LineRow, code: number, time: TimeWriter): void {
  const index = STRING_BY_CODE[code] ?? -1;
  if (index >= 0) output.copy(row.bytes, row.spans[2 * index] ?? 0, row.spans[2 * index + 1] ?? 0);
  else if (code === TIME_CODE) time(output, row);
  else if (code === LITERAL) output.byte(MARK);
  else {
    const tag = Buffer.from(readTagList(stringOf(row, TAG_LIST))[TAG_CODES.indexOf(code)] ?? '');
    output.copy(tag, 0, tag.length);
  }
}

function wrongHoles({ offset, partition, shape }: LineRow): StoreError {
  return new StoreError('STORE_FAILED', `row ${partition}/${offset} does not fit its shape ${shape}`);
}

interface Output {
  readonly length: number;
  copy(from: Buffer, start: number, end: number): void;
  /** As `copy`, line breaks as blanks unless they are to stay. */
  text(from: Buffer, start: number, end: number): void;
  byte(value: number): void;
  bytes(): Buffer;
}

function createOutput(capacity: number, exact: boolean): Output {
  let target = Buffer.allocUnsafeSlow(Math.max(4096, capacity));
  let length = 0;

  function grow(more: number): void {
    const wider = Buffer.allocUnsafeSlow(Math.ceil((length + more) * 1.3));
    target.copy(wider, 0, 0, length);
    target = wider;
  }

  function copy(from: Buffer, start: number, end: number): void {
    const count = end - start;
    if (length + count > target.length) grow(count);
    if (count < LOOP_BYTES) {
      for (let at = start; at < end; at++) target[length++] = from[at] ?? 0;
    } else {
      from.copy(target, length, start, end);
      length += count;
    }
  }

  return {
    get length() {
      return length;
    },
    copy,
    text(from, start, end) {
      copy(from, start, end);
      if (exact) return;
      for (let at = length - (end - start); at < length; at++)
        if (target[at] === NEWLINE || target[at] === 13) target[at] = 32;
    },
    byte(value) {
      if (length === target.length) grow(1);
      target[length++] = value;
    },
    bytes: () => target.subarray(0, length),
  };
}

type TimeWriter = (output: Output, row: LineRow) => void;

const MINUTE_MS = 60_000;
const SECONDS_AT = 17;
const FRACTION_AT = 20;
const MAX_TEMPLATES = 256;

interface TimeTemplate {
  readonly minute: number;
  readonly bytes: Buffer;
  /** Of the fraction. */
  readonly digits: number;
}

/** Events beside each other are mostly of one minute: of each way to write times, only the digits below it are made anew. */
function createTimeWriter(): TimeWriter {
  const templates = new Map<string, TimeTemplate>();

  function templateOf(form: string, minute: number): TimeTemplate {
    const known = templates.get(form);
    if (known?.minute === minute) return known;
    const two = form.charCodeAt(1);
    const digits = Number(form.slice(0, two >= 48 && two <= 57 ? 2 : 1));
    const bytes = Buffer.from(writeEventTime(minute * MINUTE_MS, form, 0), 'latin1');
    if (templates.size >= MAX_TEMPLATES) templates.clear();
    const made = { minute, bytes, digits };
    templates.set(form, made);
    return made;
  }

  return (output, row) => {
    const minute = Math.floor(row.timeMs / MINUTE_MS);
    const { bytes, digits } = templateOf(stringOf(row, TIME_FORM), minute);
    const below = row.timeMs - minute * MINUTE_MS;
    put(bytes, SECONDS_AT, Math.floor(below / 1000), 2);
    if (digits > 3) {
      put(bytes, FRACTION_AT, below % 1000, 3);
      put(bytes, FRACTION_AT + 3, row.timeBelow, digits - 3);
    } else if (digits > 0) {
      put(bytes, FRACTION_AT, Math.floor((below % 1000) / 10 ** (3 - digits)), digits);
    }
    output.copy(bytes, 0, bytes.length);
  };
}

function put(bytes: Buffer, at: number, value: number, width: number): void {
  for (let place = at + width - 1, rest = value; place >= at; place--, rest = Math.floor(rest / 10))
    bytes[place] = 48 + (rest % 10);
}
