/** Turns what a Nutanix cluster relays into CADF events: Linux audit records and Prism's audit (README.md). */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { createSourceEvents, digestOf } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime, guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import { resource, service, unknownInitiator } from '../../src/normalize/resources.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createNormalizer as createMachineNormalizer } from '../libvirt-audit/normalizer.ts';
import { apiAction, apiEvent, readApiCall } from './api-call.ts';
import { auditEvent } from './audit-event.ts';
import { readAuditHead, readAuditRecord } from './audit-record.ts';
import type { AuditHead } from './audit-record.ts';
import { auditMeaning, ignoredRule } from './audit-types.ts';
import { prismEvent, prismMeaning } from './prism-event.ts';
import { readPrismRecord } from './prism-record.ts';

const MAX_LENGTH = 256 * 1024;
const FLOW = /\bSRC=(\S{1,64}) DST=(\S{1,64}) .{0,160}\bACTION=([A-Z]{3,12})\b/;
const PRISM_PROGRAMS = new Set(['consolidated_audit', 'api_audit', 'audit', 'audispd', 'audisp-syslog']);
const events = createSourceEvents('nutanix-ahv', 'https://portal.nutanix.com/');

/**
 * Settings: `keep` (normalize/outcomes.ts); `timezone` of api_audit and syslog headers (normalize/local-clock.ts);
 * those of the source libvirt-audit for records of machines.
 */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const machines = createMachineNormalizer(context);

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    const text = header.message.trim();
    if (text === '') return [ignoring.ignored('blank-line', [record])];
    if (text.length > MAX_LENGTH) {
      return [
        deadLetter(
          [record],
          'NUTANIX_RECORD_TOO_LONG',
          `The record has ${text.length} characters; audit records and calls are far shorter. Look at what sent it.`,
        ),
      ];
    }
    const head = readAuditHead(text);
    if (head?.type.startsWith('VIRT_') === true) return machines.push(record);
    if (head !== undefined) return [audited(text, head, record, header)];
    if (text.charCodeAt(0) === 0x7b) return [prism(text, record, header)];
    return [called(text, record, header) ?? flow(text, record, header) ?? other(text, record, header)];
  }

  function audited(text: string, head: AuditHead, record: RawRecord, header: RecordHeader): Outcome {
    const ignored = ignoredRule(head.type);
    if (ignored === 'keystrokes') return ignoring.ignored(ignored, [record]);
    const audit =
      ignored === undefined || context.options?.['keep'] !== undefined
        ? readAuditRecord(text, head)
        : undefined;
    const host = head.node ?? hostOf(header);
    if (audit === undefined || !isUsableTime(exactTime(audit.epochMs))) {
      if (ignored !== undefined) return ignoring.ignored(ignored, [record]);
      return deadLetter(
        [record],
        audit === undefined ? 'NUTANIX_AUDIT_UNREADABLE' : 'NUTANIX_TIME_UNREADABLE',
        `The audit record ${head.type} breaks off, or audit(${head.stamp}) is no "seconds.mmm:serial" between 1970 and 2299. Look for it in the host's own audit.log.`,
      );
    }
    const meaning = auditMeaning(head.type);
    const make = () => auditEvent(audit, meaning, record, host);
    return ignored === undefined
      ? event(meaning.rule, [record], make())
      : ignoring.ignored(ignored, [record], make);
  }

  function prism(text: string, record: RawRecord, header: RecordHeader): Outcome {
    const read = readPrismRecord(text);
    if (read === undefined) {
      return deadLetter(
        [record],
        'NUTANIX_JSON_UNREADABLE',
        'The line begins with { and is no JSON object with alertUid, operationType, recordType or affectedEntityList. Send whole lines of consolidated_audit.log.',
      );
    }
    const time = read.epochMs === undefined ? timeOf(header, record) : exactTime(read.epochMs);
    if (!isUsableTime(time)) return timeless(record);
    const meaning = prismMeaning(read);
    const make = () => prismEvent(read, meaning, time, record, hostOf(header));
    return read.recordType !== undefined && read.recordType !== 'Audit'
      ? ignoring.ignored('alert', [record], make)
      : event(meaning.rule, [record], make());
  }

  function called(text: string, record: RawRecord, header: RecordHeader): Outcome | undefined {
    const call = readApiCall(text);
    if (call === undefined) return undefined;
    const time = call.written === '' ? timeOf(header, record) : localTime(call.written);
    if (!isUsableTime(time)) return timeless(record);
    const action = apiAction(call);
    const make = () => apiEvent(call, action ?? 'unknown', time, record, hostOf(header));
    if (action === 'read') return ignoring.ignored('api-read', [record], make);
    return event(
      action === undefined ? 'unmapped-api-method' : `api-${action.replaceAll('/', '-')}`,
      [record],
      make(),
    );
  }

  function flow(text: string, record: RawRecord, header: RecordHeader): Outcome | undefined {
    const found = FLOW.exec(text.slice(0, 1000));
    if (found === null) return undefined;
    const [whole, from = '', to = '', verdict = ''] = found;
    const host = hostOf(header);
    const time = timeOf(header, record);
    return ignoring.ignored('flow-hit', [record], () =>
      events.make([record], {
        identity: [host, String(header.time?.epochMs ?? ''), digestOf(text)],
        time,
        action: verdict === 'ALLOW' ? 'allow' : 'deny',
        outcome: verdict === 'ALLOW' ? 'success' : 'failure',
        initiator: unknownInitiator(from),
        target: resource('network/connection', `${host}/address/${encodeURIComponent(to)}`, to),
        observer: service(host, 'flow', 'service/security'),
        name: whole,
        reasonCode: verdict,
      }),
    );
  }

  function other(text: string, record: RawRecord, { program }: RecordHeader): Outcome {
    // Alerts in the text form of protocol buffers; the audit trail has them as JSON.
    if (program !== undefined && !PRISM_PROGRAMS.has(program))
      return ignoring.ignored('other-program', [record]);
    if (program === undefined && /^(?:audit|audispd)\b/.test(text))
      return ignoring.ignored('other-program', [record]);
    if (program?.startsWith('audi') === true && !text.includes('audit('))
      return ignoring.ignored('other-program', [record]);
    return deadLetter(
      [record],
      'NUTANIX_RECORD_UNREADABLE',
      `"${text.slice(0, 80)}" is no audit record, no JSON of consolidated_audit and no call of api_audit. Send the modules AUDIT and API_AUDIT of Prism, and the relay of audispd.`,
    );
  }

  function localTime(written: string): EventTime {
    const parsed = parseTimestamp(written.replace(' ', 'T'));
    if (parsed === undefined) return exactTime(Number.NaN);
    if (parsed.zone !== 'assumed-utc') return exactTime(parsed.epochMs);
    const instant = clock.toInstant(parsed.epochMs);
    return instant.certain ? exactTime(instant.epochMs) : guessedTime(instant.epochMs, 'zone');
  }

  function hostOf(header: RecordHeader): string {
    return header.host ?? context.host ?? context.sourceName;
  }

  return {
    push,
    flush: () => machines.flush(),
    get held() {
      return machines.held;
    },
  };
}

function timeOf(header: RecordHeader, record: RawRecord): EventTime {
  return header.time ?? guessedTime(record.receivedMs, 'time');
}

function timeless(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'NUTANIX_TIME_UNREADABLE',
    'The record has no time between 1970 and 2299. Send it as Prism wrote it.',
  );
}
