/**
 * One line of a Ganeti log (lib/utils/log.py and src/Ganeti/Logging.hs of Ganeti 2.0 to 3.2):
 *
 *     YYYY-MM-DD HH:MM:SS,mmm: PROGRAM pid=P[/THREAD] [MODULE:LINE ]LEVEL TEXT              Python, local time
 *     YYYY-MM-DD HH:MM:SS,pppppppppppp UTC: PROGRAM pid=P/ThreadId T LEVEL TEXT             Haskell
 *     PROGRAM[P]: [(THREAD) ]LEVEL TEXT                                                     behind a syslog header
 *
 * PROGRAM is `job-N` in jobs.log, a daemon's name in its own, and a command with its verb (`gnt-instance add`) in
 * commands.log.
 */
import type { RawRecord } from '../../src/source.ts';
import { exactTime, guessedTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { guessDate } from '../../src/normalize/guess-date.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';

export interface LogLine {
  readonly program: string;
  readonly pid: string;
  readonly thread: string;
  readonly level: string;
  readonly text: string;
  /** Undefined: the line has a time, but none that can be read. */
  readonly time: EventTime | undefined;
  /** Of a syslog header; undefined in Ganeti's own files. */
  readonly host: string | undefined;
}

const LEVELS = '(DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY)';
/** What comes before the text is looked for here; the text may be long. */
const START_LENGTH = 512;

const FILE_LINE = new RegExp(
  '^(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d),(\\d{3,12})( UTC| [A-Z]{2,5}| [+-]\\d{4})?: ' +
    `([A-Za-z][\\w.-]{0,63}(?: [\\w.<> -]{1,64}?)?) pid=(\\d{1,10})(?:/([^/].{0,128}?))?(?: [A-Za-z_]\\w{0,63}:\\d{1,6})? ${LEVELS} `,
);
const SYSLOG_TEXT = new RegExp(`^(?:\\(([^()]{1,64}(?:\\([^()]{0,64}\\))?)\\) )?${LEVELS} `);
const SYSLOG_PROGRAM = /^(?:job-\d{1,12}|ganeti-[a-z-]{1,40}|gnt-[a-z]{1,20})$/;
/** A command's tag has a blank, which syslog readers do not take for a tag. */
const COMMAND_TAG = /^(gnt-[a-z]{1,20} [a-z0-9-]{1,40})\[(\d{1,10})\]: /;
const HEADED_COMMAND =
  /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.:+Z-]{0,20}) ([\w.:-]{1,255}) (?=gnt-)/;

/** Undefined where the record is not such a line. */
export function readLogLine(header: RecordHeader, record: RawRecord, clock: LocalClock): LogLine | undefined {
  const { message } = header;
  const first = message.charCodeAt(0);
  const start = message.length > START_LENGTH ? message.slice(0, START_LENGTH) : message;
  if (first >= 0x30 && first <= 0x39 && message.charCodeAt(19) === 0x2c) {
    const found = FILE_LINE.exec(start);
    if (found === null) return undefined;
    const [whole, written = '', fraction = '', zone, program = '', pid = '', thread = '', level = ''] = found;
    const text = message.slice(whole.length);
    const time = fileTime(written, fraction, zone, clock);
    return { program, pid, thread, level, text, time, host: header.host };
  }
  if (header.program !== undefined && SYSLOG_PROGRAM.test(header.program))
    return syslogLine(header, header.program, header.pid ?? '', 0);
  return commandLine(header, start, record, clock);
}

/** Whether a message begins as a line of one of Ganeti's files does, whoever wrote it. */
export function beginsAsFileLine(message: string): boolean {
  return message.charCodeAt(19) === 0x2c && FILE_LINE.test(message.slice(0, START_LENGTH));
}

export function isGanetiProgram(program: string): boolean {
  return SYSLOG_PROGRAM.test(program);
}

export function beginsAsCommand(message: string): boolean {
  return COMMAND_TAG.test(message.slice(0, START_LENGTH));
}

function syslogLine(
  { message, time, host }: Pick<RecordHeader, 'message' | 'time' | 'host'>,
  program: string,
  pid: string,
  from: number,
): LogLine {
  const found = SYSLOG_TEXT.exec(message.slice(from, from + START_LENGTH));
  const [whole = '', thread = '', level = ''] = found ?? [];
  return { program, pid, thread, level, text: message.slice(from + whole.length), time, host };
}

function commandLine(
  header: RecordHeader,
  start: string,
  record: RawRecord,
  clock: LocalClock,
): LogLine | undefined {
  const headed = header.form === 'none' ? HEADED_COMMAND.exec(start) : null;
  const at = headed?.[0].length ?? 0;
  const tag = COMMAND_TAG.exec(start.slice(at));
  if (tag === null) return undefined;
  const [whole, program = '', pid = ''] = tag;
  const from = at + whole.length;
  if (headed === null) return syslogLine(header, program, pid, from);
  const [, written = '', host = ''] = headed;
  const time = syslogTime(written, record.receivedMs, clock);
  return syslogLine({ message: header.message, host, ...(time && { time }) }, program, pid, from);
}

function syslogTime(written: string, receivedMs: number, clock: LocalClock): EventTime | undefined {
  if (written.charCodeAt(0) <= 0x39) {
    const epochMs = Date.parse(written);
    return Number.isNaN(epochMs) ? undefined : exactTime(epochMs);
  }
  const epochMs = guessDate(written, receivedMs, clock);
  return epochMs === undefined ? undefined : guessedTime(epochMs, 'year');
}

/** Python writes local time without a zone, Haskell UTC. Digits below the millisecond are cut off. */
function fileTime(
  written: string,
  fraction: string,
  zone: string | undefined,
  clock: LocalClock,
): EventTime | undefined {
  const wallMs = Date.parse(`${written.replace(' ', 'T')}.${fraction.slice(0, 3)}Z`);
  if (Number.isNaN(wallMs)) return undefined;
  if (zone === ' UTC' || zone === ' GMT') return exactTime(wallMs);
  if (zone !== undefined && /\d$/.test(zone)) {
    const minutes = Number(zone.slice(2, 4)) * 60 + Number(zone.slice(4));
    return exactTime(wallMs - (zone.charAt(1) === '-' ? -minutes : minutes) * 60_000);
  }
  const { epochMs, certain } = clock.toInstant(wallMs);
  return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
}
