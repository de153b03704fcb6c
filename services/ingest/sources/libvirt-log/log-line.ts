/**
 * Reads a line of libvirt's daemons: their own log file, or what of it reaches syslog or the journal (the text only;
 * function, line and level go to fields of the journal). libvirt: Logging, "Log format".
 */
import type { EventTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';
import type { RawRecord } from '../../src/source.ts';
import { readStamp } from './stamp.ts';

export type Level = 'debug' | 'info' | 'warning' | 'error';

export interface LogLine {
  readonly kind: 'line';
  /** In a file, lines without a header go on with the one before them; in syslog and journal nothing does. */
  readonly isOfFile: boolean;
  /** Undefined where none was written, or none that can be read. */
  readonly time: EventTime | undefined;
  /** The time as written, or in ms; with thread or pid a part of what names the line. */
  readonly stamp: string;
  /** Thread in a file, process elsewhere. */
  readonly thread: string;
  readonly level: Level | undefined;
  /** The C function that wrote it. */
  readonly func: string | undefined;
  readonly text: string;
  readonly host: string | undefined;
  readonly program: string | undefined;
}

/** `other-program`, or a line without a header, which goes on with the one before it. */
export interface NoLine {
  readonly kind: 'other-program' | 'continuation' | 'unreadable';
}

/** The daemons, monolithic and modular, that write such logs. */
const DAEMON =
  /^(?:lt-)?(?:libvirtd|virt(?:bhyve|ch|interface|lock|log|lxc|network|nodedev|nwfilter|proxy|qemu|secret|storage|vbox|vz|xen)d)$/;
const OWN =
  /^(?:(\d{1,10}): )?(debug|info|warning|error) {0,4}: (?:([A-Za-z_][A-Za-z0-9_.]{0,127}):\d{1,6} : )?/;
const OWN_LENGTH = 200;
/** Severity of syslog: 0 to 3 error, 4 warning, 5 and 6 information, 7 debug. */
const LEVELS: readonly Level[] = ['error', 'error', 'error', 'error', 'warning', 'info', 'info', 'debug'];

export function isDaemon(program: string | undefined): boolean {
  return program !== undefined && DAEMON.test(program);
}

/** Whether a text begins as a line of a log file does. */
export function isOwnForm(text: string, receivedMs: number, clock: LocalClock): boolean {
  const stamp = readStamp(text, receivedMs, clock);
  return stamp !== undefined && OWN.test(text.slice(stamp.end, stamp.end + OWN_LENGTH));
}

export function readLogLine(record: RawRecord, clock: LocalClock): LogLine | NoLine {
  const own = readOwn(record.text, record, clock, record.envelope);
  if (own !== undefined) return own;
  const header = readHeader(record, clock);
  // A shipper tells the host of a file's lines, not their program.
  const hasProgram = header.form !== 'none' && (header.form !== 'envelope' || header.program !== undefined);
  if (!hasProgram) return { kind: 'continuation' };
  if (!isDaemon(header.program)) return { kind: 'other-program' };
  const inner = readOwn(header.message, record, clock, header);
  if (inner?.kind === 'line') return { ...inner, isOfFile: false };
  return relayed(header);
}

/** `TIME: THREAD: LEVEL : FUNCTION:LINE : TEXT`; undefined where the text does not begin with a time. */
function readOwn(
  text: string,
  { receivedMs }: RawRecord,
  clock: LocalClock,
  writer: Partial<Pick<RecordHeader, 'host' | 'program'>> | undefined,
): LogLine | NoLine | undefined {
  const stamp = readStamp(text, receivedMs, clock);
  if (stamp === undefined) return undefined;
  const found = OWN.exec(text.slice(stamp.end, stamp.end + OWN_LENGTH));
  if (found === null) return { kind: 'unreadable' };
  const [whole, thread = '', level, func] = found;
  return {
    kind: 'line',
    isOfFile: true,
    time: stamp.time,
    stamp: stamp.written,
    thread,
    level: level as Level,
    func,
    text: text.slice(stamp.end + whole.length),
    host: writer?.host,
    program: writer?.program,
  };
}

function relayed({ host, program, pid, time, message, journal, priority }: RecordHeader): LogLine {
  const written = journal?.get('PRIORITY');
  const severity = written === undefined ? priority : Number(written);
  return {
    kind: 'line',
    isOfFile: false,
    time,
    stamp: time === undefined ? '' : String(time.epochMs),
    thread: pid ?? '',
    level: severity === undefined ? undefined : LEVELS[severity & 7],
    func: journal?.get('CODE_FUNC'),
    text: message,
    host,
    program,
  };
}
