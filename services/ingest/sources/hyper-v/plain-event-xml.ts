/**
 * The XML of one event as Windows itself writes it, read in one pass over the text without a parser's machinery: most
 * records are of this form. Whatever is unusual (document types, comments, CDATA, prefixes, characters XML forbids or
 * changes, several events, anything not well-formed) is left to `event-xml.ts`, which reads the same from every text
 * that both can read.
 */
import { newEventValues, systemAttribute, takeValue, toWindowsEvent } from './event-values.ts';
import type { EventValues } from './event-values.ts';
import { readSystemPart } from './system-part.ts';
import type { WindowsEvent } from './windows-event.ts';

const MAX_LENGTH = 256 * 1024;
const MAX_DEPTH = 16;
const MAX_NODES = 2000;
const MAX_ATTRIBUTES = 16;
/** Characters that XML forbids or changes; half of a pair cannot be told from a whole one here. */
// oxlint-disable-next-line no-control-regex
const UNUSUAL = /[\0-\u0008\u000B-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/;
/** References other than XML's own five names. */
const UNUSUAL_REFERENCE = /&(?!(?:amp|lt|gt|quot|apos);)/;
const CHANGED_IN_ATTRIBUTES = /[<\n\t]/;
const REFERENCE = /&(?:amp|lt|gt|quot|apos);/g;
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);
/** A start tag as read; one object for all tags of a text. */
interface Tag {
  name: string;
  isEmpty: boolean;
  /** Behind its `>`. */
  end: number;
  /** Where name and value of each attribute begin and end, four numbers each. */
  readonly attributes: number[];
}

/** Undefined: not of this form, which says nothing about whether it is an event. */
export function readPlainEventXml(text: string): WindowsEvent | undefined {
  if (text.length > MAX_LENGTH || !text.startsWith('<Event') || UNUSUAL.test(text)) return undefined;
  if (text.includes(']]>')) return undefined;
  const hasReferences = text.includes('&');
  if (hasReferences && UNUSUAL_REFERENCE.test(text)) return undefined;
  const decode = hasReferences ? decoded : asWritten;
  const values = newEventValues();
  const tag: Tag = { name: '', isEmpty: false, end: 0, attributes: [] };
  /** Names of the elements that are open. */
  const path: string[] = [];
  let isLeaf = false;
  let valueName: string | undefined;
  let contentStart = 0;
  const system = readSystemPart(text);
  let at = 0;
  if (system !== undefined) {
    path.push('Event');
    at = text.indexOf('<', system.length);
    if (at < 0) return undefined;
  }
  for (let nodes = 0; nodes < MAX_NODES; nodes++) {
    if (text.charCodeAt(at + 1) === 0x2f) {
      const name = path.pop() ?? '';
      const end = closingTagEnd(text, at + 2, name);
      if (end < 0) return undefined;
      if (isLeaf) takeValue(values, path[1], name, valueName, decode(text.slice(contentStart, at)).trim());
      isLeaf = false;
      at = end;
    } else {
      if (path.length >= MAX_DEPTH || !readTag(text, at + 1, tag)) return undefined;
      if (path.length === 0 && tag.name !== 'Event') return undefined;
      path.push(tag.name);
      // Another `System` would change what the first one told.
      if (system !== undefined && path.length === 2 && tag.name === 'System') return undefined;
      valueName = path.length < 2 ? undefined : takeAttributes(text, values, path[1], tag, decode);
      isLeaf = !tag.isEmpty;
      if (tag.isEmpty) {
        path.pop();
        takeValue(values, path[1], tag.name, valueName, '');
      }
      contentStart = tag.end;
      at = tag.end;
    }
    if (path.length === 0) {
      if (!isBlank(text, at)) return undefined;
      const { data, message } = values;
      return system === undefined ? toWindowsEvent(values) : { ...system.facts, data, message };
    }
    at = text.indexOf('<', at);
    if (at < 0) return undefined;
  }
  return undefined;
}

/** The attribute `Name` of a value; those of `System` that are asked for are kept. */
function takeAttributes(
  text: string,
  values: EventValues,
  section: string | undefined,
  { name, attributes }: Tag,
  decode: (text: string) => string,
): string | undefined {
  let valueName: string | undefined;
  for (let index = 0; index < attributes.length; index += 4) {
    const key = text.slice(attributes[index], attributes[index + 1]);
    const place = section === 'System' ? systemAttribute(name, key) : undefined;
    if (place === undefined && (section === 'System' || key !== 'Name')) continue;
    const value = decode(text.slice(attributes[index + 2], attributes[index + 3]));
    if (place === undefined) valueName = value;
    else values.system.set(place, value);
  }
  return valueName;
}

/** False where the tag is not one of the plain form. `at`: behind its `<`. */
function readTag(text: string, at: number, tag: Tag): boolean {
  let end = nameEnd(text, at);
  if (end === at) return false;
  tag.name = text.slice(at, end);
  tag.attributes.length = 0;
  for (;;) {
    const behind = blanksEnd(text, end);
    const code = text.charCodeAt(behind);
    tag.isEmpty = code === 0x2f;
    if (code === 0x3e || tag.isEmpty) {
      tag.end = behind + (tag.isEmpty ? 2 : 1);
      return text.charCodeAt(tag.end - 1) === 0x3e;
    }
    if (behind === end || tag.attributes.length >= 4 * MAX_ATTRIBUTES) return false;
    end = readAttribute(text, behind, tag);
    if (end < 0) return false;
  }
}

/** Behind the attribute's closing quote; negative where it is not `name="value"`, or is there twice. */
function readAttribute(text: string, at: number, { attributes }: Tag): number {
  let equals = nameEnd(text, at);
  if (text.charCodeAt(equals) === 0x3a) {
    // Prefixes of namespaces are declared here and used nowhere.
    if (equals - at !== 5 || !text.startsWith('xmlns', at)) return -1;
    equals = nameEnd(text, equals + 1);
  }
  const quote = text.charAt(equals + 1);
  if (equals === at || text.charCodeAt(equals) !== 0x3d || (quote !== '"' && quote !== "'")) return -1;
  const start = equals + 2;
  const end = text.indexOf(quote, start);
  if (end < 0 || CHANGED_IN_ATTRIBUTES.test(text.slice(start, end))) return -1;
  for (let index = 0; index < attributes.length; index += 4) {
    const from = attributes[index] ?? 0;
    if ((attributes[index + 1] ?? 0) - from === equals - at && text.startsWith(text.slice(at, equals), from))
      return -1;
  }
  attributes.push(at, equals, start, end);
  return end + 1;
}

function closingTagEnd(text: string, at: number, name: string): number {
  if (name === '' || !text.startsWith(name, at)) return -1;
  const end = blanksEnd(text, at + name.length);
  return text.charCodeAt(end) === 0x3e ? end + 1 : -1;
}

/** Behind a name of ASCII letters, digits, `_`, `-`, `.`; `at` itself where none begins there. */
function nameEnd(text: string, at: number): number {
  let end = at;
  for (; ; end++) {
    const code = text.charCodeAt(end);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
    if (isLetter) continue;
    const isInner = (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;
    if (!isInner || end === at) return end;
  }
}

function blanksEnd(text: string, at: number): number {
  let end = at;
  for (; ; end++) {
    const code = text.charCodeAt(end);
    if (code !== 0x20 && code !== 0x0a && code !== 0x09) return end;
  }
}

function isBlank(text: string, at: number): boolean {
  return blanksEnd(text, at) === text.length;
}

function decoded(text: string): string {
  return text.includes('&')
    ? text.replaceAll(REFERENCE, (reference) => CHARACTERS.get(reference) ?? reference)
    : text;
}

function asWritten(text: string): string {
  return text;
}
