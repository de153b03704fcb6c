/**
 * `Event [KEY] [PART-OF] [CREATED] [TYPE] [SEV] [USER] [DATACENTER] [CHAIN] [MESSAGE]`: how vpxd writes events to syslog.
 * A long message comes in several parts of one key; the last bracket is missing where the line ends at a line end of the
 * message.
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';

export interface VpxdLine {
  readonly key: string;
  readonly part: number;
  readonly parts: number;
  /** Milliseconds since 1970 UTC; NaN where it is no time. */
  readonly createdMs: number;
  readonly type: string;
  readonly severity: string;
  readonly user: string;
  readonly datacenter: string;
  readonly chain: string;
  readonly message: string;
  /** The last bracket is there. */
  readonly isClosed: boolean;
}

const START = /^\s{0,3}Event \[/;
const PART = /^(\d{1,4})-(\d{1,4})$/;
const FIELDS = 8;
/** Fields before the message are looked for here. */
const HEAD_LENGTH = 2048;

export function isVpxdLine(message: string): boolean {
  const first = message.charCodeAt(0);
  return first === 0x45 ? message.startsWith('Event [') : first <= 0x20 && START.test(message);
}

/** Undefined where the line has not all fields. */
export function readVpxdLine(message: string): VpxdLine | undefined {
  const start = message.indexOf('[') + 1;
  const head = message.slice(0, start + HEAD_LENGTH);
  const fields: string[] = [];
  let at = start;
  while (fields.length < FIELDS) {
    const end = head.indexOf('] [', at);
    if (end < 0) return undefined;
    fields.push(head.slice(at, end));
    at = end + 3;
  }
  const [
    key = '',
    partOf = '',
    created = '',
    type = '',
    severity = '',
    user = '',
    datacenter = '',
    chain = '',
  ] = fields;
  const part = PART.exec(partOf);
  if (part === null || !/^\d{1,20}$/.test(key)) return undefined;
  const text = message.slice(at);
  const trimmed = text.trimEnd();
  const isClosed = trimmed.endsWith(']');
  const parsed = parseTimestamp(created);
  return {
    key,
    part: Number(part[1]),
    parts: Number(part[2]),
    createdMs: parsed === undefined ? Number.NaN : parsed.epochMs,
    type,
    severity,
    user,
    datacenter,
    chain,
    message: isClosed ? trimmed.slice(0, -1) : text,
    isClosed,
  };
}
