/** Turns the logs of an ESXi host into CADF events (README.md tells the mapping). */
import { hash } from 'node:crypto';
import type { CadfEvent } from '@cadf-pipeline/cadf-model';
import { recordAttachment } from '../../src/normalize/event-draft.ts';
import { isUsableTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { joinedRecord } from '../../src/normalize/joined-record.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import { service, unknownInitiator } from '../../src/normalize/resources.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { readAuth } from './auth.ts';
import { readEsxiLine } from './esxi-line.ts';
import type { EsxiLine } from './esxi-line.ts';
import { isFinding } from './finding.ts';
import type { Finding, Said } from './finding.ts';
import { readHostd } from './hostd.ts';
import { readMachineLog } from './machine-log.ts';
import { redactEsxiRecord } from './redact-command.ts';
import { events } from './resources.ts';
import { isAuditRecord, readAuditRecord, readShell } from './shell.ts';
import { readVobd } from './vobd.ts';

const MAX_LINES = 256;
const MAX_CHARACTERS = 256 * 1024;
/** Lines of several hosts mixed: so many records may wait for their continuation lines. */
const MAX_OPEN = 256;
/** A record is whole when its host's clock is this much further. */
const OPEN_MS = 5_000;

/** A beginning: what its end does not say again. */
interface Begun {
  readonly finding: Finding;
  readonly record: RawRecord;
  readonly epochMs: number;
}

/** A record that lines with `-->` may follow. */
interface Open {
  readonly finding: Finding;
  readonly line: EsxiLine;
  readonly host: string;
  readonly time: EventTime;
  readonly records: RawRecord[];
  characters: number;
}

/** Setting `machine`: name of the machine whose vmware.log the records are. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const fallbackHost = context.host ?? context.sourceName;
  const machine = context.options?.['machine'];
  const begun = createOpenOperations<Begun>();
  const open = new Map<string, Open>();

  function push(record: RawRecord): Outcome[] {
    const line = readEsxiLine(record, clock);
    const host = line.host ?? fallbackHost;
    if (line.isContinuation) return continued(record, line, host, keyOf(line, host));
    const outcomes = open.size === 0 ? [] : close(host, line);
    const outcome = begin(record, line, host);
    if (outcome !== undefined) outcomes.push(outcome);
    return outcomes;
  }

  /** Undefined: lines may follow that belong to it. */
  function begin(record: RawRecord, line: EsxiLine, host: string): Outcome | undefined {
    const { time } = line;
    const said = read(line, host);
    if (!isFinding(said)) {
      return 'ignored' in said
        ? ignoring.ignored(said.ignored, [record])
        : deadLetter([record], said.code, said.detail);
    }
    if (time === undefined || !isUsableTime(time)) {
      return deadLetter(
        [record],
        'ESXI_TIME_UNREADABLE',
        'The line has no time that can be read, or one before 1970 or after 2299. Send lines with their time, or a syslog header.',
      );
    }
    const characters = record.text.length;
    const found: Open = { finding: said, line, host, time, records: [record], characters };
    if (said.mayContinue !== true) return finish(found);
    open.set(keyOf(line, host), found);
    return undefined;
  }

  /** More of the record before it on the same host; of none that is kept, it is nothing of its own. */
  function continued(record: RawRecord, line: EsxiLine, host: string, key: string): Outcome[] {
    const found = open.get(key) ?? (line.program === undefined ? openOf(host) : undefined);
    if (found === undefined) return [ignoring.ignored('continuation-line', [record])];
    found.characters += record.text.length;
    if (found.records.length >= MAX_LINES || found.characters > MAX_CHARACTERS)
      return [ignoring.ignored('continuation-line', [record])];
    found.records.push(record);
    return [];
  }

  function openOf(host: string): Open | undefined {
    for (const candidate of open.values()) if (candidate.host === host) return candidate;
    return undefined;
  }

  /** Records that are whole now: another line of their program came, or time went on. */
  function close(host: string, line: EsxiLine): Outcome[] {
    const outcomes: Outcome[] = [];
    for (const [key, waiting] of open) {
      const isSame =
        waiting.host === host && (line.program === waiting.line.program || line.host === undefined);
      const isLate = line.time !== undefined && Math.abs(line.time.epochMs - waiting.time.epochMs) > OPEN_MS;
      if (!isSame && !isLate && open.size < MAX_OPEN) continue;
      open.delete(key);
      outcomes.push(finish(waiting));
    }
    return outcomes;
  }

  function read(line: EsxiLine, host: string): Said {
    const { program, text } = line;
    if (text.startsWith('[Originator@6876')) {
      return {
        code: 'ESXI_LINE_CUT',
        detail:
          'The line ends within [Originator@6876 …]. Look for a relay with a bound on lines; hosts send up to 16 KiB.',
      };
    }
    if (isAuditRecord(text)) return readAuditRecord(line, host);
    switch (program) {
      case 'hostd':
      case 'vmware-hostd':
      case 'vpxa':
      case 'vmware-authd':
        return readHostd(line, host);
      case 'vobd':
        return readVobd(line, host);
      case 'shell':
        return readShell(line, host);
      case 'sshd':
      case 'sshd-session':
      case 'ssh':
      case 'login':
      case 'esxshell':
      case 'dcui':
        return readAuth(line, host);
      case 'vmware.log':
        return readMachineLog(line, host, machine);
      case undefined:
        return line.time === undefined || text.trim() === ''
          ? {
              code: 'ESXI_LINE_UNREADABLE',
              detail:
                'The line has neither a time nor a program where hosts write them. Is it of another source, or cut?',
            }
          : { ignored: 'other-program' };
      default:
        return { ignored: 'other-program' };
    }
  }

  function finish(whole: Open): Outcome {
    const { finding, host, records, time } = whole;
    begun.expire(time.epochMs);
    if (finding.ends !== undefined) return end(whole, finding.ends);
    if (finding.begins !== undefined && finding.isNoise !== true) {
      const [record] = records;
      if (record !== undefined)
        begun.begin(`${host}\n${finding.begins}`, { finding, record, epochMs: time.epochMs }, time.epochMs);
      const identity = [host, 'operation', finding.begins, String(time.epochMs)];
      return event(finding.rule, records, make(whole, finding, identity));
    }
    const identity = identityOf(whole);
    if (finding.isNoise === true)
      return ignoring.ignored(finding.rule, records, () => make(whole, finding, identity));
    return event(finding.rule, records, make(whole, finding, identity));
  }

  /** With its beginning it is the final version of the same event; without, an event of its own. */
  function end(whole: Open, key: string): Outcome {
    const { finding, host, records } = whole;
    const start = begun.end(`${host}\n${key}`);
    if (start === undefined) {
      if (finding.isNoise === true)
        return ignoring.ignored(finding.rule, records, () => make(whole, finding, identityOf(whole)));
      return event(finding.rule, records, make(whole, finding, identityOf(whole)));
    }
    const { finding: first, record, epochMs } = start;
    const joined: Finding = {
      ...first,
      outcome: finding.outcome,
      ...(finding.reasonCode === undefined ? {} : { reasonCode: finding.reasonCode }),
      attachments: [recordAttachment(redactEsxiRecord(record), 'begin-record')],
    };
    return event(first.rule, records, make(whole, joined, [host, 'operation', key, String(epochMs)]));
  }

  function make(
    { line, host, records, time }: Open,
    finding: Finding,
    identity: readonly string[],
  ): CadfEvent {
    const whole = joinedRecord(records);
    const clean = redactEsxiRecord(whole);
    const isRedacted = clean !== whole;
    return events.make([clean], {
      identity,
      time,
      action: finding.action,
      outcome: finding.outcome,
      initiator: finding.initiator ?? unknownInitiator(),
      target: finding.target,
      observer: service(host, line.program === 'vmware.log' ? 'vmx' : (line.program ?? 'hostd')),
      name: finding.name,
      ...(finding.reasonCode === undefined ? {} : { reasonCode: finding.reasonCode }),
      ...(finding.operation === undefined || finding.operation === ''
        ? {}
        : { operation: finding.operation }),
      tags: [...(finding.tags ?? []), ...(isRedacted ? [events.tag('redacted', 'record')] : [])],
      ...(finding.measurements === undefined ? {} : { measurements: finding.measurements }),
      ...(finding.attachments === undefined ? {} : { attachments: finding.attachments }),
    });
  }

  return {
    push,
    flush() {
      const rest = [...open.values()].map(finish);
      open.clear();
      begun.clear();
      return rest;
    },
    get held() {
      let lines = 0;
      for (const { records } of open.values()) lines += records.length;
      return lines + begun.size;
    },
  };
}

/** Lines of one program of one host follow each other. */
function keyOf({ program }: EsxiLine, host: string): string {
  return `${host}\n${program ?? ''}`;
}

/** What a record is, however it came: the same read from the file and through relays. */
function identityOf({ line, host, time }: Open): readonly string[] {
  const said = `${line.program ?? ''}\n${line.pid ?? ''}\n${line.opId ?? ''}\n${line.text}`;
  return [host, String(time.epochMs), hash('sha1', said.toWellFormed())];
}
