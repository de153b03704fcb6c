/** Turns what the engine writes into CADF events (README.md tells the mapping). */
import { guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { createIgnoring, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { parseAuditRow } from './audit-row.ts';
import type { AuditRow } from './audit-row.ts';
import { parseAuditText } from './audit-text.ts';
import type { Entity } from './commands.ts';
import { eventNameOf, parseRefusal, parseRunningCommand } from './commands.ts';
import { brokenLine, brokenRow, noTime, notARecord, unfinished } from './dead-letters.ts';
import { parseEngineLine } from './engine-line.ts';
import type { EngineLine } from './engine-line.ts';
import type { EventMeaning } from './event-meaning.ts';
import { meaningOf, UNNAMED } from './event-meaning.ts';
import { createHeldLine } from './held-line.ts';
import { joinedEvent } from './joined-event.ts';
import { nameOfMessage } from './old-messages.ts';
import { createOperations } from './operations.ts';
import { parseSsoFailure } from './sso-line.ts';
import type { Told } from './to-event.ts';

/** Commands end within seconds, or begin an operation that is remembered itself. */
const COMMAND_WINDOW_MS = 10 * 60_000;
const MAX_COMMANDS = 1000;
/** Messages that are written over several lines (their text has line feeds, or is somebody else's). */
const MULTI_LINE =
  /DURING_MOVE_TO_MAINTENANCE|CALL_FENCE_SPM|^EXTERNAL_|^GENERIC_|_OVF_STORE_FOR_STORAGE_DOMAIN_|DIFFERENT_SIZE_DOMAIN|^STORAGE_ALERT_/;

/** One line of the engine and where it is from. */
interface Entry {
  readonly records: readonly RawRecord[];
  readonly host: string;
  /** Of the header before the line; undefined where there is none. */
  readonly headerTime: EventTime | undefined;
  readonly line: EngineLine;
}

/** Settings: `timezone` (lines without a zone: engines before 4.0), `keep`. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const home = context.host ?? context.sourceName;
  const operations = createOperations();
  const commands = createOpenOperations<readonly Entity[]>({
    windowMs: COMMAND_WINDOW_MS,
    maxOperations: MAX_COMMANDS,
  });
  const held = createHeldLine<Entry>();

  function push(record: RawRecord): Outcome[] {
    const header = headerOf(record);
    if (header === undefined) return [...close(), ...json(record)];
    const line = parseEngineLine(header.message, clock);
    if (line === undefined) return headless(record, header);
    if (line === 'invalid-time') return [...close(), noTime(record)];
    const entry = { records: [record], host: header.host ?? home, headerTime: header.time, line };
    return [...close(), ...read(entry)];
  }

  /** Undefined: JSON of the engine itself. Its own lines have no header, and are the most. */
  function headerOf(record: RawRecord): RecordHeader | undefined {
    const { text } = record;
    if (record.envelope === undefined && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}/.test(text.slice(0, 23)))
      return { form: 'none', message: text };
    const header = readHeader(record, clock);
    return header.form === 'none' && text.charCodeAt(0) === 0x7b && held.size === 0 ? undefined : header;
  }

  /** A line without a beginning of its own: it goes on with the one before, or is of something else. */
  function headless(record: RawRecord, header: RecordHeader): Outcome[] {
    const { message, form } = header;
    if (message.startsWith('EVENT_ID: ')) {
      const line = {
        time: undefined,
        stamp: '',
        level: '',
        logger: 'AuditLogDirector',
        correlation: '',
        text: message,
      };
      return [
        ...close(),
        ...read({ records: [record], host: header.host ?? home, headerTime: header.time, line }),
      ];
    }
    if (message.includes('AuditLogDirector]')) return [...close(), notARecord(record)];
    if (form !== 'none' && form !== 'envelope')
      return [...close(), ignoring.ignored('other-program', [record])];
    if (held.size === 0) return [ignoring.ignored('continuation', [record])];
    const left = held.add(record);
    return left === undefined ? [] : finish(left);
  }

  function read(entry: Entry): Outcome[] {
    const { line, records } = entry;
    if (line.logger.endsWith('AuditLogDirector')) {
      const parsed = parseAuditText(line.text);
      const isOpen =
        parsed === 'unfinished' || (typeof parsed !== 'string' && MULTI_LINE.test(parsed.name ?? ''));
      if (!isOpen) return audit(entry, line.text);
      held.open(entry);
      return [];
    }
    if (line.text.startsWith('Running command: ')) return running(entry);
    if (line.text.startsWith('Validation of action ') || line.text.startsWith('CanDoAction of action '))
      return refused(entry);
    if (line.logger.includes('.sso.') && line.text.startsWith('Cannot authenticate'))
      return ssoFailure(entry);
    return [ignoring.ignored(line.level === 'DEBUG' ? 'debug-message' : 'engine-message', records)];
  }

  function close(): Outcome[] {
    const left = held.take();
    return left === undefined ? [] : finish(left);
  }

  function finish({
    entry,
    more,
  }: {
    readonly entry: Entry;
    readonly more: readonly RawRecord[];
  }): Outcome[] {
    const records = [...entry.records, ...more];
    return audit({ ...entry, records }, [entry.line.text, ...more.map(({ text }) => text)].join('\n'));
  }

  function audit(entry: Entry, text: string): Outcome[] {
    const { line, records } = entry;
    const parsed = parseAuditText(text);
    if (parsed === 'broken') return [brokenLine(records)];
    if (parsed === 'unfinished') return [unfinished(records)];
    const name = parsed.name ?? nameOfMessage(parsed.message) ?? UNNAMED;
    return tell(entry.records, {
      ...base(entry),
      identity: [line.stamp, name, line.correlation, parsed.message],
      name,
      code: parsed.code,
      isNameGuessed: parsed.name === undefined && name !== UNNAMED,
      message: parsed.message,
      correlation: parsed.correlation ?? line.correlation,
      job: parsed.job,
      entities: [],
    });
  }

  function base({ host, headerTime, line, records }: Entry): Pick<Told, 'host' | 'time' | 'severity'> {
    const received = records[0]?.receivedMs ?? 0;
    const time = line.time ?? headerTime ?? guessedTime(received, 'time');
    return { host, time, ...(line.level === '' ? {} : { severity: line.level }) };
  }

  function running(entry: Entry): Outcome[] {
    const { line, records, host } = entry;
    const command = parseRunningCommand(line.text);
    if (command === undefined) return [brokenLine(records)];
    const told = { ...toldOf(entry, command.name), entities: command.entities };
    if (!isUsableTime(told.time)) return [noTime(records[0] ?? never())];
    commands.expire(told.time.epochMs);
    if (
      !command.isInternal &&
      line.correlation !== '' &&
      command.entities.length > 0 &&
      isUsableTime(told.time)
    )
      commands.begin(`${host}\n${line.correlation}`, command.entities, told.time.epochMs);
    return [
      ignoring.ignored('running-command', records, () => {
        const meaning = { ...meaningOf(told.name, ''), outcome: 'pending' as const };
        return joinedEvent(operations, records, told, meaning);
      }),
    ];
  }

  function refused(entry: Entry): Outcome[] {
    const refusal = parseRefusal(entry.line.text);
    if (refusal === undefined) return [brokenLine(entry.records)];
    const { command, user, reasons } = refusal;
    const told = {
      ...toldOf(entry, command),
      code: reasons.slice(0, 500),
      ...(user === undefined ? {} : { user }),
    };
    const derived = meaningOf(told.name, '');
    return one(entry.records, told, { ...derived, outcome: 'failure' }, 'action-refused');
  }

  function ssoFailure(entry: Entry): Outcome[] {
    const failure = parseSsoFailure(entry.line.text);
    if (failure === undefined) return [brokenLine(entry.records)];
    const told = {
      ...toldOf(entry, 'Login'),
      name: 'USER_VDC_LOGIN_FAILED',
      label: 'Cannot authenticate user',
      code: failure.reason,
      message: failure.address === undefined ? '' : `connecting from '${failure.address}'`,
      user: failure.user,
    };
    return one(entry.records, told, meaningOf('USER_VDC_LOGIN_FAILED', ''), 'sso-login-failed');
  }

  function toldOf(entry: Entry, command: string): Told {
    const { line, host } = entry;
    return {
      ...base(entry),
      identity: [line.stamp, 'command', line.correlation, line.text],
      name: eventNameOf(command),
      label: command,
      message: '',
      correlation: line.correlation,
      entities: commands.peek(`${host}\n${line.correlation}`) ?? [],
    };
  }

  function json(record: RawRecord): Outcome[] {
    const row = parseAuditRow(record.text, clock);
    // A message between the engine and a host, printed behind a line of debugging.
    if (row === undefined && record.text.includes('"jsonrpc"'))
      return [ignoring.ignored('continuation', [record])];
    if (row === undefined || row === 'broken')
      return [row === undefined ? notARecord(record) : brokenRow(record)];
    return tell([record], toldOfRow(row));
  }

  function toldOfRow(row: AuditRow): Told {
    const { id, time, name, code, message, user, userId, severity, correlation, job, entities } = row;
    const own =
      id === undefined ? [String(time.epochMs), name, message] : ['audit_log', id, String(time.epochMs)];
    return {
      host: home,
      time,
      identity: own,
      name,
      code,
      message,
      user,
      userId,
      severity,
      correlation: correlation ?? '',
      job,
      entities,
    };
  }

  /** An event of the audit log: alone, or a version of the one that began before. */
  function tell(records: readonly RawRecord[], told: Told): Outcome[] {
    if (!isUsableTime(told.time))
      return records.length === 1 ? [noTime(records[0] ?? never())] : [brokenLine(records)];
    commands.expire(told.time.epochMs);
    operations.expire(told.time.epochMs);
    const entities = [...told.entities, ...(commands.peek(`${told.host}\n${told.correlation}`) ?? [])];
    const whole = { ...told, entities };
    const meaning = meaningOf(told.name, told.message);
    if (meaning.rule === 'progress')
      return [
        ignoring.ignored('progress', records, () =>
          joinedEvent(operations, records, whole, { ...meaning, outcome: 'success' }),
        ),
      ];
    return one(records, whole, meaning, meaning.rule);
  }

  function one(records: readonly RawRecord[], told: Told, meaning: EventMeaning, rule: string): Outcome[] {
    if (!isUsableTime(told.time)) return [brokenLine(records)];
    return [event(rule, records, joinedEvent(operations, records, told, meaning))];
  }

  return {
    push,
    flush() {
      const outcomes = close();
      operations.clear();
      commands.clear();
      return outcomes;
    },
    get held() {
      return held.size + operations.size + commands.size;
    },
  };
}

function never(): never {
  throw new Error('an event has at least one record');
}
