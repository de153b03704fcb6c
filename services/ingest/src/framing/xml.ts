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

interface Open {
  readonly start: number;
  readonly names: string[];
}

export function* frameXml(
  { text }: BodyText,
  maker: RecordMaker,
  maxDepth: number,
): Generator<RawRecord, void, undefined> {
  let root: string | undefined;
  let open: Open | undefined;
  let done = 0;
  let count = 0;
  const make = (start: number, end: number, fault?: RecordFault): RawRecord => {
    done = end;
    const isWhole = count++ === 0 && text.slice(end).trim() === '';
    return maker.make(start, end, isWhole && root === undefined ? 'document' : `element ${count}`, fault);
  };
  function* between(end: number): Generator<RawRecord, void, undefined> {
    const start = skipBlanks(text, done, end);
    if (start < end) yield make(start, trimmedEnd(text, start, end), STRAY);
    done = end;
  }

  for (let tag: XmlTag | undefined = findTag(text, 0); tag !== undefined; tag = findTag(text, tag.end)) {
    if (tag.kind === 'doctype') {
      yield make(
        open?.start ?? skipBlanks(text, done, tag.start),
        trimmedEnd(text, tag.start, text.length),
        DOCTYPE,
      );
      return;
    }
    if (tag.kind === 'skipped') {
      // A declaration or a comment between records is none of them.
      if (open === undefined) {
        yield* between(tag.start);
        done = tag.end;
      }
      continue;
    }
    if (tag.kind === 'open') {
      if (open !== undefined && RECORD_NAMES.has(tag.name) && tag.name === open.names[0]) {
        yield make(open.start, trimmedEnd(text, open.start, tag.start));
        open = undefined;
      }
      if (open === undefined) {
        yield* between(tag.start);
        if (root === undefined && count === 0 && LIST_ROOTS.has(tag.name) && !tag.isEmpty) {
          root = tag.name;
          done = tag.end;
          continue;
        }
        if (tag.isEmpty) yield make(tag.start, tag.end);
        else open = { start: tag.start, names: [tag.name] };
        continue;
      }
      if (tag.isEmpty) continue;
      if (open.names.length >= maxDepth) {
        const end = nextRecord(text, tag.end, open.names[0]);
        yield make(open.start, trimmedEnd(text, open.start, end), tooDeep(maxDepth));
        open = undefined;
        tag = { ...tag, end };
        continue;
      }
      open.names.push(tag.name);
      continue;
    }
    if (open === undefined) {
      yield* between(tag.start);
      // The root's own end is no record; any other end without a beginning is part of something damaged.
      if (tag.name === root) done = tag.end;
      continue;
    }
    if (open.names.at(-1) === tag.name) open.names.pop();
    else {
      const end = nextRecord(text, tag.end, open.names[0]);
      yield make(open.start, trimmedEnd(text, open.start, end));
      open = undefined;
      tag = { ...tag, end };
      continue;
    }
    if (open.names.length === 0) {
      yield make(open.start, tag.end);
      open = undefined;
    }
  }
  if (open !== undefined) yield make(open.start, trimmedEnd(text, open.start, text.length));
  else yield* between(text.length);
}

const STRAY: RecordFault = {
  code: 'RECORD_NOT_XML',
  detail: 'This stands between the elements and is none. Send one document, or one element after the other.',
};
const DOCTYPE: RecordFault = {
  code: 'RECORD_XML_DOCTYPE',
  detail:
    'Document type declarations are refused, for they can define entities. Send it without <!DOCTYPE …>.',
};

function tooDeep(maxDepth: number): RecordFault {
  return { code: 'RECORD_TOO_DEEP', detail: `The element is nested deeper than ${maxDepth}.` };
}

/** Where reading goes on behind a damaged element: at the next one of its name, else nowhere. */
function nextRecord(text: string, from: number, name = ''): number {
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
