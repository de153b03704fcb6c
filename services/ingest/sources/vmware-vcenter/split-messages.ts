/**
 * Puts together what vpxd's syslog took apart: the parts `1-3`, `2-3`, `3-3` of one event, and the lines behind one whose
 * message has line ends. What waits is bounded; a part that does not come is waited for 10 minutes of log time.
 */
import type { RawRecord } from '../../src/source.ts';
import type { VpxdLine } from './vpxd-line.ts';

export interface WholeEvent {
  readonly line: VpxdLine;
  readonly host: string;
  readonly message: string;
  readonly records: readonly RawRecord[];
  /** What is missing of it. */
  readonly incomplete?: string;
}

export interface SplitMessages {
  /** Records that wait. */
  readonly size: number;
  /** Events that are whole now, or that nothing more is waited for. */
  add(host: string, line: VpxdLine, record: RawRecord): WholeEvent[];
  /** Takes a line that has no header of its own for more of the message before it; undefined: there is none open. */
  addRest(text: string, record: RawRecord): WholeEvent[] | undefined;
  /** The event whose message is open, if there is one: a line of another kind came. */
  close(): WholeEvent[];
  clear(): WholeEvent[];
}

const MAX_PARTS = 256;
const MAX_EVENTS = 256;
const MAX_LINES = 256;
const MAX_CHARACTERS = 256 * 1024;
const WAIT_MS = 600_000;

interface Waiting {
  readonly host: string;
  readonly first: VpxdLine;
  readonly parts: Map<number, { readonly line: VpxdLine; readonly record: RawRecord }>;
}

export function createSplitMessages(): SplitMessages {
  const waiting = new Map<string, Waiting>();
  let open:
    | { host: string; line: VpxdLine; texts: string[]; records: RawRecord[]; characters: number }
    | undefined;

  function expired(nowMs: number): WholeEvent[] {
    const gone: WholeEvent[] = [];
    for (const [key, group] of waiting) {
      if (group.first.createdMs + WAIT_MS >= nowMs && waiting.size < MAX_EVENTS) continue;
      waiting.delete(key);
      gone.push(whole(group));
    }
    return gone;
  }

  function close(): WholeEvent[] {
    if (open === undefined) return [];
    const { host, line, texts, records } = open;
    open = undefined;
    return [{ host, line, message: texts.join('\n'), records, incomplete: 'cut-at-line-end' }];
  }

  function addPart(host: string, line: VpxdLine, record: RawRecord): WholeEvent[] {
    const key = `${host}\n${line.key}`;
    const group: Waiting = waiting.get(key) ?? { host, first: line, parts: new Map() };
    // Taken out, so that what is given up on meanwhile is never this one too.
    waiting.delete(key);
    const again = group.parts.get(line.part);
    // A part that comes twice is of another delivery of the same event.
    const done = again === undefined ? [] : [whole(group)];
    const current: Waiting = again === undefined ? group : { host, first: line, parts: new Map() };
    current.parts.set(line.part, { line, record });
    if (current.parts.size < line.parts) {
      const gone = expired(line.createdMs);
      waiting.set(key, current);
      return [...done, ...gone];
    }
    return [...done, whole(current)];
  }

  return {
    get size() {
      let count = open?.records.length ?? 0;
      for (const { parts } of waiting.values()) count += parts.size;
      return count;
    },
    add(host, line, record) {
      const before = close();
      if (line.parts > 1 && line.parts <= MAX_PARTS && line.part >= 1 && line.part <= line.parts)
        return [...before, ...addPart(host, line, record)];
      if (line.isClosed) return [...before, { host, line, message: line.message, records: [record] }];
      open = { host, line, texts: [line.message], records: [record], characters: line.message.length };
      return before;
    },
    addRest(text, record) {
      if (open === undefined) return undefined;
      open.characters += text.length;
      if (open.records.length >= MAX_LINES || open.characters > MAX_CHARACTERS) return undefined;
      const isEnd = text.trimEnd().endsWith(']');
      open.texts.push(isEnd ? text.trimEnd().slice(0, -1) : text);
      open.records.push(record);
      if (!isEnd) return [];
      const { host, line, texts, records } = open;
      open = undefined;
      return [{ host, line, message: texts.join('\n'), records }];
    },
    close,
    clear() {
      const rest = [...close(), ...[...waiting.values()].map(whole)];
      waiting.clear();
      return rest;
    },
  };
}

function whole({ host, first, parts }: Waiting): WholeEvent {
  const inOrder = [...parts].sort(([one], [other]) => one - other).map(([, part]) => part);
  return {
    host,
    line: inOrder[0]?.line ?? first,
    message: inOrder.map(({ line }) => line.message).join(''),
    records: inOrder.map(({ record }) => record),
    ...(parts.size < first.parts ? { incomplete: 'part-missing' } : {}),
  };
}
