/**
 * Turns a machine's own log into CADF events: its starts, with the command line behind them, its stops, and what taints
 * it. What QEMU and the machine print is ignored.
 */
import { isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { readStamp } from '../libvirt-log/stamp.ts';
import { readCommand } from './command-line.ts';
import { createGuestEvents } from './guest-events.ts';
import { goesOn, isCommandLine, isQemuLine, readStatement } from './guest-line.ts';
import type { Statement } from './guest-line.ts';
import type { Stated } from './to-event.ts';

/** A machine with hundreds of disks has a line for each of their options. */
const MAX_LINES = 2048;
const MAX_CHARACTERS = 256 * 1024;
/** Logs that hold more than one machine's lines: their name is no machine's. */
const SHARED_FILE =
  /^(?:syslog|messages|daemon|kern|user|auth|all|journal|system|libvirtd|virt[a-z]{1,12}d)$/;
const HOSTNAME = /, hostname: (\S{1,255})$/;
/** A header of syslog or an entry of the journal may begin so. */
const HEADER = /^(?:<\d|\{|\d{4}-\d\d-\d\dT|[A-Z][a-z]{2} [ \d]\d )/;

/** What begins with a statement and goes on with a command line. */
interface Open {
  readonly stated: Stated;
  readonly statement: Extract<Statement, { kind: 'start' | 'external-device' }>;
  readonly records: RawRecord[];
  readonly lines: string[];
  characters: number;
}

/** Settings: `guest`, the machine's name, default the file's name; `timezone` (of headers without one); `keep`. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const guest = context.options?.['guest'] ?? guestOfFile(context.file);
  const guests = createGuestEvents(guest);
  let open: Open | undefined;
  /** The command line is longer than is kept. */
  let isBeyond = false;

  function close(isCut = false): Outcome[] {
    isBeyond = false;
    if (open === undefined) return [];
    const { stated, statement, records, lines } = open;
    open = undefined;
    if (statement.kind === 'external-device')
      return [
        ignoring.ignored('external-device', records, () => guests.noticed(stated, records, statement.name)),
      ];
    return [guests.started(stated, records, statement.versions, readCommand(lines), isCut)];
  }

  function output(record: RawRecord, text: string): Outcome[] {
    const isQemu = isQemuLine(text);
    if (open !== undefined && !isQemu && isCommandLine(text)) return commandLine(open, record, text);
    if (isBeyond && !isQemu && isCommandLine(text)) {
      isBeyond = goesOn(text);
      return [ignoring.ignored('command-line-beyond-bound', [record])];
    }
    return [...close(), ignoring.ignored(isQemu ? 'qemu-message' : 'guest-output', [record])];
  }

  function commandLine(begun: Open, record: RawRecord, text: string): Outcome[] {
    begun.characters += text.length;
    if (begun.records.length >= MAX_LINES || begun.characters > MAX_CHARACTERS) {
      const outcomes = close(true);
      isBeyond = goesOn(text);
      return [...outcomes, ignoring.ignored('command-line-beyond-bound', [record])];
    }
    begun.records.push(record);
    begun.lines.push(text);
    return goesOn(text) ? [] : close();
  }

  function take(record: RawRecord, statement: Statement, stated: Stated): Outcome[] {
    const records = [record];
    switch (statement.kind) {
      case 'start':
      case 'external-device':
        open = { stated, statement, records, lines: [], characters: record.text.length };
        return [];
      case 'stop':
        return [guests.stopped(stated, record, statement.reason)];
      case 'tainted':
        return [guests.tainted(stated, record, statement.why)];
      case 'migration':
        return [guests.migrating(stated, record)];
      case 'trouble':
        return [guests.troubled(stated, record, statement.rule)];
      case 'daemon-message':
        return [
          ignoring.ignored('daemon-message', records, () => guests.noticed(stated, records, stated.text)),
        ];
      default:
        return [guests.unmapped(stated, record)];
    }
  }

  return {
    push(record) {
      if (record.text.length > MAX_CHARACTERS) return [...close(true), tooLong(record)];
      let stamp = readStamp(record.text, record.receivedMs, clock);
      let header: RecordHeader | undefined;
      if (stamp === undefined && HEADER.test(record.text) && !isQemuLine(record.text)) {
        header = readHeader(record, clock);
        stamp = readStamp(header.message, record.receivedMs, clock);
      }
      const message = header?.message ?? record.text;
      if (stamp === undefined) return output(record, message);
      const text = message.slice(stamp.end).trimEnd();
      const { time, written } = stamp;
      if (time === undefined || !isUsableTime(time)) return [...close(true), unreadableTime(record, written)];
      const outcomes = close(open !== undefined && goesOn(open.lines.at(-1) ?? ''));
      guests.expire(time.epochMs);
      const statement = readStatement(text);
      const told = header?.host ?? record.envelope?.host ?? context.host;
      const hostname = statement.kind === 'start' ? HOSTNAME.exec(statement.versions)?.[1] : undefined;
      const host = told ?? hostname ?? guests.hostOf() ?? context.sourceName;
      const scope = `${told ?? context.sourceName}\n${guest ?? ''}`;
      return [...outcomes, ...take(record, statement, { text, stamp: written, time, scope, host })];
    },
    flush() {
      const outcomes = close(
        open !== undefined && (open.lines.length === 0 || goesOn(open.lines.at(-1) ?? '')),
      );
      guests.clear();
      return outcomes;
    },
    get held() {
      return guests.size + (open?.records.length ?? 0) + (isBeyond ? 1 : 0);
    },
  };
}

function guestOfFile(file: string | undefined): string | undefined {
  if (file === undefined || !file.endsWith('.log')) return undefined;
  const name = file.slice(0, -4);
  return name === '' || SHARED_FILE.test(name) ? undefined : name;
}

function unreadableTime(record: RawRecord, written: string): Outcome {
  return deadLetter(
    [record],
    'LIBVIRT_GUEST_TIME_UNREADABLE',
    `"${written}" at the beginning of the line is no time between 1970 and 2299. Look for the line on its host.`,
  );
}

function tooLong(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'LIBVIRT_GUEST_RECORD_TOO_LONG',
    `The line has ${record.text.length} characters; at most ${MAX_CHARACTERS} are read.`,
  );
}
