/**
 * Turns the logs of libvirt's daemons into CADF events: what `audit_logging = 1` writes there as source libvirt-audit
 * does, tainted machines, and errors that tell which operation failed. The rest is ignored, each kind by its rule.
 */
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import { isUsableTime } from '../../src/normalize/event-time.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createMachineRecords } from '../libvirt-audit/machine-records.ts';
import { auditLineOf } from './audit-payload.ts';
import { readFailure } from './failures.ts';
import { isDaemon, readLogLine } from './log-line.ts';
import type { LogLine } from './log-line.ts';
import { createLogEvents } from './to-event.ts';
import type { TimedLine } from './to-event.ts';

/** A message has at most 256 lines; what the daemon writes of a child's output is far shorter. */
const MAX_LINES = 256;
const MAX_CHARACTERS = 256 * 1024;

const TAINTED = /^Domain id=\d{1,10} name='(.{1,1024})' uuid=([0-9a-f-]{36}) is tainted: ([^\n]{1,256})/;

/** Settings: `timezone` (of headers without one, and of libvirt before 0.9.8), `cgroup` as libvirt-audit, `keep`. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const machines = createMachineRecords('libvirt-log', context);
  const events = createLogEvents();
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const fileProgram = context.file?.replace(/\.log$/, '');
  /** A message of a file that the next line may go on with. */
  let open: { readonly line: TimedLine; readonly records: RawRecord[]; characters: number } | undefined;
  /** A message was longer than is kept: its further lines are told from lines that belong to nothing. */
  let isBeyond = false;

  function close(): Outcome[] {
    isBeyond = false;
    if (open === undefined) return [];
    const { line, records } = open;
    open = undefined;
    return [message(line, records)];
  }

  function goOn(record: RawRecord): Outcome[] {
    if (isBeyond) return [ignoring.ignored('message-beyond-bound', [record])];
    if (open === undefined) {
      if (record.text.trim() === '') return [ignoring.ignored('blank-line', [record])];
      return [notALogLine(record)];
    }
    open.characters += record.text.length;
    if (open.records.length < MAX_LINES && open.characters <= MAX_CHARACTERS) {
      open.records.push(record);
      return [];
    }
    const outcomes = close();
    isBeyond = true;
    return [...outcomes, ignoring.ignored('message-beyond-bound', [record])];
  }

  function timed(line: LogLine, { receivedMs }: RawRecord): TimedLine | undefined {
    // What a listener handed over without a time was written when it came, as far as anybody knows.
    const time = line.time ?? (line.isOfFile ? undefined : { epochMs: receivedMs, guessed: 'time' as const });
    if (time === undefined || !isUsableTime(time)) return undefined;
    return {
      ...line,
      time,
      host: line.host ?? context.host ?? context.sourceName,
      program:
        line.program ?? (isDaemon(fileProgram) && fileProgram !== undefined ? fileProgram : 'libvirtd'),
    };
  }

  function take(found: LogLine, record: RawRecord): Outcome[] {
    const line = timed(found, record);
    if (line === undefined)
      return [
        deadLetter(
          [record],
          'LIBVIRT_LOG_TIME_UNREADABLE',
          `"${found.stamp}" at the beginning of the line is no time between 1970 and 2299. Look for the line on its host.`,
        ),
      ];
    if (line.text.startsWith('success=')) {
      const audit = auditLineOf(line);
      if (audit === 'truncated')
        return [
          deadLetter(
            [record],
            'LIBVIRT_LOG_TRUNCATED',
            'The audit payload behind success= breaks off: a quote is not closed. Look for the line on its host.',
          ),
        ];
      if (audit !== undefined) return machines.add({ record, line: audit });
    }
    if (!line.isOfFile) return [message(line, [record])];
    open = { line, records: [record], characters: record.text.length };
    return [];
  }

  function message(line: TimedLine, records: readonly RawRecord[]): Outcome {
    const { level, func, text } = line;
    if (level === 'debug') return ignoring.ignored('debug-message', records);
    if (func === undefined && (text.startsWith('libvirt version: ') || text.startsWith('hostname: ')))
      return ignoring.ignored('log-heading', records);
    const tainted = text.startsWith('Domain id=') ? TAINTED.exec(text.slice(0, 2048)) : null;
    if (tainted !== null) {
      const [, name = '', uuid = '', why = ''] = tainted;
      return event('domain-tainted', records, events.tainted(line, records, { name, uuid, why }));
    }
    const failure = level === 'info' ? undefined : readFailure(text);
    if (failure !== undefined) return event(failure.rule, records, events.failed(line, records, failure));
    return ignoring.ignored(`${level ?? 'other'}-message`, records, () => events.noticed(line, records));
  }

  return {
    push(record) {
      if (record.text.length > MAX_CHARACTERS)
        return [
          deadLetter(
            [record],
            'LIBVIRT_LOG_RECORD_TOO_LONG',
            `The line has ${record.text.length} characters; at most ${MAX_CHARACTERS} are read.`,
          ),
        ];
      const line = readLogLine(record, clock);
      switch (line.kind) {
        case 'continuation':
          return goOn(record);
        case 'other-program':
          return [ignoring.ignored('other-program', [record])];
        case 'unreadable':
          return [...close(), notALogLine(record)];
        default:
          return [...close(), ...take(line, record)];
      }
    },
    flush: () => [...close(), ...machines.flush()],
    get held() {
      return machines.held + (open?.records.length ?? 0) + (isBeyond ? 1 : 0);
    },
  };
}

function notALogLine(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'LIBVIRT_LOG_NOT_A_LOG_LINE',
    'There is no "time: thread: level : function:line : text", no header of syslog or the journal, and no line before it that this one goes on with. Send the whole log of the daemon.',
  );
}
