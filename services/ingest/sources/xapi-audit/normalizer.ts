/** Turns lines of XAPI's audit trail into CADF events, one per call (README.md tells the mapping). */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { attachment, createSourceEvents } from '../../src/normalize/event-draft.ts';
import type { EventDraft, EventOutcome } from '../../src/normalize/event-draft.ts';
import { exactTime, isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import { service, unknownInitiator, user } from '../../src/normalize/resources.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { readAuditRecord } from './audit-record.ts';
import type { AuditRecord } from './audit-record.ts';
import { callMeaning, isPolling } from './calls.ts';
import type { CallMeaning } from './calls.ts';
import { clientAddress, readPrefix } from './prefix.ts';
import type { LogPrefix } from './prefix.ts';
import { accountScope, targetOf } from './target.ts';

/** Syslog cuts long before. */
const MAX_LENGTH = 128 * 1024;
const TASK_REFERENCE = /(?:^| )([DR]:[0-9a-f]{4,36})$/;
const events = createSourceEvents(
  'xapi-audit',
  'https://github.com/xapi-project/xen-api/blob/master/ocaml/xapi/rbac_audit.ml',
);

/** Settings: `keep` (normalize/outcomes.ts), `timezone` for syslog headers, which decide nothing here. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);

  function normalize(record: RawRecord): Outcome {
    if (record.text.length > MAX_LENGTH) {
      return deadLetter(
        [record],
        'XAPI_RECORD_TOO_LONG',
        `The line has ${record.text.length} characters; syslog lets at most some thousands pass. Look at what wrote it.`,
      );
    }
    const header = readHeader(record, clock);
    const text = header.message.trimStart();
    if (text === '') return ignoring.ignored('blank-line', [record]);
    const isBare = text.startsWith("('trackid=");
    const prefix = isBare ? undefined : readPrefix(text);
    if (prefix === undefined && !isBare) {
      if (header.program === undefined || text.includes("'trackid=")) return unreadable(record);
      return ignoring.ignored(header.program === 'xapi' ? 'debug-message' : 'other-program', [record]);
    }
    if (prefix !== undefined && prefix.brand !== 'audit' && prefix.level !== 'audit')
      return ignoring.ignored('debug-message', [record]);
    const audit = readAuditRecord(prefix?.message ?? text);
    if (audit === undefined) {
      return (prefix?.message ?? text).startsWith('(')
        ? unreadable(record)
        : ignoring.ignored('debug-message', [record]);
    }
    const time = prefix?.epochMs === undefined ? header.time : exactTime(prefix.epochMs);
    if (time === undefined || !isUsableTime(time)) {
      return deadLetter(
        [record],
        'XAPI_TIME_UNREADABLE',
        `"${(prefix?.time ?? '').slice(0, 40)}" at the beginning is no time between 1970 and 2299, and syslog gives none. Send lines of /var/log/audit.log as they are.`,
      );
    }
    const meaning = callMeaning(audit.call);
    const make = () => events.make([record], toDraft(audit, meaning, time, prefix, header, context));
    if (isPolling(audit.call) && audit.access === 'ALLOWED')
      return ignoring.ignored('polling', [record], make);
    return event(audit.access === 'DENIED' ? 'denied' : meaning.rule, [record], make());
  }

  return { push: (record) => [normalize(record)], flush: () => [], held: 0 };
}

function unreadable(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'XAPI_NOT_AN_AUDIT_RECORD',
    "There is no whole [time|audit|host|thread|task|audit] ('trackid=…' …) on the line: it was cut off, or is of another file. Send /var/log/audit.log, or the answer of xe audit-log-get.",
  );
}

function toDraft(
  audit: AuditRecord,
  meaning: CallMeaning,
  time: EventDraft['time'],
  prefix: LogPrefix | undefined,
  header: RecordHeader,
  context: NormalizerContext,
): EventDraft {
  const host = prefix?.host ?? header.host ?? context.host ?? context.sourceName;
  const isDenied = audit.access === 'DENIED';
  const task = taskReference(prefix?.task);
  const tags = audit.trackid === '' ? [] : [events.tag('trackid', audit.trackid)];
  return {
    identity: identityOf(audit, prefix, time.epochMs),
    time,
    action: isDenied ? `deny/${meaning.action}` : meaning.action,
    outcome: outcomeOf(audit),
    initiator: initiatorOf(audit, prefix, host),
    target: targetOf(audit, meaning, host),
    observer: service(host, 'xapi'),
    name: audit.call,
    reasonCode: reasonOf(audit),
    ...(task === undefined ? {} : { operation: task }),
    tags,
    ...(audit.parameters.length === 0
      ? {}
      : { attachments: [attachment('parameters', 'application/json', audit.parameters)] }),
  };
}

/**
 * The coordinator's copy of a member's record has names and uuids filled in and is escaped once more, so those are not
 * in it; what was called, when, in which session and thread, is.
 */
function identityOf(audit: AuditRecord, prefix: LogPrefix | undefined, epochMs: number): readonly string[] {
  const values = audit.parameters.map(({ name, value, ref, members }) => [
    name,
    ref ?? value ?? '',
    members ?? [],
  ]);
  const called = [audit.subject, audit.access, audit.result, audit.kind, values];
  return [
    prefix?.host ?? '',
    String(epochMs),
    prefix?.thread ?? '',
    prefix?.task ?? '',
    audit.trackid,
    audit.call,
    JSON.stringify(called),
  ];
}

/** `VM.start R:0a1b2c3d4e5f` → `R:0a1b2c3d4e5f`: the same in every line of the task. */
function taskReference(task: string | undefined): string | undefined {
  return task === undefined || task === '' ? undefined : TASK_REFERENCE.exec(task.slice(-64))?.[1];
}

function outcomeOf({ access, result }: AuditRecord): EventOutcome {
  if (access === 'DENIED' || result.startsWith('ERROR')) return 'failure';
  return result === 'OK' ? 'success' : 'unknown';
}

/** `ERROR:VM_BAD_POWER_STATE: [ … ]` → `VM_BAD_POWER_STATE`. */
function reasonOf({ access, result }: AuditRecord): string {
  if (access === 'DENIED') return 'DENIED';
  if (!result.startsWith('ERROR:')) return result === '' ? access : result;
  return /^[A-Za-z_][\w.]{0,200}/.exec(result.slice('ERROR:'.length).trimStart())?.[0] ?? result;
}

function initiatorOf(audit: AuditRecord, prefix: LogPrefix | undefined, host: string): Resource {
  const address = prefix === undefined ? undefined : clientAddress(prefix.thread);
  const isLogin = audit.call === 'session.create';
  const uname = isLogin ? valueOf(audit, 'uname') : undefined;
  const account = audit.subject === '' ? (audit.user === '' ? uname : audit.user) : audit.subject;
  if (account === undefined) return unknownInitiator(address);
  return user({
    scope: accountScope(host, account),
    id: account,
    name: audit.user === '' ? (uname ?? account) : audit.user,
    address,
    agent: audit.call.startsWith('session.') ? valueOf(audit, 'originator') : undefined,
  });
}

function valueOf({ parameters }: AuditRecord, name: string): string | undefined {
  return parameters.find((parameter) => parameter.name === name)?.value;
}
