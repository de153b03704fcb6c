/** Reads a line that carries a Linux audit record: which form it has, its type, time, serial and fields. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime, guessedTime } from '../../src/normalize/event-time.ts';
import { guessDate } from '../../src/normalize/guess-date.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';
import type { RawRecord } from '../../src/source.ts';
import { readFields } from './payload.ts';
import type { Fields } from './payload.ts';

export interface AuditLine {
  readonly kind: 'record';
  /** `VIRT_CONTROL` …, also where the kernel wrote its number. */
  readonly type: string;
  readonly time: EventTime;
  /** As written, `1795201399.184`; with the serial it names the record on its host. */
  readonly stamp: string;
  /** Undefined in the short form of the journal. */
  readonly serial: string | undefined;
  /** From `node=` or the header. */
  readonly node: string | undefined;
  /** The daemon's program, where the payload has no `exe`: its own log (source libvirt-log). */
  readonly program?: string;
  /** Fields the kernel wrote: pid, uid, auid, ses, subj. */
  readonly kernel: Fields;
  /** Fields of `msg='…'`. */
  readonly payload: Fields;
  /** Names auditd added behind the byte 0x1D: UID, AUID. */
  readonly names: Fields;
  /** The text of `msg='…'`, which is the same in every form of the record. */
  readonly payloadText: string;
}

export interface OtherLine {
  readonly kind: 'other';
  readonly rule: string;
}

export interface UnreadableLine {
  readonly kind: 'unreadable';
  readonly code: string;
  readonly detail: string;
}

/** Numbers of include/uapi/linux/audit.h and libaudit, as written where auditd does not translate them. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['2500', 'VIRT_CONTROL'],
  ['2501', 'VIRT_RESOURCE'],
  ['2502', 'VIRT_MACHINE_ID'],
  ['2503', 'VIRT_INTEGRITY_CHECK'],
  ['2504', 'VIRT_CREATE'],
  ['2505', 'VIRT_DESTROY'],
  ['2506', 'VIRT_MIGRATE_IN'],
  ['2507', 'VIRT_MIGRATE_OUT'],
]);

/** auditd puts the byte 0x1D between what was logged and the names it looked up (never a line end); rsyslog escapes it. */
const ENRICHMENTS = ["'\u001D", "'#035"];
const NO_FIELDS: Fields = new Map();

const STAMPED = /type=(?:UNKNOWN\[)?([A-Z0-9_]{1,40})\]? (?:msg=)?audit\(([^)]{1,60})\) ?:/;
/** The journal writes the type before the fields; a number where its version does not know the name. */
const NAMED = /^(?:UNKNOWN\[|<audit-|AUDIT)?([A-Z_]{1,40}|\d{4})[\]>]? (?=\S{1,40}=)/;
const TIME_OF_DAY = /^(\S.{0,60}?)? ?(\S{1,255}) audit\[\d{1,10}\]: /;

const INTERPRETED = unreadable(
  'LIBVIRT_INTERPRETED',
  'The record is in the interpreted form of ausearch -i: local time, names without quotes, so it cannot be read back for certain. Send the raw record: /var/log/audit/audit.log, or ausearch --raw.',
);
const NOT_AUDIT = unreadable(
  'LIBVIRT_NOT_AN_AUDIT_RECORD',
  'There is no "type=… msg=audit(seconds.mmm:serial):" and no "audit[pid]: TYPE". Send lines of /var/log/audit/audit.log, or of journalctl _TRANSPORT=audit.',
);
const TRUNCATED = unreadable(
  'LIBVIRT_TRUNCATED',
  "The record breaks off: the quote of msg='…' or of a value in it is not closed. Look for it in the host's own audit.log.",
);
const NO_STAMP = unreadable(
  'LIBVIRT_TIME_UNREADABLE',
  'There is no "seconds.mmm:serial" in audit(…). Send the record as the kernel or auditd wrote it.',
);
const AUVIRT = unreadable(
  'LIBVIRT_AUVIRT_TABLE',
  'The line is from the table auvirt prints, which has no ids and no exact time. Send the raw records: /var/log/audit/audit.log.',
);

/** Reads one line. `clock` tells what times without a zone mean. Linear in its length. */
export function readAuditLine(record: RawRecord, clock: LocalClock): AuditLine | OtherLine | UnreadableLine {
  const header = readHeader(record, clock);
  const { message } = header;
  const line = message.endsWith('\r') ? message.slice(0, -1) : message;
  if (line.trim() === '') return { kind: 'other', rule: 'blank-line' };
  if (isSeparator(line)) return { kind: 'other', rule: 'ausearch-heading' };
  if (isAuvirtRow(line)) return AUVIRT;
  return readStamped(line, header) ?? readNamed(line, header, record, clock) ?? notAudit(line, header);
}

/** A stream of syslog or the journal has lines of many programs; what has to do with machines and cannot be read is kept. */
function notAudit(line: string, { form, program }: RecordHeader): OtherLine | UnreadableLine {
  const isOther = program !== undefined && form !== 'envelope' && !line.slice(0, 1024).includes('VIRT_');
  return isOther ? { kind: 'other', rule: 'other-program' } : NOT_AUDIT;
}

/** What ausearch prints between records. */
export function isSeparator(line: string): boolean {
  return line === '----' || line.startsWith('time->');
}

/** A row of the table auvirt prints: columns are filled with blanks and parted by tabs. */
export function isAuvirtRow(line: string): boolean {
  return /^(?:start|stop|resrc|avc|anom|down|res) {1,12}[^\t]{1,256}\t/.test(line.slice(0, 300));
}

/** `[node=NAME ]type=TYPE [msg=]audit(SECONDS.mmm:SERIAL): …`, as written by auditd, audisp and the kernel. */
function readStamped(line: string, header: RecordHeader): AuditLine | OtherLine | UnreadableLine | undefined {
  const head = STAMPED.exec(line);
  if (head === null) return undefined;
  const type = typeOf(head[1]);
  if (!type.startsWith('VIRT_')) return { kind: 'other', rule: 'not-virt' };
  const stamp = /^(\d{1,11})\.(\d{3}):(\d{1,20})$/.exec(head[2] ?? '');
  if (stamp === null) return /[/ -]/.test(head[2] ?? '') ? INTERPRETED : NO_STAMP;
  const [, seconds = '', millis = '', serial] = stamp;
  const before = line.slice(Math.max(0, head.index - 300), head.index);
  return withPayload(line.slice(head.index + head[0].length), {
    type,
    time: exactTime(Number(seconds) * 1000 + Number(millis)),
    stamp: `${seconds}.${millis}`,
    serial,
    node: /(?:^| )node=(\S+) $/.exec(before)?.[1] ?? header.host,
  });
}

/** `TYPE pid=… msg='…'` of the program `audit`: the journal's forms. Only its JSON form has the serial. */
function readNamed(
  line: string,
  header: RecordHeader,
  record: RawRecord,
  clock: LocalClock,
): AuditLine | OtherLine | UnreadableLine | undefined {
  if (header.program !== 'audit' && header.journal?.get('_TRANSPORT') !== 'audit')
    return readTimeOfDay(line, record, clock);
  const head = NAMED.exec(line);
  const type = typeOf(header.journal?.get('_AUDIT_TYPE_NAME') ?? head?.[1]);
  if (!type.startsWith('VIRT_')) return { kind: 'other', rule: 'not-virt' };
  if (header.time === undefined) return noTime('');
  return withPayload(line, {
    type,
    time: header.time,
    stamp: writtenTime(header, record),
    serial: header.journal?.get('_AUDIT_ID'),
    node: header.host,
  });
}

/** `HH:MM:SS HOST audit[PID]: TYPE …`, which is no header of syslog: pasted from a terminal. */
function readTimeOfDay(
  line: string,
  { receivedMs }: RawRecord,
  clock: LocalClock,
): AuditLine | OtherLine | UnreadableLine | undefined {
  const head = TIME_OF_DAY.exec(line.slice(0, 400));
  if (head === null) return undefined;
  const [whole, written = '', node] = head;
  const type = typeOf(NAMED.exec(line.slice(whole.length))?.[1]);
  if (!type.startsWith('VIRT_')) return { kind: 'other', rule: 'not-virt' };
  const exact = parseTimestamp(written);
  const timeMs = exact?.epochMs ?? guessDate(written, receivedMs, clock);
  if (timeMs === undefined) return noTime(written);
  const time = exact?.zone === 'offset' ? exactTime(timeMs) : guessedTime(timeMs, 'time');
  return withPayload(line.slice(whole.length), { type, time, stamp: written, serial: undefined, node });
}

/** As the line has it; where it stood beside the line, as auditd writes it, so that all forms of a record are one. */
function writtenTime({ form, host, time }: RecordHeader, { text }: RawRecord): string {
  const behind = form === 'iso' || form === 'rfc3164' ? text.lastIndexOf(` ${host ?? ''} audit`, 1024) : -1;
  if (behind < 0) return ((time?.epochMs ?? 0) / 1000).toFixed(3);
  return text.slice(text.startsWith('<') ? text.indexOf('>') + 1 : 0, behind);
}

function typeOf(written: string | undefined): string {
  return TYPES.get(written ?? '') ?? written ?? '';
}

function withPayload(
  text: string,
  head: Omit<AuditLine, 'kind' | 'kernel' | 'payload' | 'payloadText' | 'names'>,
): AuditLine | UnreadableLine {
  const { core: rest, names } = splitEnrichment(text);
  const open = rest.indexOf("msg='");
  if (open < 0) return TRUNCATED;
  const close = rest.lastIndexOf("'");
  if (close < open + 5) return TRUNCATED;
  const payloadText = rest.slice(open + 5, close);
  const kernel = readFields(rest.slice(0, open));
  const payload = readFields(payloadText);
  if (kernel === undefined || payload === undefined) return TRUNCATED;
  return { kind: 'record', ...head, names, kernel, payload, payloadText };
}

/** What was logged, up to and with its closing quote, and the fields auditd added behind it. */
function splitEnrichment(line: string): { readonly core: string; readonly names: Fields } {
  for (const mark of ENRICHMENTS) {
    const at = line.lastIndexOf(mark);
    const names = at < 0 ? undefined : readFields(line.slice(at + mark.length));
    if (names !== undefined) return { core: line.slice(0, at + 1), names };
  }
  return { core: line, names: NO_FIELDS };
}

function noTime(written: string): UnreadableLine {
  return unreadable(
    'LIBVIRT_TIME_UNREADABLE',
    `"${written}" before "audit[pid]:" is no time that can be read. Use journalctl -o short-iso, -o short or -o json.`,
  );
}

function unreadable(code: string, detail: string): UnreadableLine {
  return { kind: 'unreadable', code, detail };
}
