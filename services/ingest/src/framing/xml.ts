/**
 * Records that are XML elements: one document, each child of a root that is known to be a list, each of several
 * elements one after the other (as Windows tools print events, without a root). Each keeps its exact text. Only the
 * nesting of tags is looked at; whether an element is well-formed its source says.
 */
import type { RawRecord, RecordFault } from '../source.ts';
import type { BodyText } from './body-text.ts';
import type { RecordMaker } from './record-maker.ts';
import { findTag } from './xml-tags.ts';
import type { XmlTag } from './xml-tags.ts';

/** Roots whose children are the records: exports of Windows event logs, answers of oVirt. */
const LIST_ROOTS = new Set(['Events', 'events']);
/** Never inside one another: where one is not closed, the next one begins. */
const RECORD_NAMES = new Set(['Event']);

const STRAY: RecordFault = {
  code: 'RECORD_NOT_XML',
  detail: 'This stands between the elements and is none. Send one document, or one element after the other.',
};
const DOCTYPE: RecordFault = {
  code: 'RECORD_XML_DOCTYPE',
  detail:
    'Document type declarations are refused, for they can define entities. Send it without <!DOCTYPE …>.',
};

/** Part of a text that is a record. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly fault?: RecordFault;
}

export function* frameXml(
  { text }: BodyText,
  maker: RecordMaker,
  maxDepth: number,
): Generator<RawRecord, void, undefined> {
  const reader = createReader(text, maxDepth);
  let count = 0;
  for (let at = 0; ;) {
    const tag = at < text.length ? findTag(text, at) : undefined;
    for (const { start, end, fault } of tag === undefined ? reader.finish() : reader.read(tag)) {
      count++;
      const isWhole = count === 1 && !reader.hasRoot() && text.slice(end).trim() === '';
      yield maker.make(start, end, isWhole ? 'document' : `element ${count}`, fault);
    }
    if (tag === undefined) return;
    at = Math.max(tag.end, reader.next());
  }
}

interface Reader {
  /** The records that end with this tag, or before it. */
  read(tag: XmlTag): Piece[];
  /** What is left when there is no further tag. */
  finish(): Piece[];
  /** Where reading goes on; never before the end of the last tag. */
  next(): number;
  hasRoot(): boolean;
}

/**
 * Between records (`names` empty), or inside one: `names` are the elements that are open, the record's own first.
 * `done` is the place up to which everything is in a record, or is none.
 */
function createReader(text: string, maxDepth: number): Reader {
  let root: string | undefined;
  let names: string[] = [];
  let recordStart = 0;
  let done = 0;
  let isFirst = true;

  function close(end: number, fault?: RecordFault): Piece {
    names = [];
    done = end;
    isFirst = false;
    return {
      start: recordStart,
      end: trimmedEnd(text, recordStart, end),
      ...(fault === undefined ? {} : { fault }),
    };
  }

  /** What stands between records and is none. */
  function strayBefore(end: number): Piece[] {
    const start = skipBlanks(text, done, end);
    done = end;
    return start === end ? [] : [{ start, end: trimmedEnd(text, start, end), fault: STRAY }];
  }

  /** A record that is damaged ends where the next one of its name begins. */
  function giveUp(from: number, fault?: RecordFault): Piece {
    return close(nextElement(text, from, names[0]), fault);
  }

  function open(tag: XmlTag & { readonly kind: 'open' }): Piece[] {
    const pieces: Piece[] = [];
    if (names.length > 0) {
      if (!RECORD_NAMES.has(tag.name) || tag.name !== names[0]) return openInside(tag);
      pieces.push(close(tag.start));
    }
    pieces.push(...strayBefore(tag.start));
    recordStart = tag.start;
    if (isFirst && root === undefined && LIST_ROOTS.has(tag.name) && !tag.isEmpty) {
      root = tag.name;
      done = tag.end;
    } else if (tag.isEmpty) pieces.push(close(tag.end));
    else names = [tag.name];
    return pieces;
  }

  function openInside(tag: XmlTag & { readonly kind: 'open' }): Piece[] {
    if (tag.isEmpty) return [];
    if (names.length >= maxDepth)
      return [
        giveUp(tag.end, {
          code: 'RECORD_TOO_DEEP',
          detail: `The element is nested deeper than ${maxDepth}. Such a record is not read; look at what made it.`,
        }),
      ];
    names.push(tag.name);
    return [];
  }

  function shut(tag: XmlTag & { readonly kind: 'close' }): Piece[] {
    if (names.length === 0) {
      const pieces = strayBefore(tag.start);
      // The root's own end is no record; any other end without a beginning is left over from something damaged.
      if (tag.name === root) done = tag.end;
      return pieces;
    }
    if (names.at(-1) !== tag.name) return [giveUp(tag.end)];
    names.pop();
    return names.length === 0 ? [close(tag.end)] : [];
  }

  return {
    read(tag) {
      switch (tag.kind) {
        case 'open':
          return open(tag);
        case 'close':
          return shut(tag);
        case 'skipped': {
          if (names.length > 0) return [];
          // A declaration or a comment between records is none of them.
          const pieces = strayBefore(tag.start);
          done = tag.end;
          return pieces;
        }
        case 'doctype':
          // All behind it is refused with it.
          if (names.length === 0) recordStart = skipBlanks(text, done, tag.start);
          return [close(text.length, DOCTYPE)];
      }
    },
    finish: () => (names.length > 0 ? [close(text.length)] : strayBefore(text.length)),
    next: () => done,
    hasRoot: () => root !== undefined,
  };
}

/** Where the next element of a name begins; the end where there is none. */
function nextElement(text: string, from: number, name = ''): number {
  for (let at = text.indexOf(`<${name}`, from); at >= 0; at = text.indexOf(`<${name}`, at + 1)) {
    if (/[\s/>]/.test(text.charAt(at + name.length + 1))) return at;
  }
  return text.length;
}

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) <= 32) at++;
  return at;
}

/** At least one character is kept. */
function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start + 1 && text.charCodeAt(at - 1) <= 32) at--;
  return at;
}
