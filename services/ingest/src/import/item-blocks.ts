/** The events of a file, some thousand at a time: what an import takes in one go. */
import { readBody } from '../body/read-body.ts';
import { readNdjson } from '../body/read-ndjson.ts';
import type { BodyItem } from '../body/item.ts';
import type { BodyLimits } from '../body/limits.ts';

export interface ItemBlock {
  /** How many they are; undefined where lines may hold several. */
  readonly count?: number;
  /** To be gone through once: each is read when it is asked for, and can be forgotten then. */
  readonly items: Iterable<BodyItem>;
}

/** Bytes of lines of one block, about. */
const BLOCK_BYTES = 2 * 1024 * 1024;
const ITEMS_OF_BLOCK = 4000;
const NEWLINE = 10;

/**
 * Lines of NDJSON. `everyLine`: as many items as there are lines. A line that is far too large is not held: its
 * beginning stands for it.
 */
export async function* ndjsonBlocks(
  chunks: AsyncIterable<Buffer>,
  limits: BodyLimits,
  everyLine: boolean,
): AsyncGenerator<ItemBlock> {
  const unbounded = { ...limits, maxEvents: Infinity };
  const most = limits.maxEventBytes + 1;
  let linesBefore = 0;
  let parts: Buffer[] = [];
  let held = 0;
  /** Bytes of the line that is not ended yet, as far as they are held. */
  let open = 0;
  const block = (): ItemBlock => {
    const body = Buffer.concat(parts, held);
    const before = linesBefore;
    const count = countLines(body);
    linesBefore += count;
    parts = [];
    held = 0;
    return {
      ...(everyLine ? { count } : {}),
      items: readNdjson(body, unbounded, { linesBefore: before, everyLine }),
    };
  };
  const hold = (bytes: Buffer): void => {
    parts.push(bytes);
    held += bytes.length;
  };

  for await (const chunk of chunks) {
    let start = 0;
    const last = chunk.lastIndexOf(NEWLINE) + 1;
    if (open >= most) {
      // The rest of a line that is too large already.
      const end = chunk.indexOf(NEWLINE);
      if (end === -1) continue;
      start = end;
    }
    if (last > 0) {
      // What is read further is the reader's buffer again.
      hold(Buffer.from(chunk.subarray(start, last)));
      open = 0;
      if (held >= BLOCK_BYTES) yield block();
    }
    const rest = chunk.subarray(Math.max(start, last), Math.max(start, last) + Math.max(0, most - open));
    if (rest.length > 0) hold(Buffer.from(rest));
    open += rest.length;
  }
  if (held > 0) yield block();
}

/**
 * A whole document: a CADF Log, Report or event. Throws ProblemError INGEST_BODY_UNREADABLE and the like, as for a body
 * of a request.
 */
export function documentItems(body: Buffer, form: 'json' | 'xml', limits: BodyLimits): readonly BodyItem[] {
  const unbounded = { ...limits, maxEvents: Number.MAX_SAFE_INTEGER };
  const read = readBody({ type: `application/${form}`, charset: 'utf-8' }, body, unbounded);
  return [...read];
}

export function* blocksOf(items: readonly BodyItem[]): Generator<ItemBlock> {
  for (let at = 0; at < items.length; at += ITEMS_OF_BLOCK) {
    const some = items.slice(at, at + ITEMS_OF_BLOCK);
    yield { count: some.length, items: some };
  }
}

/** Lines, the last one also without its end. */
function countLines(body: Buffer): number {
  let lines = 0;
  let at = body.indexOf(NEWLINE);
  while (at !== -1) {
    lines++;
    at = body.indexOf(NEWLINE, at + 1);
  }
  return body.length > 0 && body.at(-1) !== NEWLINE ? lines + 1 : lines;
}
