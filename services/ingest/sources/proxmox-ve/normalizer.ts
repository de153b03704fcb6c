/** Turns what Proxmox VE writes into CADF events (README.md tells the mapping). Records stand alone. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime, guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { accessOutcome } from './access-event.ts';
import { looksLikeAccess, parseAccessLine } from './access-line.ts';
import { readFailedLogin, readLogin } from './auth-lines.ts';
import { readActorMessage, readDaemonMessage, splitActor } from './cluster-messages.ts';
import { firewallOutcome, parseFirewallLine } from './firewall-line.ts';
import { readGuestBackup } from './guest-backups.ts';
import { haNodeState } from './ha-messages.ts';
import { readJsonEntry } from './json-entries.ts';
import type { Entry } from './messages.ts';
import { noise, placeOf } from './messages.ts';
import { mayBeProxmoxProgram } from './programs.ts';
import { taskOutcome } from './task-event.ts';
import { readTaskLine } from './task-lines.ts';
import { readTaskLogLine } from './task-log.ts';
import { readUpid } from './upid.ts';

/** Longer than any line of these logs; a command line of a guest in an error may have some KiB. */
const MAX_LINE_LENGTH = 64 * 1024;
/** The backup server's auth log: `TIME: TEXT`. */
const BACKUP_SERVER = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)): /;

/** Settings: `cluster`, what guests, users and storages are qualified by (default: the node); `timezone`; `keep`. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const cluster = context.options?.['cluster'];
  const logOf = context.file === undefined ? undefined : readUpid(context.file);

  function entryOf(record: RawRecord, header: RecordHeader, node: string, time: EventTime): Entry {
    return { record, header, place: placeOf(node, cluster), cluster, time, ignoring };
  }

  function push(record: RawRecord): Outcome {
    const { text } = record;
    if (text.length > MAX_LINE_LENGTH) return tooLong(record);
    if (text.trim() === '') return ignoring.ignored('blank-line', [record]);
    if (text.startsWith('-- ')) return ignoring.ignored('journal-heading', [record]);
    const header = bodyOf(readHeader(record, clock));
    const node = header.host ?? context.host ?? context.sourceName;
    const entry = entryOf(record, header, node, header.time ?? guessedTime(record.receivedMs, 'time'));
    if (header.form === 'none' && text.charCodeAt(0) === 0x7b) return json(entry, text);
    return toOutcome(entry);
  }

  function json(entry: Entry, text: string): Outcome {
    const found = readJsonEntry(text);
    if (found === undefined || found.kind === 'broken') return unreadable(entry.record);
    if (found.kind === 'task') return taskOutcome(entry, found.upid, found.state);
    const { header, node, time } = found;
    if (!isUsableTime(time)) return badTime(entry.record);
    return readMessage(entryOf(entry.record, header, node, time), header.message);
  }

  function toOutcome(entry: Entry): Outcome {
    const { header } = entry;
    const { message } = header;
    const first = message.charCodeAt(0);
    if (logOf !== undefined && header.form === 'none') return readTaskLogLine(entry, logOf);
    if (first === 0x55 && message.startsWith('UPID:')) return readTaskLine(entry);
    if (looksLikeAccess(message.slice(0, 450))) {
      const line = parseAccessLine(message);
      if (line === undefined) return badAccess(entry.record);
      return isUsableTime(line) ? accessOutcome(entry, line) : badTime(entry.record);
    }
    if (first >= 0x30 && first <= 0x39) {
      const line = parseFirewallLine(message);
      if (line !== undefined)
        return isUsableTime(line) ? firewallOutcome(entry, line) : badTime(entry.record);
    }
    if (header.form === 'none' && /^TASK (?:OK$|ERROR: |WARNINGS: )/.test(message.slice(0, 16)))
      return namelessTask(entry.record);
    if (!isUsableTime(entry.time)) return badTime(entry.record);
    return readMessage(entry, message);
  }

  function readMessage(entry: Entry, message: string): Outcome {
    const actor = splitActor(message);
    if (actor !== undefined) return readActorMessage(entry, actor.user, actor.text);
    // Commands outside the cluster write no name before it. Without a status it is the word of another worker.
    if (/^(?:starting task UPID:\S|end task UPID:\S{1,512} \S)/.test(message.slice(0, 600)))
      return readActorMessage(entry, '', message);
    const { program = '', form } = entry.header;
    if (isFailedLogin(message, program)) return readFailedLogin(entry, message);
    const login = message.startsWith('successful ') ? readLogin(entry, message) : undefined;
    if (login !== undefined) return login;
    if (!mayBeProxmoxProgram(program)) {
      // Without a header nobody else is said to have written it.
      return form === 'none'
        ? (taskInside(entry, message) ?? unreadable(entry.record))
        : noise('other-program', entry, 'other program');
    }
    return (
      readGuestBackup(entry, message) ?? haNodeState(entry, message) ?? readDaemonMessage(entry, message)
    );
  }

  return {
    push: (record) => [push(record)],
    flush: () => [],
    held: 0,
  };
}

/** A task's message behind a header that is none: cut short, or of a tool's own making. */
function taskInside(entry: Entry, message: string): Outcome | undefined {
  const task = message.slice(0, 600).indexOf(' task UPID:');
  const open = task < 0 ? -1 : message.lastIndexOf('<', task);
  const actor = open < 0 ? undefined : splitActor(message.slice(open));
  return actor === undefined ? undefined : readActorMessage(entry, actor.user, actor.text);
}

/** PAM modules of other programs begin so too, and go on with `logname=`. */
function isFailedLogin(message: string, program: string): boolean {
  const start = message.startsWith('openid ')
    ? 'openid authentication failure; '
    : 'authentication failure; ';
  if (!message.startsWith(start)) return false;
  return message.startsWith('rhost=', start.length) || mayBeProxmoxProgram(program);
}

/** Takes off the time that the backup server puts before its messages. */
function bodyOf(header: RecordHeader): RecordHeader {
  if (header.form !== 'none' && header.form !== 'envelope') return header;
  const found = BACKUP_SERVER.exec(header.message.slice(0, 64));
  const parsed = found === null ? undefined : parseTimestamp(found[1] ?? '');
  if (found === null || parsed === undefined) return header;
  return {
    ...header,
    form: 'iso',
    program: header.program ?? 'proxmox-backup-proxy',
    message: header.message.slice(found[0].length),
    time: exactTime(parsed.epochMs),
  };
}

function unreadable(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'PROXMOX_VE_NOT_A_RECORD',
    'The line has no syslog header and is none of: a UPID line, a line of access.log or of the firewall log, an entry of /cluster/log as JSON, a login of the backup server. Send the log as Proxmox wrote it.',
  );
}

function namelessTask(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'PROXMOX_VE_TASK_UNNAMED',
    'The last line of a task log does not say which task ended: its name is that of the file. Follow the file, so that its name comes with it, or send tasks/index.',
  );
}

function badAccess(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'PROXMOX_VE_ACCESS_LINE_UNREADABLE',
    'The line begins as one of access.log, but is not ADDRESS - USER [DD/MM/YYYY:HH:MM:SS ±ZZZZ] "METHOD PATH HTTP/x" STATUS BYTES with a time that exists. It broke off or was changed on its way.',
  );
}

function badTime(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'PROXMOX_VE_TIME_UNUSABLE',
    'The time of the record is before 1970 or after 2299. Look at the clock of the node that wrote it.',
  );
}

function tooLong(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'PROXMOX_VE_RECORD_TOO_LONG',
    `The line has ${record.text.length} characters; those of these logs have at most ${MAX_LINE_LENGTH}.`,
  );
}
