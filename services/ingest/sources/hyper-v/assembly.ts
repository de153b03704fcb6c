/** Puts the lines of one event together: XML written over several lines, and the text of Event Viewer. */
import type { RawRecord } from '../../src/source.ts';
import { isEventViewerStart } from './event-viewer-text.ts';

/** An event's text and the records it came in. */
export interface Assembled {
  readonly kind: 'xml' | 'json' | 'text' | 'frame' | 'blank' | 'too-long' | 'other';
  readonly text: string;
  readonly records: readonly RawRecord[];
}

export interface Assembly {
  /** What is complete with this record; `message` is its text without header. */
  add(record: RawRecord, message: string): readonly Assembled[];
  /** What is open, as it is. */
  close(): readonly Assembled[];
  /** Records that wait. */
  readonly held: number;
}

const MAX_LINES = 256;
const MAX_LENGTH = 256 * 1024;
const EVENT_START = /<(?:[A-Za-z][\w.-]{0,20}:)?Event[\s>]/;
const EVENT_END = /<\/(?:[A-Za-z][\w.-]{0,20}:)?Event\s{0,8}>/;
/** Lines around events. */
const FRAME =
  /^(?:<\?xml[^>]{0,200}\?>|<\/?(?:[\w.-]{1,20}:)?Events(?:\s[^>]{0,400})?>|<!--.{0,400}-->|[[\],{}]+)$/;

export function createAssembly(): Assembly {
  let kind: 'xml' | 'text' | undefined;
  let lines: string[] = [];
  let records: RawRecord[] = [];
  let length = 0;

  function open(as: 'xml' | 'text', record: RawRecord, line: string): void {
    kind = as;
    lines = [line];
    records = [record];
    length = line.length;
  }

  function close(as?: Assembled['kind']): readonly Assembled[] {
    if (kind === undefined) return [];
    const done: Assembled = { kind: as ?? kind, text: lines.join('\n'), records };
    kind = undefined;
    lines = [];
    records = [];
    return [done];
  }

  /** Whether a line begins something else than what is open. */
  function isNext(line: string): boolean {
    if (kind === 'xml') return EVENT_START.test(line.slice(0, 200));
    const isBegun = lines.some((one) => one.includes(':') && !/^\s{0,8}Event\[/.test(one));
    if (isEventViewerStart(line)) return isBegun;
    if (/^\s{0,8}</.test(line))
      return (
        !/XML:\s{0,8}$/i.test(lines.at(-1) ?? '') && !lines.some((one) => EVENT_START.test(one.slice(0, 200)))
      );
    return line.startsWith('{"');
  }

  function start(record: RawRecord, message: string): readonly Assembled[] {
    const kindOf = complete(message);
    if (kindOf === undefined) {
      open(isEventViewerStart(message) ? 'text' : 'xml', record, message);
      // A text that came whole, in one record.
      return message.includes('\n') && kind === 'text' ? close() : [];
    }
    return [{ kind: kindOf, text: message, records: [record] }];
  }

  return {
    add(record, message) {
      if (kind === undefined) return start(record, message);
      if (isNext(record.text)) return [...close(), ...start(record, message)];
      // Lines of one text have no header of their own, or all the same one.
      const line = message;
      lines.push(line);
      records.push(record);
      length += line.length + 1;
      if (lines.length > MAX_LINES || length > MAX_LENGTH) return close('too-long');
      return line.includes('</') && EVENT_END.test(line) ? close() : [];
    },
    close: () => close(),
    get held() {
      return records.length;
    },
  };
}

/** What a text is that stands alone; undefined: the beginning of one that goes on. */
function complete(message: string): Assembled['kind'] | undefined {
  if (message.startsWith('<Event') && message.endsWith('</Event>') && EVENT_START.test(message.slice(0, 8)))
    return 'xml';
  const text = message.length > 1024 ? message.slice(0, 1024).trimStart() : message.trim();
  const first = text.charCodeAt(0);
  if (text === '') return 'blank';
  if (first === 0x3c || first === 0xfeff) {
    if (text.length < 512 && FRAME.test(text)) return 'frame';
    if (!EVENT_START.test(message)) return 'xml';
    return message.endsWith('</Event>') || EVENT_END.test(message) ? 'xml' : undefined;
  }
  if (first === 0x7b || first === 0x5b) return text.length < 8 && FRAME.test(text) ? 'frame' : 'json';
  if (first === 0x5d || first === 0x7d) return FRAME.test(text) ? 'frame' : 'other';
  return isEventViewerStart(text) ? undefined : 'other';
}
