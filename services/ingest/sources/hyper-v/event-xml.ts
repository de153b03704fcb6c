/** Windows events as XML: one `<Event>`, several side by side, `<Events>` around them; any prefix, or no namespace. */
import { SaxesParser } from 'saxes';
import { newEventValues, systemAttribute, takeValue, toWindowsEvent } from './event-values.ts';
import type { EventValues } from './event-values.ts';
import { readPlainEventXml } from './plain-event-xml.ts';
import type { FoundEvent, ReadResult, WindowsEvent } from './windows-event.ts';

const MAX_DEPTH = 32;
const MAX_NODES = 20_000;
const DECLARATION = /^\uFEFF?\s{0,64}<\?xml [^>]{0,200}\?>/;
/** Around the events of a document; of one that was cut in pieces only one of the two is there. */
const EVENTS_TAG = /<\/?(?:[\w.-]{1,20}:)?Events(?:\s[^>]{0,400})?>/g;

/** Refuses document types (and so all entities but the five of XML). Never throws for what the text contains. */
export function readEventXml(text: string): ReadResult {
  const plain = readPlainEventXml(text);
  return plain === undefined ? parseEventXml(text) : { events: [{ event: plain }] };
}

/** As `readEventXml`, always by the parser. */
export function parseEventXml(text: string): ReadResult {
  try {
    return { events: parse(text.replace(DECLARATION, '').replaceAll(EVENTS_TAG, '')) };
  } catch (error) {
    if (error instanceof XmlRefusal) return { code: error.code, detail: error.message };
    throw error;
  }
}

class XmlRefusal extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** What is gathered of an event that is still open. */
interface Draft {
  readonly start: number;
  /** Depth of its element. */
  readonly depth: number;
  readonly values: EventValues;
}

function parse(text: string): readonly FoundEvent[] {
  const parser = new SaxesParser({ xmlns: false, position: true, fragment: true });
  const found: { event: WindowsEvent; start: number; end: number }[] = [];
  const path: string[] = [];
  let draft: Draft | undefined;
  let content = '';
  let hasChildren = false;
  let name: string | undefined;
  let nodes = 0;

  parser.on('error', (error) => {
    if (error.message.includes('doctype'))
      throw new XmlRefusal(
        'HYPERV_XML_DOCTYPE',
        'The XML declares a document type, which no Windows event has. Send the event without it.',
      );
    throw new XmlRefusal(
      'HYPERV_XML_BROKEN',
      `The XML cannot be read: ${error.message.slice(0, 300)} (line:column). Send the event again as it was exported.`,
    );
  });
  parser.on('opentag', (tag) => {
    const local = localName(tag.name);
    nodes++;
    if (path.length >= MAX_DEPTH || nodes > MAX_NODES)
      throw new XmlRefusal(
        'HYPERV_XML_TOO_LARGE',
        `The XML nests deeper than ${MAX_DEPTH} elements, or has over ${MAX_NODES}. Send one event per record.`,
      );
    path.push(local);
    content = '';
    hasChildren = false;
    if (draft === undefined) {
      if (local !== 'Event') return;
      const start = text.lastIndexOf('<', parser.position - 1);
      draft = { start, depth: path.length, values: newEventValues() };
      return;
    }
    const isSystem = path[draft.depth] === 'System';
    name = undefined;
    for (const key in tag.attributes) {
      const value = tag.attributes[key] ?? '';
      const attribute = localName(key);
      if (isSystem) {
        const place = systemAttribute(local, attribute);
        if (place !== undefined) draft.values.system.set(place, value);
      } else if (attribute === 'Name') name = value;
    }
  });
  parser.on('text', (part) => {
    content += part;
  });
  parser.on('cdata', (part) => {
    content += part;
  });
  parser.on('closetag', () => {
    const local = path.pop() ?? '';
    if (draft === undefined) return;
    if (path.length < draft.depth) {
      found.push({ event: toWindowsEvent(draft.values), start: draft.start, end: parser.position });
      draft = undefined;
      return;
    }
    if (!hasChildren) takeValue(draft.values, path[draft.depth], local, name, content.trim());
    hasChildren = true;
    content = '';
    name = undefined;
  });
  parser.write(text).close();
  if (draft !== undefined)
    throw new XmlRefusal('HYPERV_XML_BROKEN', 'An <Event> is not closed. Send the whole event.');
  if (found.length === 0)
    throw new XmlRefusal(
      'HYPERV_NO_EVENT',
      'The XML holds no <Event> element. Send events as Windows exports them.',
    );
  if (found.length === 1) return found.map(({ event }) => ({ event }));
  return found.map(({ event, start, end }) => ({ event, part: text.slice(start, end) }));
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
