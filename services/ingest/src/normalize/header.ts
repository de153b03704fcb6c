/**
 * Takes the transport's header off a record: syslog of RFC 5424 and RFC 3164 as relays and log files have it, entries
 * of the systemd journal as JSON, or what the way in already took off (`RawRecord.envelope`). Sources look at the
 * message and are given who wrote it, and when.
 *
 * Relays put a header before the one they got: the innermost one counts (at most MAX_HEADERS are taken off). Linear in
 * the length of the record.
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { RawRecord } from '../source.ts';
import type { EventTime } from './event-time.ts';
import { exactTime, guessedTime } from './event-time.ts';
import { guessDate, wallTimeInYear } from './guess-date.ts';
import { readJournalEntry } from './journal-entry.ts';
import { createLocalClock } from './local-clock.ts';
import type { LocalClock } from './local-clock.ts';

export interface RecordHeader {
  readonly form: 'rfc5424' | 'rfc3164' | 'iso' | 'journal' | 'envelope' | 'none';
  /** What the program wrote: the text behind the header, the whole text where there is none. */
  readonly message: string;
  /** The machine that wrote it, as named by the header. */
  readonly host?: string;
  /** Syslog's tag or APP-NAME, without the process id. */
  readonly program?: string;
  readonly pid?: string;
  /** From the header; undefined where it has none, or none that can be read. */
  readonly time?: EventTime;
  /** Facility * 8 + severity. */
  readonly priority?: number;
  /** STRUCTURED-DATA of RFC 5424 as written, brackets included; `message` begins behind it. */
  readonly structuredData?: string;
  /** Members of a journal entry that are texts, such as `_COMM`, `_UID`, `PRIORITY`. */
  readonly journal?: ReadonlyMap<string, string>;
}

const MAX_HEADERS = 3;
/** A header is looked for at the beginning only. */
const HEADER_LENGTH = 1024;

const PRIORITY = /^<(\d{1,3})>/;
const RFC5424 = /^1 (\S{1,64}) (\S{1,255}) (\S{1,128}) (\S{1,128}) (\S{1,64}) /;
/** No host ends in a colon: `TIME qemu-system-x86_64: warning: …` has none. */
const HOST = '([A-Za-z0-9_.:-]{0,254}[A-Za-z0-9_.-])';
const TAG = '([^\\s:[\\]]{1,128})(?:\\[([^\\]\\s]{1,32})\\])?: ?';
const ISO = '(\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d[0-9.,:+Z-]{0,20})';
/** Names of zones that some write behind the time; any other word in capitals is the host. */
const ZONE =
  '(UTC|GMT|[A-Z]?[BI]ST|[CEW]ES?T|EEST|MSK|[ACEMP][SD]T|AK[SD]T|HST|[JK]ST|HKT|SGT|A[CEW][SD]T|NZ[SD]T|SAST|[AB]RT)';
const RFC3164_TIME = `([A-Z][a-z]{2} [ \\d]?\\d(?: \\d{4})? \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)(?: ${ZONE})?:?`;
const ISO_HEADER = new RegExp(`^${ISO} ${HOST} `);
/** syslog-ng may name its own source before the host, and the relay behind it: `s_net@host/relay`. */
const RFC3164_HEADER = new RegExp(
  `^${RFC3164_TIME} (?:[A-Za-z0-9_]{1,32}@)?${HOST}(?:/[A-Za-z0-9_.:-]{1,255})? `,
);
/** `journalctl -o short-full`: `Sat 2026-11-21 10:00:00 CET host …`. */
const FULL_HEADER = new RegExp(
  `^[A-Z][a-z]{2} (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?) ([A-Z]{3,5}|[+-]\\d\\d(?:\\d\\d)?) ${HOST} `,
);
/** `journalctl -o short-unix`: seconds since 1970. */
const UNIX_HEADER = new RegExp(`^(\\d{9,10})\\.(\\d{3})\\d{3} ${HOST} `);
/** What stands between a time and a text where a program writes its own log: no hosts. */
const LEVEL =
  /^(?:info|information|warn|warning|err|error|debug|trace|fatal|crit|critical|notice|alert|emerg|severe|verbose)$/i;
/** rsyslog, where it leaves repetitions out. */
const REPEATED = /^message repeated \d{1,9} times: \[ ?/;
const UTC = createLocalClock('UTC');
const UTC_NAMES = new Set(['UTC', 'GMT']);
const TAG_HEADER = new RegExp(`^${TAG}`);
/** The time of a header that a relay was given, behind its own `TIME HOST `. */
const INNER_TIME = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d )/;
const YEAR_INSIDE = /^([A-Z][a-z]{2} [ \d]?\d) (\d{4}) (.*)$/;

/** Reads the header of a record. `clock` tells what times without a zone mean. */
export function readHeader(record: RawRecord, clock: LocalClock): RecordHeader {
  const text = record.text;
  if (text.charCodeAt(0) === 0x7b) {
    const entry = readJournalEntry(text);
    if (entry !== undefined) return entry;
  }
  let header = fromEnvelope(record, text);
  for (let count = 0; count < MAX_HEADERS; count++) {
    const inner = takeHeader(header.message, record.receivedMs, clock);
    if (inner === undefined || (isTagged(header) && !isRelayed(header.message, inner))) break;
    header = { ...(header.priority === undefined ? {} : { priority: header.priority }), ...inner };
  }
  return withoutRepetition(header);
}

/** What an envelope tells may be of the relay. */
function isTagged({ form, program }: RecordHeader): boolean {
  return program !== undefined && form !== 'envelope';
}

/** A program's own text may look like a header; behind a tag, one counts that has a priority and a time, or a process id. */
function isRelayed(text: string, inner: RecordHeader): boolean {
  if (inner.form === 'rfc5424' || inner.pid !== undefined) return true;
  return text.charCodeAt(0) === 0x3c && inner.host !== undefined;
}

/** The message that was repeated, so that it is understood as the ones before it were. */
function withoutRepetition(header: RecordHeader): RecordHeader {
  const { message, program } = header;
  if (program === undefined || !message.startsWith('message repeated ')) return header;
  const found = REPEATED.exec(message.slice(0, 64));
  if (found === null || !message.endsWith(']')) return header;
  return { ...header, message: message.slice(found[0].length, -1) };
}

function fromEnvelope({ envelope }: RawRecord, message: string): RecordHeader {
  if (envelope === undefined) return { form: 'none', message };
  const { sentMs, ...members } = envelope;
  return {
    form: 'envelope',
    message,
    ...members,
    ...(sentMs === undefined ? {} : { time: exactTime(sentMs) }),
  };
}

/** One header off the text; undefined where it begins with none. */
function takeHeader(text: string, receivedMs: number, clock: LocalClock): RecordHeader | undefined {
  const first = text.charCodeAt(0);
  const hasPriority = first === 0x3c;
  // Every header begins with `<`, a digit or a capital.
  if (!hasPriority && !(first >= 0x30 && first <= 0x39) && !(first >= 0x41 && first <= 0x5a))
    return undefined;
  const start = text.length > HEADER_LENGTH ? text.slice(0, HEADER_LENGTH) : text;
  const found = hasPriority ? PRIORITY.exec(start) : null;
  if (hasPriority && found === null) return undefined;
  const behind = found?.[0].length ?? 0;
  const rest = behind === 0 ? start : start.slice(behind);
  const priority = found === null ? {} : { priority: Number(found[1]) };
  const header = rfc5424(text, rest, behind, clock) ?? timed(text, rest, behind, receivedMs, clock);
  if (header !== undefined) return { ...priority, ...header };
  // RFC 3164 4.3.3: a priority and no readable header; the rest is the message.
  return found === null
    ? undefined
    : { ...priority, form: 'rfc3164', message: text.slice(behind), ...tagOf(rest) };
}

function rfc5424(text: string, rest: string, behind: number, clock: LocalClock): RecordHeader | undefined {
  if (!rest.startsWith('1 ')) return undefined;
  const found = RFC5424.exec(rest);
  if (found === null) return undefined;
  const [whole, time = '', host = '', program = '', pid = ''] = found;
  // `1 of 3 disks failed on …` is a sentence.
  if (time === '-' ? behind === 0 : time.charAt(10) !== 'T') return undefined;
  const data = structuredDataEnd(text, behind + whole.length);
  const structuredData = text.slice(behind + whole.length, data);
  const message = text.slice(text.charCodeAt(data) === 0x20 ? data + 1 : data);
  return {
    form: 'rfc5424',
    // A byte order mark says that the message is UTF-8 (RFC 5424 6.4).
    message: message.charCodeAt(0) === 0xfeff ? message.slice(1) : message,
    ...(host === '-' ? {} : { host }),
    ...(program === '-' ? {} : { program }),
    ...(pid === '-' ? {} : { pid }),
    ...timeMember(isoTime(time, clock)),
    ...(structuredData === '-' || structuredData === '' ? {} : { structuredData }),
  };
}

/** Behind `-` or the last `]` of elements in a row; a bracket that is not closed leaves all to the message. */
function structuredDataEnd(text: string, start: number): number {
  if (text.charCodeAt(start) === 0x2d) return start + 1;
  let end = start;
  while (text.charCodeAt(end) === 0x5b) {
    const close = elementEnd(text, end);
    if (close === undefined) return start;
    end = close;
  }
  return end;
}

/** SD-ELEMENT of RFC 5424 6.3: in quotes, `]` and an escaped `"` do not end it. */
function elementEnd(text: string, start: number): number | undefined {
  let isQuoted = false;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c && isQuoted) at++;
    else if (code === 0x22) isQuoted = !isQuoted;
    else if (code === 0x5d && !isQuoted) return at + 1;
  }
  return undefined;
}

function timed(
  text: string,
  rest: string,
  behind: number,
  receivedMs: number,
  clock: LocalClock,
): RecordHeader | undefined {
  const start = timedStart(rest, receivedMs, clock);
  if (start === undefined) return undefined;
  const { host, length, form, time } = start;
  const after = rest.slice(length);
  const tag = TAG_HEADER.exec(after);
  const hasInner = after.startsWith('<') || after.startsWith('1 2') || INNER_TIME.test(after);
  // `TIME HOST ` is believed only where a tag, or the header of another relay, comes behind it.
  if (tag === null && !hasInner && behind === 0) return undefined;
  if (time === undefined && behind === 0) return undefined;
  const hasTag = tag !== null && !hasInner;
  if (hasTag && tag[2] === undefined && LEVEL.test(host)) return undefined;
  return {
    form,
    message: text.slice(behind + length + (hasTag ? tag[0].length : 0)),
    host,
    ...(hasTag ? tagMembers(tag) : {}),
    ...timeMember(time),
  };
}

interface TimedStart {
  readonly form: 'iso' | 'rfc3164';
  readonly time: EventTime | undefined;
  readonly host: string;
  /** Of `TIME HOST ` and the blank behind it. */
  readonly length: number;
}

/** `TIME HOST `, in any of the forms of syslog and journalctl. */
function timedStart(rest: string, receivedMs: number, clock: LocalClock): TimedStart | undefined {
  if (rest.charCodeAt(0) > 0x39) {
    const found = RFC3164_HEADER.exec(rest);
    if (found === null) return fullStart(rest, clock);
    const [whole, written = '', zone = '', host = ''] = found;
    const time = rfc3164Time(written, receivedMs, UTC_NAMES.has(zone) ? UTC : clock);
    return { form: 'rfc3164', time, host, length: whole.length };
  }
  const found = ISO_HEADER.exec(rest);
  if (found !== null) {
    const [whole, written = '', host = ''] = found;
    return { form: 'iso', time: isoTime(written, clock), host, length: whole.length };
  }
  const unix = UNIX_HEADER.exec(rest);
  if (unix === null) return undefined;
  const [whole, seconds = '', millis = '', host = ''] = unix;
  return {
    form: 'iso',
    time: exactTime(Number(seconds) * 1000 + Number(millis)),
    host,
    length: whole.length,
  };
}

function fullStart(rest: string, clock: LocalClock): TimedStart | undefined {
  // `Sat 2026-…`: the fifth character is a digit, and it has the first blank of an ISO date.
  const code = rest.charCodeAt(4);
  const found = code >= 0x31 && code <= 0x32 ? FULL_HEADER.exec(rest) : null;
  if (found === null) return undefined;
  const [whole, written = '', zone = '', host = ''] = found;
  const isOffset = /^[+-]/.test(zone);
  const time = isoTime(isOffset ? `${written}${zone}` : written, UTC_NAMES.has(zone) ? UTC : clock);
  return { form: 'iso', time, host, length: whole.length };
}

function tagOf(rest: string): Pick<RecordHeader, 'program' | 'pid'> {
  const tag = TAG_HEADER.exec(rest);
  return tag === null ? {} : tagMembers(tag);
}

function tagMembers(tag: RegExpExecArray): Pick<RecordHeader, 'program' | 'pid'> {
  const [, program = '', pid] = tag;
  return { program, ...(pid === undefined ? {} : { pid }) };
}

function isoTime(written: string, clock: LocalClock): EventTime | undefined {
  if (written === '-') return undefined;
  const parsed = parseTimestamp(written.replace(',', '.'));
  if (parsed === undefined) return undefined;
  if (parsed.zone !== 'assumed-utc') return exactTime(parsed.epochMs);
  const { epochMs, certain } = clock.toInstant(parsed.epochMs);
  return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
}

function rfc3164Time(written: string, receivedMs: number, clock: LocalClock): EventTime | undefined {
  const dated = YEAR_INSIDE.exec(written);
  if (dated === null) {
    const epochMs = guessDate(written, receivedMs, clock);
    return epochMs === undefined ? undefined : guessedTime(epochMs, 'year');
  }
  const [, day = '', year = '', time = ''] = dated;
  const wall = wallTimeInYear(`${day} ${time}`, Number(year));
  if (wall === undefined) return undefined;
  const { certain, epochMs } = clock.toInstant(wall);
  return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
}

function timeMember(time: EventTime | undefined): Pick<RecordHeader, 'time'> {
  return time === undefined ? {} : { time };
}
