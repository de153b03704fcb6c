/**
 * One line of xenstored's access log, in both forms it has.
 *
 * oxenstored (`tools/ocaml/xenstored/logging.ml`): `[20261120T19:21:39.687Z]  A8.1         rm        /path `, columns by
 * blanks, UTC; through syslog without the bracket. `A<n>` is a socket (a tool), `D<n>` a domain, `.n` its transaction.
 * C xenstored's trace (`tools/xenstored/core.c`): `io: IN 0x55d0 (d0) 20261120 19:21:39 WRITE (/path value )`, local
 * time; before Xen 4.18 without `io: ` and the domain.
 */
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime, guessedTime } from '../../src/normalize/event-time.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';

export interface AccessLine {
  /** `A8`, `D1`, or of the C trace the address of the connection: `0x55d0`. */
  readonly connection: string;
  /** Of the connection; undefined outside one, and always in the C trace. */
  readonly transaction: string | undefined;
  /** As oxenstored spells it: `write`, `w event`, `t end`. */
  readonly operation: string;
  /** Path, and behind a blank the value. */
  readonly argument: string;
  /** A request, or something xenstored told; of the C trace `OUT` also repeats each request's answer. */
  readonly isAnswer: boolean;
  readonly form: 'access' | 'trace';
  /** As written; empty through syslog. */
  readonly written: string;
}

/** Only so much of a line is looked at: paths have at most 3,072 bytes, values 4,096. */
const MAX_LINE = 8192;
const ACCESS = /^([AD]\d{1,9})(?:\.(\d{1,10}))? {1,16}([a-z].*)$/s;
const TRACE =
  /^(?:io: )?(IN|OUT|EVENT|WATCH) (0x[0-9a-f]{1,16})(?: \(d(\d{1,9})\))? (\d{8} \d\d:\d\d:\d\d) ([A-Z_]{2,24}) \((.*)$/s;
const TWO_WORDS = ['w event', 'w notfired', 't start', 't end', 'is introduced', 'reset watches'];
const TRACE_OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['WATCH_EVENT', 'w event'],
  ['TRANSACTION_START', 't start'],
  ['TRANSACTION_END', 't end'],
  ['SET_PERMS', 'setperms'],
  ['GET_DOMAIN_PATH', 'getdomain'],
  ['IS_DOMAIN_INTRODUCED', 'is introduced'],
]);

/** Undefined where the text is neither form. Linear. */
export function readAccessLine(text: string): AccessLine | undefined {
  const line = text.length > MAX_LINE ? text.slice(0, MAX_LINE) : text;
  const first = line.charCodeAt(0);
  if (first === 0x5b) {
    const end = line.indexOf(']');
    return end < 10 || end > 40 ? undefined : readAccess(line.slice(end + 1).trimStart(), line.slice(1, end));
  }
  if (first === 0x41 || first === 0x44) return readAccess(line, '');
  return readTrace(line);
}

function readAccess(rest: string, written: string): AccessLine | undefined {
  const found = ACCESS.exec(rest);
  if (found === null) return undefined;
  const [, connection = '', transaction, behind = ''] = found;
  const blank = behind.indexOf(' ');
  const operation =
    TWO_WORDS.find((words) => behind.startsWith(words)) ?? (blank < 0 ? behind : behind.slice(0, blank));
  return {
    connection,
    transaction: transaction === undefined || transaction === '0' ? undefined : transaction,
    operation,
    argument: behind.slice(operation.length).trim(),
    isAnswer: false,
    form: 'access',
    written,
  };
}

function readTrace(line: string): AccessLine | undefined {
  const found = TRACE.exec(line);
  if (found === null) return undefined;
  const [, way, connection = '', domain, written = '', name = '', data = ''] = found;
  return {
    connection: domain === undefined || domain === '0' ? connection : `D${domain}`,
    transaction: undefined,
    operation: TRACE_OPERATIONS.get(name) ?? name.toLowerCase(),
    argument: (data.endsWith(')') ? data.slice(0, -1) : data).trim(),
    isAnswer: way !== 'IN' && name !== 'WATCH_EVENT',
    form: 'trace',
    written,
  };
}

const ACCESS_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?Z?$/;
const TRACE_TIME = /^(\d{4})(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)$/;

/** When a line was written; undefined where it has no time, or none that can be. */
export function timeOf({ form, written }: AccessLine, clock: LocalClock): EventTime | undefined {
  const found = (form === 'access' ? ACCESS_TIME : TRACE_TIME).exec(written);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
    return undefined;
  const epochMs = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  if (new Date(epochMs).getUTCMonth() !== month - 1) return undefined;
  if (form === 'access') return exactTime(epochMs);
  const instant = clock.toInstant(epochMs);
  return instant.certain ? exactTime(instant.epochMs) : guessedTime(instant.epochMs, 'zone');
}
