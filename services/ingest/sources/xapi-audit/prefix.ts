/**
 * What XAPI puts before each line of its logs: `[TIME|LEVEL|HOST|THREAD NAME|TASK|BRAND] `. Newer versions write the
 * time with hyphens and colons, leave the host empty, and in debug lines leave the time to syslog (`[debug||…`).
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';

export interface LogPrefix {
  /** `audit`, `debug`, `info`, `warn`, `error`; padded to five in the file. */
  readonly level: string;
  /** Undefined where the line leaves it to syslog, or where it is no time. Milliseconds since 1970 UTC. */
  readonly epochMs: number | undefined;
  /** As written; with thread and task it tells one record from another. */
  readonly time: string;
  readonly host: string | undefined;
  /** Number and name: `132 INET 10.0.0.5:443`. */
  readonly thread: string;
  /** `VM.start R:ab12…`, often empty. */
  readonly task: string;
  /** Module that wrote it: `audit`, `xapi`, `backtrace` … */
  readonly brand: string;
  readonly message: string;
}

/** Task names are short; a prefix longer than this is none. */
const MAX_PREFIX = 1024;
const AUDIT_END = '|audit] ';
const LEVEL = /^ *[a-z]{3,8}$/;

/** Undefined where the text does not begin with such a prefix. Linear in MAX_PREFIX. */
export function readPrefix(text: string): LogPrefix | undefined {
  if (text.charCodeAt(0) !== 0x5b) return undefined;
  const start = text.slice(0, MAX_PREFIX);
  const audit = start.indexOf(AUDIT_END);
  const end = audit < 0 ? start.indexOf(']') : audit + AUDIT_END.length - 2;
  if (end < 0) return undefined;
  const parts = start.slice(1, end).split('|');
  const brand = parts.pop();
  const first = start.charCodeAt(1);
  const isTimed = first >= 0x30 && first <= 0x39;
  const [time = '', level = '', host = '', thread = '', ...task] = isTimed ? parts : ['', ...parts];
  if (brand === undefined || parts.length < (isTimed ? 4 : 3) || (level !== 'audit' && !LEVEL.test(level)))
    return undefined;
  return {
    level: level.trim(),
    epochMs: isTimed ? epochOf(time) : undefined,
    time,
    host: host === '' ? undefined : host,
    thread: thread.trim(),
    task: task.join('|'),
    brand,
    message: text.slice(text.charCodeAt(end + 1) === 0x20 ? end + 2 : end + 1),
  };
}

/** By definition UTC, written with `Z`. */
function epochOf(written: string): number | undefined {
  const isCompact = written.charCodeAt(8) === 0x54;
  const parsed = parseTimestamp(
    isCompact ? `${written.slice(0, 4)}-${written.slice(4, 6)}-${written.slice(6)}` : written,
  );
  return parsed === undefined || parsed.zone === 'assumed-utc' ? undefined : parsed.epochMs;
}

/** Address of the client, where the thread's name tells it: `HTTPS 192.0.2.7->:::80`. */
export function clientAddress(thread: string): string | undefined {
  const arrow = thread.indexOf('->');
  if (arrow < 0) return undefined;
  const before = thread.slice(Math.max(0, thread.lastIndexOf(' ', arrow - 1) + 1), arrow);
  if (!/^[0-9A-Fa-f:.]{3,51}$/.test(before)) return undefined;
  // A port is told from the end of an IPv6 address by the dots before it.
  return /^[\d.]{7,15}:/.test(before) ? before.slice(0, before.indexOf(':')) : before;
}
