/** XML of CIMI 1 and 2 as the values its JSON has: elements as members, repeated ones as lists, attributes beside them. */
import { SaxesParser } from 'saxes';
import type { CimiDocument, Refusal } from './document.ts';

const MAX_DEPTH = 64;
/** A log of some fifteen thousand events, of a server that has neither pages nor filters. */
const MAX_NODES = 250_000;

class XmlRefusal extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** An element that is open. */
interface Open {
  readonly name: string;
  readonly start: number;
  readonly members: Record<string, unknown>;
  hasMembers: boolean;
  text: string;
}

/** Refuses document types, and so all entities but the five of XML. Never throws for what the text contains. */
export function readXml(text: string): CimiDocument | Refusal {
  const spans = new WeakMap<object, readonly [start: number, end: number]>();
  try {
    const { name, value } = parse(text, spans);
    return {
      value,
      rootName: name,
      format: 'xml',
      textOf(part) {
        const span = typeof part === 'object' && part !== null ? spans.get(part) : undefined;
        return span === undefined ? undefined : text.slice(span[0], span[1]);
      },
    };
  } catch (error) {
    if (error instanceof XmlRefusal) return { code: error.code, detail: error.message };
    throw error;
  }
}

function parse(
  text: string,
  spans: WeakMap<object, readonly [start: number, end: number]>,
): { readonly name: string; readonly value: unknown } {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const path: Open[] = [];
  let root: { readonly name: string; readonly value: unknown } | undefined;
  let nodes = 0;

  parser.on('error', (error) => {
    throw new XmlRefusal(
      'CIMI_XML_BROKEN',
      `The XML cannot be read: ${error.message.slice(0, 300)} (line:column). Send the document again, whole.`,
    );
  });
  parser.on('doctype', () => {
    throw new XmlRefusal(
      'CIMI_XML_DOCTYPE',
      'The XML declares a document type. Send it without <!DOCTYPE …>.',
    );
  });
  parser.on('opentag', (tag) => {
    nodes++;
    if (path.length >= MAX_DEPTH || nodes > MAX_NODES)
      throw new XmlRefusal(
        'CIMI_TOO_DEEP',
        `The XML nests deeper than ${MAX_DEPTH} elements, or has over ${MAX_NODES}. Send one page of a collection per record.`,
      );
    const open: Open = {
      name: localName(tag.name),
      start: text.lastIndexOf('<', parser.position - 1),
      members: newMembers(),
      hasMembers: false,
      text: '',
    };
    for (const [attribute, value] of Object.entries(tag.attributes)) {
      if (attribute === 'xmlns' || attribute.startsWith('xmlns:') || attribute.startsWith('xsi:')) continue;
      add(open, localName(attribute), value);
    }
    path.push(open);
  });
  const addText = (part: string): void => {
    const open = path.at(-1);
    if (open !== undefined) open.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = path.pop();
    if (closed === undefined) return;
    const value = valueOf(closed);
    if (typeof value === 'object' && value !== null) spans.set(value, [closed.start, parser.position]);
    const parent = path.at(-1);
    if (parent === undefined) root = { name: closed.name, value };
    else if (closed.name === 'property' && typeof closed.members['key'] === 'string')
      addProperty(parent, closed.members['key'], closed.text);
    else add(parent, closed.name, value);
  });
  parser.write(text).close();
  if (root === undefined)
    throw new XmlRefusal('CIMI_XML_BROKEN', 'The XML has no element. Send the document.');
  return root;
}

/** Names of a document may be any, `__proto__` too. */
function newMembers(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

function valueOf({ members, hasMembers, text }: Open): unknown {
  if (!hasMembers) return text.trim();
  const content = text.trim();
  if (content !== '' && members['#text'] === undefined) members['#text'] = content;
  return members;
}

function add(open: Open, name: string, value: unknown): void {
  const { members } = open;
  open.hasMembers = true;
  const before = members[name];
  if (before === undefined) members[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else members[name] = [before, value];
}

/** `<property key="k">v</property>`, bare or inside `<properties>`. */
function addProperty(open: Open, key: string, text: string): void {
  open.hasMembers = true;
  const own = open.name === 'properties' ? open.members : open.members['properties'];
  if (typeof own === 'object' && own !== null && !Array.isArray(own)) {
    (own as Record<string, unknown>)[key] = text.trim();
    return;
  }
  const properties = newMembers();
  properties[key] = text.trim();
  open.members['properties'] = properties;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
