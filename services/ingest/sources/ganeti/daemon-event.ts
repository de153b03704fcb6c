/** Events of Ganeti's daemons and commands: requests over HTTP, commands typed, daemons that start and stop. */
import { digestOf } from '../../src/normalize/event-draft.ts';
import type { EventDraft, EventOutcome, SourceEvents } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { joinedRecord } from '../../src/normalize/joined-record.ts';
import { event } from '../../src/normalize/outcomes.ts';
import type { Ignoring } from '../../src/normalize/outcomes.ts';
import { resource, service, unknownInitiator, UNKNOWN_ID } from '../../src/normalize/resources.ts';
import type { Outcome, RawRecord } from '../../src/source.ts';
import { commandMeaning } from './commands.ts';
import { errorOf } from './job-line.ts';
import type { LogLine } from './log-line.ts';
import { meaningOf } from './opcodes.ts';
import { rapiMeaning } from './rapi.ts';
import type { HttpRequest } from './rapi.ts';
import { redactLine } from './redaction.ts';
import { targetOf } from './targets.ts';

/** A line with who wrote it and when; the time is one an event can have. */
export interface DaemonLine {
  readonly line: LogLine;
  readonly host: string;
  readonly time: EventTime;
}

export interface DaemonEvents {
  rapiRequest(at: DaemonLine, request: HttpRequest, record: RawRecord): Outcome;
  /** A node daemon refused a peer. */
  refusedPeer(at: DaemonLine, request: HttpRequest, record: RawRecord): Outcome;
  lifecycle(at: DaemonLine, action: 'start' | 'stop/shutdown', record: RawRecord): Outcome;
  /** `records`: the line, then the traceback where there is one. */
  command(at: DaemonLine, outcome: EventOutcome, records: readonly RawRecord[]): Outcome;
  ignored(rule: string, at: DaemonLine, records: readonly RawRecord[]): Outcome;
}

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const FIRST_ERROR = 400;

type Facts = Pick<EventDraft, 'action' | 'outcome' | 'initiator' | 'target' | 'name' | 'reasonCode'> &
  Partial<Pick<EventDraft, 'operation'>>;

export function createDaemonEvents(events: SourceEvents, ignoring: Ignoring): DaemonEvents {
  function make(
    at: DaemonLine,
    records: readonly RawRecord[],
    facts: Facts,
  ): ReturnType<SourceEvents['make']> {
    const { line, host, time } = at;
    const { record, names } = redactLine(joinedRecord(records));
    return events.make([record], {
      // Syslog tells the second, the file more: the same for both.
      identity: [line.program, host, line.pid, String(Math.floor(time.epochMs / 1000)), digestOf(line.text)],
      time,
      observer: service(host, line.program),
      ...facts,
      tags: names.map((name) => events.tag('redacted', name)),
    });
  }

  function authFailed(rule: string, at: DaemonLine, request: HttpRequest, record: RawRecord): Outcome {
    const facts: Facts = {
      action: 'authenticate',
      outcome: 'failure',
      initiator: unknownInitiator(request.address),
      target: service(at.host, at.line.program),
      name: requestName(request),
      reasonCode: String(request.code),
    };
    return event(rule, [record], make(at, [record], facts));
  }

  return {
    rapiRequest(at, request, record) {
      const { method, path, code } = request;
      if (code === UNAUTHORIZED) return authFailed('rapi-auth-failed', at, request, record);
      const failed = code >= FIRST_ERROR;
      const initiator = unknownInitiator(request.address);
      const name = requestName(request);
      const reasonCode = String(code);
      if (method === undefined || path === undefined) {
        const target = service(at.host, at.line.program);
        const outcome = failed ? 'failure' : 'unknown';
        const facts: Facts = { action: 'unknown', outcome, initiator, target, name, reasonCode };
        return event('rapi-refused', [record], make(at, [record], facts));
      }
      const meaning = rapiMeaning(method, path);
      if (meaning.kind === 'job') {
        const op = meaningOf(meaning.op);
        const action = meaning.isDryRun ? 'evaluate' : op.action;
        // What looks and makes no job, such as the console, is done with the answer.
        const done = op.isRead || op.action.startsWith('read') ? 'success' : 'pending';
        const target = targetOf(at.host, op.target, meaning.facts);
        const draft: Facts = {
          action,
          outcome: failed ? 'failure' : done,
          initiator,
          target,
          name,
          reasonCode,
        };
        const made = (): ReturnType<SourceEvents['make']> => make(at, [record], draft);
        if (op.isRead && code !== FORBIDDEN) return ignoring.ignored('rapi-read', [record], made);
        return event(meaning.isDryRun ? 'rapi-dry-run' : 'rapi-job', [record], made());
      }
      const outcome = failed ? 'failure' : 'success';
      if (meaning.kind === 'read') {
        const target = service(at.host, at.line.program);
        const made = (): ReturnType<SourceEvents['make']> =>
          make(at, [record], { action: 'read', outcome, initiator, target, name, reasonCode });
        return code === FORBIDDEN
          ? event('rapi-forbidden', [record], made())
          : ignoring.ignored('rapi-read', [record], made);
      }
      const target = targetOf(at.host, meaning.target, meaning.facts);
      const facts: Facts = { action: meaning.action, outcome, initiator, target, name, reasonCode };
      return event(meaning.rule, [record], make(at, [record], facts));
    },
    refusedPeer: (at, request, record) => authFailed('peer-refused', at, request, record),
    lifecycle(at, action, record) {
      const daemon = service(at.host, at.line.program);
      const name = action === 'start' ? 'daemon startup' : 'daemon shutdown';
      const facts: Facts = {
        action,
        outcome: 'success',
        initiator: daemon,
        target: daemon,
        name,
        reasonCode: name,
      };
      return event(action === 'start' ? 'daemon-start' : 'daemon-stop', [record], make(at, [record], facts));
    },
    command(at, outcome, records) {
      const { program, pid } = at.line;
      const meaning = commandMeaning(program);
      const error = errorOf(records.map(({ text }) => text));
      const facts: Facts = {
        action: meaning?.action ?? 'unknown',
        outcome,
        initiator: unknownInitiator(),
        target:
          meaning === undefined ? resource('unknown', UNKNOWN_ID) : targetOf(at.host, meaning.target, {}),
        name: program,
        reasonCode: outcome === 'failure' ? (error?.code ?? error?.type ?? 'error') : program,
        ...(pid === '' ? {} : { operation: `command-${pid}` }),
      };
      const made = (): ReturnType<SourceEvents['make']> => make(at, records, facts);
      if (meaning?.isRead === true) return ignoring.ignored('read-command', records, made);
      return event(meaning === undefined ? 'unmapped-command' : 'command', records, made());
    },
    ignored: (rule, at, records) =>
      ignoring.ignored(rule, records, () => {
        const daemon = service(at.host, at.line.program);
        const name = at.line.text === '' ? at.line.program : at.line.text;
        const facts: Facts = {
          action: 'notify',
          outcome: 'unknown',
          initiator: daemon,
          target: daemon,
          name,
          reasonCode: rule,
        };
        return make(at, records, facts);
      }),
  };
}

function requestName({ method, path, code }: HttpRequest): string {
  return method === undefined ? `request refused with ${code}` : `${method} ${path}`;
}
