/**
 * Cuts the records out of `{"Records":[{…},{…}]}` while its bytes come in, each with its own text. Brackets and strings
 * are followed, no value is read: a record whose JSON is wrong in itself is given as it is, and its reader tells.
 */
import { TrailFileError } from './trail-file.ts';

export interface RecordCutter {
  /** The records that end in this piece. */
  push(piece: Uint8Array): string[];
  /** Throws `TrailFileError` `not-a-log-file` where the document is not whole. */
  end(): void;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
/** Names of the outer object are short; the one that is looked for has 7 characters, escaped at most 42. */
const MAX_NAME_BYTES = 256;

export function createRecordCutter({
  maxRecordBytes,
  maxDepth,
}: {
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
}): RecordCutter {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  /** Of the outer object: the bytes of the string that is read or was read last, and whether a value comes now. */
  let name: number[] = [];
  let isValue = false;
  let isInList = false;
  let hasList = false;
  let isOver = false;
  /** What earlier pieces hold of the record that is open. */
  let begun: Uint8Array[] = [];
  let begunBytes = 0;

  function push(piece: Uint8Array): string[] {
    const records: string[] = [];
    /** Where the open record begins or goes on in this piece. */
    let start = isInList && depth > 2 ? 0 : -1;
    for (let at = 0; at < piece.length; at++) {
      const code = piece[at] ?? 0;
      if (isInString) {
        if (depth === 1 && name.length < MAX_NAME_BYTES && (code !== QUOTE || isEscaped)) name.push(code);
        if (isEscaped) isEscaped = false;
        else if (code === BACKSLASH) isEscaped = true;
        else if (code === QUOTE) isInString = false;
        continue;
      }
      switch (code) {
        case QUOTE:
          if (depth === 0 || (isInList && depth === 2)) throw outOfPlace('a string', depth);
          if (depth === 1) name = [];
          isInString = true;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          open(code);
          if (isInList && depth === 3) start = at;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          depth--;
          if (isInList && depth === 2) {
            records.push(finish(piece.subarray(start, at + 1)));
            start = -1;
          }
          close(code);
          break;
        case COLON:
          if (depth === 1) isValue = true;
          break;
        case COMMA:
          if (depth === 1) isValue = false;
          break;
        default:
          if (!isBlank(code) && (depth === 0 || (isInList && depth === 2)))
            throw outOfPlace('a value', depth);
      }
    }
    if (start >= 0) keep(piece.subarray(start));
    return records;
  }

  function open(code: number): void {
    if (depth === 0) {
      if (isOver || code !== OPEN_BRACE) throw outOfPlace('a second value or a list', depth);
    } else if (depth === 1 && code === OPEN_BRACKET && isValue && textOfName() === 'Records') {
      if (hasList) throw new TrailFileError('not-a-log-file', 'It has two members "Records".');
      hasList = true;
      isInList = true;
    } else if (isInList && depth === 2 && code !== OPEN_BRACE) {
      throw outOfPlace('a list', depth);
    }
    depth++;
    // Two levels are the file's own.
    if (depth > maxDepth + 2) {
      throw new TrailFileError('not-a-log-file', `It is nested deeper than ${maxDepth} levels.`);
    }
  }

  function close(code: number): void {
    if (depth < 0) throw outOfPlace('a bracket', 0);
    if (depth === 1 && isInList) {
      if (code !== CLOSE_BRACKET) throw outOfPlace('a bracket', 2);
      isInList = false;
    }
    if (depth === 0) isOver = true;
  }

  function textOfName(): string | undefined {
    try {
      const text: unknown = JSON.parse(`"${decoder.decode(Uint8Array.from(name))}"`);
      return typeof text === 'string' ? text : undefined;
    } catch {
      return undefined;
    }
  }

  function keep(part: Uint8Array): void {
    begunBytes += part.length;
    if (begunBytes > maxRecordBytes) {
      throw new TrailFileError('too-large', `A record has more than ${maxRecordBytes} bytes.`);
    }
    // The pieces of an unpacking stream are its own.
    begun.push(Uint8Array.from(part));
  }

  function finish(part: Uint8Array): string {
    if (begunBytes + part.length > maxRecordBytes) {
      throw new TrailFileError('too-large', `A record has more than ${maxRecordBytes} bytes.`);
    }
    const bytes = begun.length === 0 ? part : Buffer.concat([...begun, part]);
    begun = [];
    begunBytes = 0;
    try {
      return decoder.decode(bytes);
    } catch {
      throw new TrailFileError('not-a-log-file', 'A record is no UTF-8.');
    }
  }

  return {
    push,
    end() {
      if (isOver && hasList) return;
      throw new TrailFileError(
        'not-a-log-file',
        isOver ? 'It has no list "Records".' : 'Its JSON breaks off or there is none.',
      );
    },
  };
}

function outOfPlace(what: string, depth: number): TrailFileError {
  return new TrailFileError(
    'not-a-log-file',
    depth === 2
      ? `There is ${what} in "Records" that is no record.`
      : `There is ${what} outside of the object {"Records":[…]}.`,
  );
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
