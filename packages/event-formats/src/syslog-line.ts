/**
 * Events as syslog messages (RFC 5424), without the framing of a transport. The event is the message, as JSON or in the
 * Common Event Format; the structured data tells which event it is, so that one that is sent again is recognised.
 *
 * No byte order mark: RFC 5424 6.4 asks for one before UTF-8 text, but RFC 8259 8.1 forbids it before JSON, and readers of
 * CEF look for `CEF:` at the beginning. The message is then of the kind MSG-ANY, which says nothing of its encoding.
 */
import { isMembers, resolveRole, timestampMs } from '@cadf-pipeline/cadf-model';
import type { Members } from '@cadf-pipeline/cadf-model';
import { cefLine } from './cef-line.ts';
import type { EventToWrite } from './event-format.ts';
import { hostOf } from './host-of.ts';
import { coreOfEvent } from './core-of-event.ts';

export interface SyslogLineOptions {
  /** What the message is. */
  readonly format: 'cef' | 'json';
  /** Most bytes of the message behind the header, 1,024 or more. Default 65,536. */
  readonly maxMessageBytes?: number;
  /** More parameters of the structured data; names are 1 to 32 letters. */
  readonly parameters?: Readonly<Record<string, string>>;
}

const DEFAULT_MAX_MESSAGE_BYTES = 65_536;
/** Facility 13: log audit (RFC 5424, table 1). */
const FACILITY = 13;
/** Table 2: warning, notice, informational. */
const SEVERITY: ReadonlyMap<string, number> = new Map([
  ['failure', 4],
  ['unknown', 5],
  ['success', 6],
  ['pending', 6],
]);
const NOTICE = 5;
/**
 * Identifies the structured data. 32473 is the enterprise number for examples (RFC 5612): the project has none of its own.
 */
const SD_ID = 'cadf@32473';
const APP_NAME = 'cadf';
const NIL = '-';
const MAX_HOSTNAME = 255;
const MAX_MESSAGE_ID = 32;
const MAX_PARAMETER = 1024;
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * One message. An event whose JSON is larger than the bound is sent as its core (ids, times, action, outcome, who, what,
 * where), with its whole size in the parameter `cut`; one in CEF is smaller than 64 KiB by its own bounds, and cut where
 * the bound is less.
 */
export function syslogLine(given: EventToWrite, options: SyslogLineOptions): Buffer {
  const event: Members = isMembers(given.event) ? given.event : {};
  const max = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const message = options.format === 'cef' ? cefMessage(given, max) : jsonMessage(given, event, max);
  const parameters = {
    ...options.parameters,
    ...(message.cut === undefined ? {} : { cut: String(message.cut) }),
  };
  return Buffer.concat([Buffer.from(syslogHeader(given, parameters)), message.bytes]);
}

/** All that stands before the message, the blank between them included. */
export function syslogHeader(
  given: Omit<EventToWrite, 'text'>,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const event: Members = isMembers(given.event) ? given.event : {};
  const outcome = event['outcome'];
  const severity =
    SEVERITY.get(typeof outcome === 'string' ? (outcome.split('/', 1)[0] ?? '') : '') ?? NOTICE;
  const known = {
    id: typeof event['id'] === 'string' ? event['id'] : '',
    source: given.source,
    position: `${given.partition}.${given.offset}`,
  };
  return [
    `<${FACILITY * 8 + severity}>1`,
    timeOf(event, given.receivedMs),
    hostnameOf(event),
    APP_NAME,
    NIL,
    printable(event['action'], MAX_MESSAGE_ID),
    structuredData({ ...known, ...parameters }),
    '',
  ].join(' ');
}

interface Message {
  readonly bytes: Buffer;
  /** Bytes of the whole event, where this is less. */
  readonly cut?: number;
}

function jsonMessage({ text }: EventToWrite, event: Members, max: number): Message {
  if (text.length <= max) return { bytes: onOneLine(text) };
  return { bytes: coreOfEvent(event, max), cut: text.length };
}

function cefMessage(given: EventToWrite, max: number): Message {
  const bytes = Buffer.from(cefLine(given));
  if (bytes.length <= max) return { bytes };
  // Not in the midst of a character.
  let end = max;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { bytes: bytes.subarray(0, end), cut: given.text.length };
}

const BLANK = 0x20;

/** Control characters stand between the tokens of JSON only, where a blank means the same; relays replace them otherwise. */
function onOneLine(text: Buffer): Buffer {
  for (const byte of text) if (byte < BLANK) return Buffer.from(text.map((one) => Math.max(one, BLANK)));
  return text;
}

/** The time of the event; what RFC 5424 cannot write is the time of receipt. */
function timeOf(event: Members, receivedMs: number): string {
  const eventTime = event['eventTime'];
  const ms = typeof eventTime === 'string' ? timestampMs(eventTime) : Number.NaN;
  return new Date(ms >= 0 && ms <= LAST_MS ? ms : receivedMs).toISOString();
}

/** Of the observer: whose log it is. */
function hostnameOf(event: Members): string {
  const { resource } = resolveRole(event, 'observer');
  const observer: Members = isMembers(resource) ? resource : {};
  const { ipv4, ipv6, name } = hostOf(observer);
  return printable(name ?? ipv4 ?? ipv6 ?? observer['name'] ?? observer['id'], MAX_HOSTNAME);
}

/** PRINTUSASCII: other characters are a hyphen each. */
function printable(value: unknown, maxCharacters: number): string {
  if (typeof value !== 'string' || value === '') return NIL;
  return value.slice(0, maxCharacters).replaceAll(/[^\u0021-\u007e]/g, '-');
}

function structuredData(parameters: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(parameters).map(([name, value]) => ` ${name}="${escapeParameter(value)}"`);
  return `[${SD_ID}${pairs.join('')}]`;
}

/** RFC 5424 6.3.3: `"`, `\` and `]` are escaped. */
function escapeParameter(value: string): string {
  return value
    .slice(0, MAX_PARAMETER)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/["\\\]]/g, String.raw`\$&`);
}
