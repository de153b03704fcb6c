/**
 * Lines as an ESXi host writes them, in all forms since ESX 3: files (`TS info hostd[…] [Originator@6876 …] TEXT`, since
 * 8.0 `TS In(166) Hostd[…]: …`), the same behind syslog headers of any kind, `[date 'sub' thread level] TEXT` of old,
 * vmware.log of a machine. Linear in the length of the line; nothing but the text is looked at behind HEAD_LENGTH.
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { exactTime, guessedTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import type { LocalClock } from '../../src/normalize/local-clock.ts';
import type { RawRecord } from '../../src/source.ts';

export interface EsxiLine {
  readonly host: string | undefined;
  /** Small letters: `hostd`, `vobd`, `shell`; `vmware.log` for a line of one. Undefined: the line names none. */
  readonly program: string | undefined;
  readonly pid: string | undefined;
  readonly time: EventTime | undefined;
  /** Component of hostd: `Vimsvc.ha-eventmgr`. */
  readonly sub: string | undefined;
  readonly opId: string | undefined;
  readonly user: string | undefined;
  readonly text: string;
  /** More of the record before it. */
  readonly isContinuation: boolean;
}

const HEAD_LENGTH = 2048;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)):? {1,3}/;
/** `+` marks the lines of a message behind its first, so that no line can be slipped in. */
const LEVEL =
  /^(?:(?:info|verbose|warning|error|trivia|panic|critical|notice|debug)|([A-Z][a-z])\(\d{1,3}\)(\+)?) /;
const PROGRAM = /^([A-Za-z][A-Za-z0-9_.-]{0,60})(?:\[([^\]\s]{1,60})\](:?)|:) ?/;
/** vmware.log since 8.0 behind its level: thread, operation. */
const MACHINE_LOG = /^([A-Za-z][A-Za-z0-9_.#-]{0,40}) (\S{1,64}) (?=\S)/;
/** vmware.log before 8.0: `TS| vmx| I125: TEXT`. */
const OLD_MACHINE_LOG =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d))\| ([^|]{1,64})\| [A-Z]\d{3}[+:] /;
const ESX3 = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) '([^'\]]{1,512})' \d{1,20} [a-z]{1,12}\] ?/;
const ESX4 =
  /^\[(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) )?[0-9A-F]{8} [a-z]{1,12} '([^'\]]{1,512})'([^\]]{0,300})\] ?/;
const ORIGINATOR = '[Originator@6876';
const KEYS = /(?:^| )(sub|opID|sid|user|update|item|req)=/g;
const CPU = /^cpu\d{1,4}:/;

export function readEsxiLine(record: RawRecord, clock: LocalClock): EsxiLine {
  const header = readHeader(record, clock);
  const body =
    header.structuredData === undefined ? header.message : `${header.structuredData} ${header.message}`;
  const own = ownProgram(header);
  const first = body.charCodeAt(0);
  if (first === 0x2d && (body.startsWith('-->') || body.startsWith('->')))
    return { ...nothing(header), program: own, text: body, isContinuation: true };
  const head = body.length > HEAD_LENGTH ? body.slice(0, HEAD_LENGTH) : body;
  if (first === 0x5b) return bracketed(header, own, body, head, clock);
  const old = first >= 0x30 && first <= 0x39 ? OLD_MACHINE_LOG.exec(head) : null;
  if (old !== null) {
    const time = timeOf(old[1]) ?? header.time;
    return { ...nothing(header), program: 'vmware.log', pid: old[2], time, text: body.slice(old[0].length) };
  }
  return plain(header, own, body, head, clock);
}

/** What a header says is a program; a time it took for one is none. */
function ownProgram({ program }: RecordHeader): string | undefined {
  return program === undefined || /^\d/.test(program) ? undefined : program.toLowerCase();
}

/** Who wrote a line, and when. */
interface Origin {
  readonly host?: string | undefined;
  readonly pid?: string | undefined;
  readonly time?: EventTime | undefined;
}

function nothing({ host, pid, time }: Origin): EsxiLine {
  return {
    host,
    program: undefined,
    pid,
    time,
    sub: undefined,
    opId: undefined,
    user: undefined,
    text: '',
    isContinuation: false,
  };
}

/** `[TIME] [LEVEL] [PROGRAM[PID]] [ORIGINATOR] TEXT`, each part where it is there. */
function plain(
  header: RecordHeader,
  own: string | undefined,
  body: string,
  head: string,
  clock: LocalClock,
): EsxiLine {
  const timed = TIME.exec(head);
  let at = timed?.[0].length ?? 0;
  let left = head.slice(at);
  const time = (timed === null ? undefined : timeOf(timed[1])) ?? header.time;
  const level = LEVEL.exec(left);
  if (level !== null) {
    at += level[0].length;
    left = left.slice(level[0].length);
  }
  const named =
    (own !== undefined && level === null && timed === null) || CPU.test(left) ? null : PROGRAM.exec(left);
  const isProgram = named !== null && (named[2] !== undefined || own === undefined);
  if (isProgram) {
    at += named[0].length;
    left = left.slice(named[0].length);
  }
  const program = isProgram ? (named[1] ?? '').toLowerCase() : own;
  const pid = isProgram ? (named[2] ?? header.pid) : header.pid;
  if (level?.[2] !== undefined || left.startsWith('-->')) {
    const isMachines = level?.[1] !== undefined && program === undefined;
    return {
      ...nothing({ host: header.host, pid, time }),
      program: isMachines ? 'vmware.log' : program,
      text: body.slice(at),
      isContinuation: true,
    };
  }
  const next = left.charCodeAt(0);
  if (next === 0x5b || (next === 0x20 && left.charCodeAt(1) === 0x5b)) {
    const blank = next === 0x5b ? 0 : 1;
    return bracketed(
      { host: header.host, pid, time },
      program ?? (timed === null ? undefined : programOf(left)),
      body.slice(at + blank),
      left.slice(blank),
      clock,
    );
  }
  const base = nothing({ host: header.host, pid, time });
  if (isProgram) return { ...base, program, text: body.slice(at) };
  const machine = level?.[1] !== undefined && own === undefined ? MACHINE_LOG.exec(left) : null;
  if (machine !== null) {
    const [whole, thread, opId] = machine;
    return {
      ...base,
      program: 'vmware.log',
      pid: thread,
      opId: opId === '-' ? undefined : opId,
      text: body.slice(at + whole.length),
    };
  }
  return {
    ...base,
    program: own ?? (timed !== null && CPU.test(left) ? 'vmkernel' : undefined),
    text: body.slice(at),
  };
}

/** vobd.log of old has no program: `TS: [GenericCorrelator] …`. */
function programOf(left: string): string | undefined {
  return /^ ?\[[A-Za-z]{1,60}Correlator\]/.test(left) ? 'vobd' : undefined;
}

function bracketed(
  origin: Origin,
  program: string | undefined,
  body: string,
  head: string,
  clock: LocalClock,
): EsxiLine {
  if (head.startsWith(ORIGINATOR)) {
    // Values hold blanks and slashes; `] ` ends them, or the line does.
    const close = body.indexOf('] ', ORIGINATOR.length);
    const end = close < 0 ? (body.endsWith(']') ? body.length - 1 : -1) : close;
    if (end < 0) return { ...nothing(origin), program, text: body };
    const fields = readFields(body.slice(ORIGINATOR.length, Math.min(end, HEAD_LENGTH)));
    return {
      host: origin.host,
      program: program ?? 'hostd',
      pid: origin.pid,
      time: origin.time,
      sub: fields.sub,
      opId: fields.opID,
      user: fields.user,
      text: body.slice(end + 1).trimStart(),
      isContinuation: false,
    };
  }
  const base = { ...nothing(origin), program };
  const esx3 = ESX3.exec(head);
  const esx4 = esx3 === null ? ESX4.exec(head) : null;
  const found = esx3 ?? esx4;
  if (found === null) return { ...base, text: body };
  const fields = readFields(esx4?.[3] ?? '');
  return {
    ...base,
    program: program ?? 'hostd',
    time: localTime(found[1], clock) ?? base.time,
    sub: found[2],
    opId: fields.opID,
    user: fields.user,
    text: body.slice(found[0].length),
  };
}

interface Fields {
  sub?: string;
  opID?: string;
  user?: string;
}

/** `sub=a b opID=c`, `sub="a" opID="c"`, and with the quotes doubled. */
function readFields(text: string): Fields {
  const fields: Fields = {};
  let key = '';
  let start = 0;
  KEYS.lastIndex = 0;
  for (let found = KEYS.exec(text); found !== null; found = KEYS.exec(text)) {
    setField(fields, key, text, start, found.index);
    key = found[1] ?? '';
    start = KEYS.lastIndex;
  }
  setField(fields, key, text, start, text.length);
  return fields;
}

function setField(fields: Fields, key: string, text: string, start: number, end: number): void {
  if (key === 'sub' || key === 'opID' || key === 'user') fields[key] = unquote(text.slice(start, end));
}

function unquote(value: string): string {
  const trimmed = value.trim();
  if (!trimmed.startsWith('"')) return trimmed;
  const quotes = trimmed.startsWith('""') && trimmed.length > 2 ? 2 : 1;
  return trimmed.slice(quotes, trimmed.endsWith('"') ? -quotes : undefined).replaceAll(/\\(["\\\]])/g, '$1');
}

function timeOf(written: string | undefined): EventTime | undefined {
  const parsed = written === undefined ? undefined : parseTimestamp(written);
  return parsed === undefined ? undefined : exactTime(parsed.epochMs);
}

/** ESX 3 and 4 wrote local time without a zone. */
function localTime(written: string | undefined, clock: LocalClock): EventTime | undefined {
  const parsed = written === undefined ? undefined : parseTimestamp(written.replace(' ', 'T'));
  if (parsed === undefined) return undefined;
  const { epochMs, certain } = clock.toInstant(parsed.epochMs);
  return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
}
