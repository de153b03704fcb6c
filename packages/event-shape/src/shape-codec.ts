import { createHash } from 'node:crypto';
import type { Shape } from './interface.ts';
import { decodeStringContent } from './json-string.ts';
import { createJsonTape, scanJsonObject, TokenKind } from './json-tape.ts';
import { leafPointers } from './leaf-pointers.ts';

/** Makes the shape of these pieces and holes: its id is the first 8 bytes of the SHA-256 of `encodeShape`'s text. */
export function createShape(
  pieces: readonly string[],
  holes: readonly string[],
  constants: ReadonlyMap<string, string>,
): Shape {
  return { id: shapeId(encodeParts(pieces, holes)), pieces, holes, constants };
}

/** The shape as a JSON text `{"pieces":[…],"holes":[…]}`: equal shapes give equal texts. Constants follow from it. */
export function encodeShape(shape: Shape): string {
  return encodeParts(shape.pieces, shape.holes);
}

/** The reverse of `encodeShape`. Throws a `ShapeTextError` if the text is not what `encodeShape` writes. */
export function decodeShape(text: string): Shape {
  let decoded: unknown;
  try {
    decoded = JSON.parse(text);
  } catch (error) {
    throw new ShapeTextError('not JSON', { cause: error });
  }
  if (typeof decoded !== 'object' || decoded === null || !('pieces' in decoded) || !('holes' in decoded)) {
    throw new ShapeTextError('not an object with pieces and holes');
  }
  const { pieces, holes } = decoded;
  if (!isStringArray(pieces) || !isStringArray(holes) || pieces.length !== holes.length + 1) {
    throw new ShapeTextError('pieces and holes must be lists of strings, with one more piece than holes');
  }
  return createShape(pieces, holes, constantsOf(pieces, holes));
}

/** A stored shape that cannot be read; the store's table of shapes is damaged. */
export class ShapeTextError extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(`stored event shape unreadable: ${detail}`, options);
    this.name = 'ShapeTextError';
  }
}

function encodeParts(pieces: readonly string[], holes: readonly string[]): string {
  return JSON.stringify({ pieces, holes });
}

function shapeId(encoded: string): string {
  return createHash('sha256').update(encoded).digest().readBigUInt64BE(0).toString();
}

/** Reads the constants off the text that the shape gives with the digit 0, a valid string content and number, in every hole. */
function constantsOf(pieces: readonly string[], holes: readonly string[]): Map<string, string> {
  const text = pieces.join('0');
  const tape = createJsonTape(text.length + 1);
  const pointers = scanJsonObject(text, tape) ? leafPointers(text, tape) : undefined;
  if (pointers === undefined) throw new ShapeTextError('its pieces do not make a JSON object');
  const constants = new Map<string, string>();
  let hole = 0;
  let leaf = 0;
  for (let i = 0; i < tape.count; i++) {
    const kind = tape.kinds[i];
    if (kind !== TokenKind.string && kind !== TokenKind.number) continue;
    const pointer = pointers[leaf++] ?? '';
    if (pointer === holes[hole]) hole++;
    else if (kind === TokenKind.string)
      constants.set(pointer, decodeStringContent(text.slice(tape.starts[i], tape.ends[i])));
  }
  if (hole !== holes.length) throw new ShapeTextError(`hole ${holes[hole]} is not where the pieces have one`);
  return constants;
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
