/**
 * The raw record in a message of a Kafka topic, as shippers of logs write them: plain text, or a JSON object with the
 * line in a member and who wrote it beside (Vector, Fluent Bit, Logstash, Filebeat, rsyslog's omkafka).
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { readJournalEntry } from '../normalize/journal-entry.ts';
import type { RecordEnvelope } from '../source.ts';

export interface MessageFields {
  /** Where the record is; `.`: the value itself is the record. */
  readonly field?: string;
  readonly hostField?: string;
}

export interface MessageRecord {
  readonly bytes: Buffer;
  readonly envelope?: RecordEnvelope;
}

/** Vector and Logstash; Fluent Bit (tail, then systemd and container logs); bunyan; ECS. */
const LINE_FIELDS = ['message', 'log', 'MESSAGE', 'msg', 'event.original'];
/** `host` is an object in ECS. */
const HOST_FIELDS = ['host', 'hostname', 'host.name', '_HOSTNAME'];
/** Vector, journald, Fluent Bit's syslog parser, ECS. */
const PROGRAM_FIELDS = ['appname', 'SYSLOG_IDENTIFIER', 'ident', 'program', 'process.name'];
const PID_FIELDS = ['procid', '_PID', 'pid', 'process.pid'];
const TIME_FIELDS = ['@timestamp', 'timestamp'];
const MAX_DEPTH = 8;
/** Numbers of seconds are below it until the year 5138, numbers of milliseconds above it since 1973. */
const MIN_MILLISECONDS = 100_000_000_000;
const OPENING_BRACE = 0x7b;

/** Text that is no JSON object, or one without the line, is the record as it stands. */
export function recordOfMessage(value: Buffer, { field, hostField }: MessageFields): MessageRecord {
  const object = field === '.' ? undefined : objectIn(value);
  if (object === undefined) return { bytes: value };
  const line = firstText(object, field === undefined ? LINE_FIELDS : [field]);
  if (line === undefined) return { bytes: value };
  const envelope = envelopeOf(object, hostField === undefined ? HOST_FIELDS : [hostField]);
  return {
    bytes: Buffer.from(withoutLineEnd(line), 'utf8'),
    ...(Object.keys(envelope).length === 0 ? {} : { envelope }),
  };
}

function objectIn(value: Buffer): Readonly<Record<string, unknown>> | undefined {
  let start = 0;
  while (start < value.length && (value[start] ?? 0) <= 0x20) start++;
  if (value[start] !== OPENING_BRACE) return undefined;
  const text = value.toString('utf8');
  // An entry of the journal says more than its line; it is read as a whole further on.
  if (readJournalEntry(text) !== undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function envelopeOf(
  object: Readonly<Record<string, unknown>>,
  hostFields: readonly string[],
): RecordEnvelope {
  const host = firstText(object, hostFields);
  const program = firstText(object, PROGRAM_FIELDS);
  const pid = firstText(object, PID_FIELDS);
  const sentMs = TIME_FIELDS.map((field) => timeOf(valueAt(object, field))).find(
    (found) => found !== undefined,
  );
  return {
    ...(host === undefined ? {} : { host }),
    ...(program === undefined ? {} : { program }),
    ...(pid === undefined ? {} : { pid }),
    ...(sentMs === undefined ? {} : { sentMs }),
  };
}

/** The first that is a text with something in it, or a number. */
function firstText(object: Readonly<Record<string, unknown>>, fields: readonly string[]): string | undefined {
  for (const field of fields) {
    const value = valueAt(object, field);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** `a.b`: the member of that very name, else member `b` of member `a`. */
function valueAt(object: Readonly<Record<string, unknown>>, field: string): unknown {
  if (Object.hasOwn(object, field)) return object[field];
  let value: unknown = object;
  for (const name of field.split('.', MAX_DEPTH)) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** RFC 3339 with its zone, or seconds or milliseconds since 1970. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number' && value > 0)
    return Math.floor(value >= MIN_MILLISECONDS ? value : value * 1000);
  if (typeof value !== 'string') return undefined;
  const parsed = parseTimestamp(value);
  return parsed === undefined || parsed.zone === 'assumed-utc' ? undefined : parsed.epochMs;
}

function withoutLineEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === 0x0a || line.charCodeAt(end - 1) === 0x0d)) end--;
  return end === line.length ? line : line.slice(0, end);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
