/** Reads a line that carries a Linux audit record: which form it has, its type, time, serial and fields. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { RawRecord } from '../../src/source.ts';
import { guessDate } from '../../src/normalize/guess-date.ts';
import { readFields } from './payload.ts';
import type { Fields } from './payload.ts';

export interface AuditLine {
  readonly kind: 'record';
  /** `VIRT_CONTROL` …, also where the kernel wrote its number. */
  readonly type: string;
  readonly timeMs: number;
  /** The form has no date or zone of its own; they were guessed from the time of arrival. */
  readonly timeGuessed: boolean;
  /** As written, `1795201399.184`; with the serial it names the record on its host. */
  readonly stamp: string;
  /** Undefined in the short form of the journal. */
  readonly serial: string | undefined;
  /** From `node=` or the syslog header. */
  readonly node: string | undefined;
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

/** Reads one line. Linear in its length. */
export function readAuditLine(record: RawRecord): AuditLine | OtherLine | UnreadableLine {
  const line = record.text.endsWith('\r') ? record.text.slice(0, -1) : record.text;
  if (line.trim() === '') return { kind: 'other', rule: 'blank-line' };
  if (/^-{4,}$/.test(line) || line.startsWith('time->')) return { kind: 'other', rule: 'ausearch-heading' };
  if (/^(?:start|stop|resrc|avc|anom|down|res)\s+\S.*\t/.test(line)) return AUVIRT;
  const { core, names } = splitEnrichment(line);
  return readStamped(core, names) ?? readJournal(core, names, record.receivedMs) ?? NOT_AUDIT;
}

/** What was logged, up to and with its closing quote, and the fields auditd added behind it. */
function splitEnrichment(line: string): { readonly core: string; readonly names: Fields } {
  for (const mark of ENRICHMENTS) {
    const at = line.lastIndexOf(mark);
    const names = at < 0 ? undefined : readFields(line.slice(at + mark.length));
    if (names !== undefined) return { core: line.slice(0, at + 1), names };
  }
  return { core: line, names: new Map() };
}

/** `[header ][node=NAME ]type=TYPE [msg=]audit(SECONDS.mmm:SERIAL): …`, as written by auditd, audisp and the kernel. */
function readStamped(core: string, names: Fields): AuditLine | OtherLine | UnreadableLine | undefined {
  const head = /type=(?:UNKNOWN\[)?([A-Z0-9_]{1,40})\]? (?:msg=)?audit\(([^)]{1,60})\) ?:/.exec(core);
  if (head === null) return undefined;
  const type = TYPES.get(head[1] ?? '') ?? head[1] ?? '';
  if (!type.startsWith('VIRT_')) return { kind: 'other', rule: 'not-virt' };
  const stamp = /^(\d{1,11})\.(\d{3}):(\d{1,20})$/.exec(head[2] ?? '');
  if (stamp === null) return /[/ -]/.test(head[2] ?? '') ? INTERPRETED : NO_STAMP;
  const [, seconds = '', millis = '', serial] = stamp;
  const before = core.slice(0, head.index);
  return withPayload(core.slice(head.index + head[0].length), {
    type,
    timeMs: Number(seconds) * 1000 + Number(millis),
    timeGuessed: false,
    stamp: `${seconds}.${millis}`,
    serial,
    node: /(?:^| )node=(\S+) $/.exec(before.slice(-300))?.[1] ?? syslogHost(before),
    names,
  });
}

/** `[TIME ]HOST audit[PID]: TYPE pid=… msg='…'`: journalctl's short forms, without serial. */
function readJournal(
  core: string,
  names: Fields,
  receivedMs: number,
): AuditLine | OtherLine | UnreadableLine | undefined {
  const head = /^(\S.{0,60}?)? ?(\S{1,255}) audit\[\d{1,10}\]: ([A-Z0-9_]{1,40}) /.exec(core);
  if (head === null) return undefined;
  const type = TYPES.get(head[3] ?? '') ?? head[3] ?? '';
  if (!type.startsWith('VIRT_')) return { kind: 'other', rule: 'not-virt' };
  const written = head[1] ?? '';
  const exact = parseTimestamp(written);
  const timeMs = exact?.epochMs ?? guessDate(written, receivedMs);
  if (timeMs === undefined) {
    return unreadable(
      'LIBVIRT_TIME_UNREADABLE',
      `"${written}" before "audit[pid]:" is no time that can be read. Use journalctl -o short-iso or -o short.`,
    );
  }
  return withPayload(core.slice(head[0].length), {
    type,
    timeMs,
    timeGuessed: exact === undefined || exact.zone !== 'offset',
    stamp: written,
    serial: undefined,
    node: head[2],
    names,
  });
}

function withPayload(
  rest: string,
  head: Omit<AuditLine, 'kind' | 'kernel' | 'payload' | 'payloadText'>,
): AuditLine | UnreadableLine {
  const open = rest.indexOf("msg='");
  if (open < 0) return TRUNCATED;
  const close = rest.lastIndexOf("'");
  if (close < open + 5) return TRUNCATED;
  const payloadText = rest.slice(open + 5, close);
  const kernel = readFields(rest.slice(0, open));
  const payload = readFields(payloadText);
  if (kernel === undefined || payload === undefined) return TRUNCATED;
  return { kind: 'record', ...head, kernel, payload, payloadText };
}

/** The host in a syslog header: `Nov 20 19:03:04 HOST tag: `. Undefined when there is none. */
function syslogHost(before: string): string | undefined {
  return /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,24}) (\S{1,255}) /.exec(
    before,
  )?.[1];
}

function unreadable(code: string, detail: string): UnreadableLine {
  return { kind: 'unreadable', code, detail };
}
