import { decodeStringContent } from './json-string.ts';
import { TokenKind } from './json-tape.ts';
import type { JsonTape } from './json-tape.ts';

interface Container {
  readonly pointer: string;
  /** Keys so far, decoded; undefined for an array. */
  readonly keys: Set<string> | undefined;
  index: number;
}

/**
 * The JSON Pointers (RFC 6901) of a scanned text's string and number leaves, in the order of the text. Undefined
 * where one object has a key twice: such a pointer would mean two values.
 */
export function leafPointers(text: string, tape: JsonTape): string[] | undefined {
  const pointers: string[] = [];
  const stack: Container[] = [];
  let key = '';
  for (let i = 0; i < tape.count; i++) {
    const kind = tape.kinds[i];
    if (kind === TokenKind.close) {
      stack.pop();
      continue;
    }
    const parent = stack.at(-1);
    if (kind === TokenKind.key) {
      key = decodeStringContent(text.slice(tape.starts[i], tape.ends[i]));
      if (parent?.keys === undefined || parent.keys.has(key)) return undefined;
      parent.keys.add(key);
      continue;
    }
    let pointer = '';
    if (parent !== undefined) {
      const step =
        parent.keys === undefined ? String(parent.index++) : key.replaceAll('~', '~0').replaceAll('/', '~1');
      pointer = `${parent.pointer}/${step}`;
    }
    if (kind === TokenKind.openObject) stack.push({ pointer, keys: new Set(), index: 0 });
    else if (kind === TokenKind.openArray) stack.push({ pointer, keys: undefined, index: 0 });
    else if (kind === TokenKind.string || kind === TokenKind.number) pointers.push(pointer);
  }
  return pointers;
}
