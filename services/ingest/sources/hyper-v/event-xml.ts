/** Windows events as XML: one `<Event>`, several side by side, `<Events>` around them; any prefix, or no namespace. */
import { SaxesParser } from 'saxes';
import { providerName } from './windows-event.ts';
import type { FoundEvent, ReadResult, WindowsEvent } from './windows-event.ts';

const MAX_DEPTH = 32;
const MAX_NODES = 20_000;
const MAX_VALUES = 512;

/** Refuses document types (and so all entities but the five of XML). Never throws for what the text contains. */
export function readEventXml(text: string): ReadResult {
  try {
    return { events: parse(text.replace(/^\uFEFF?\s{0,64}<\?xml [^>]{0,200}\?>/, '')) };
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
  readonly system: Map<string, string>;
  readonly data: Map<string, string>;
  unnamed: number;
  message: string | undefined;
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
      draft = {
        start,
        depth: path.length,
        system: new Map(),
        data: new Map(),
        unnamed: 0,
        message: undefined,
      };
      return;
    }
    const isSystem = path[draft.depth] === 'System';
    name = undefined;
    for (const key in tag.attributes) {
      const value = tag.attributes[key] ?? '';
      const attribute = localName(key);
      if (isSystem) draft.system.set(`${local}.${attribute}`, value);
      else if (attribute === 'Name') name = value;
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
      found.push({ event: toEvent(draft), start: draft.start, end: parser.position });
      draft = undefined;
      return;
    }
    if (!hasChildren) takeLeaf(draft, path, local, name, content.trim());
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

function takeLeaf(
  draft: Draft,
  path: readonly string[],
  local: string,
  name: string | undefined,
  value: string,
): void {
  const section = path[draft.depth];
  if (section === 'System') draft.system.set(local, value);
  else if (section === 'RenderingInfo') {
    if (local === 'Message') draft.message = value;
  } else if (section === 'EventData' || section === 'UserData' || section === 'ProcessingErrorData') {
    if (draft.data.size >= MAX_VALUES) return;
    const key = local === 'Data' ? (name ?? `Data${draft.unnamed++}`) : local;
    if (!draft.data.has(key)) draft.data.set(key, value);
  }
}

function toEvent({ system, data, message }: Draft): WindowsEvent {
  const level = system.get('Level');
  const time = system.get('TimeCreated.SystemTime');
  return {
    provider: providerName(system.get('Provider.Name'), system.get('Provider.Guid')),
    eventId: toNumber(system.get('EventID')) ?? Number.NaN,
    level: toNumber(level),
    time: time === undefined ? undefined : { text: time, unzoned: 'utc' },
    recordId: system.get('EventRecordID'),
    channel: system.get('Channel'),
    computer: system.get('Computer'),
    userSid: system.get('Security.UserID'),
    userName: undefined,
    data,
    message,
  };
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
