/** Turns CIM-XML messages with indications into CADF events (README.md tells the mapping). */
import { guessedTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { digestOf } from '../../src/normalize/event-draft.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event as eventOutcome } from '../../src/normalize/outcomes.ts';
import { service, unknownInitiator } from '../../src/normalize/resources.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { parseCimDatetime } from './cim-datetime.ts';
import { valueOf } from './cim-instance.ts';
import type { CimInstance } from './cim-instance.ts';
import { CimXmlRefusal, readCimXml } from './cim-xml.ts';
import type { CimMessage, CimPart } from './cim-xml.ts';
import { meaningOf } from './meaning.ts';
import { redactCimXml } from './redact-values.ts';
import { events, hostOf, toEvent } from './to-event.ts';
import { asIndication } from './wmi-event.ts';

/** Options: `keep`. Each record stands alone. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    if (header.message.trim() === '') return [ignoring.ignored('blank', [record])];
    const text = redactCimXml(header.message);
    let message: CimMessage;
    try {
      message = readCimXml(text);
    } catch (error) {
      if (error instanceof CimXmlRefusal) return [deadLetter([record], error.code, error.message)];
      throw error;
    }
    if (message.parts.length === 0) return [ignoring.ignored('other-message', [record])];
    const isRedacted = text !== header.message;
    return message.parts.map((part, index) =>
      // A record is in one outcome: of a batch, in that of its first indication; each has its own part attached.
      partOutcome({
        message,
        part,
        header,
        records: index === 0 ? [record] : [],
        attached: attachedRecord(record, isRedacted, message.parts.length > 1 ? part.text : text, header),
        isRedacted,
      }),
    );
  }

  function partOutcome(input: PartInput): Outcome {
    const { message, part, records, header, attached, isRedacted } = input;
    if (message.kind === 'response') return responseOutcome(input);
    if (part.method !== 'ExportIndication')
      return deadLetter(
        records,
        'CIM_METHOD_UNKNOWN',
        `"${part.method.slice(0, 60)}" is no method of a listener; DSP0200 has ExportIndication only.`,
      );
    if (part.indication === undefined)
      return deadLetter(
        records,
        'CIM_INDICATION_MISSING',
        'EXPMETHODCALL has no EXPPARAMVALUE with an INSTANCE. Send the indication as NewIndication.',
      );
    const indication = asIndication(part.indication);
    const time = timeOf(indication, header, attached.receivedMs);
    if (typeof time === 'string') return deadLetter(records, 'CIM_TIME_UNREADABLE', time);
    const meaning = meaningOf(indication);
    const made = toEvent(attached, {
      indication,
      meaning,
      time,
      host: hostOf(indication) ?? hostFrom(header),
      isRedacted,
      ...(message.id === undefined ? {} : { messageId: message.id }),
      ...(message.dtdVersion === undefined ? {} : { dtdVersion: message.dtdVersion }),
    });
    return eventOutcome(meaning.rule, records, made);
  }

  /** What a listener answered: of interest where it refused an indication, which then is not in its log. */
  function responseOutcome({ message, part, records, header, attached }: PartInput): Outcome {
    if (part.error === undefined) return ignoring.ignored('response', records);
    const host = hostFrom(header);
    const listener = service(host, 'cim-listener');
    const made = events.make([attached], {
      identity: [host, message.id ?? '', digestOf(part.text)],
      time: header.time ?? guessedTime(attached.receivedMs, 'time'),
      action: 'receive',
      outcome: 'failure',
      initiator: unknownInitiator(),
      target: listener,
      observer: listener,
      name: part.method,
      reasonCode: part.error.code,
      ...(message.id === undefined ? {} : { operation: message.id }),
    });
    return eventOutcome('export-refused', records, made);
  }

  function hostFrom(header: RecordHeader): string {
    return header.host ?? context.host ?? context.sourceName;
  }

  return { push, flush: () => [], held: 0 };
}

interface PartInput {
  readonly message: CimMessage;
  readonly part: CimPart;
  readonly header: RecordHeader;
  readonly records: readonly RawRecord[];
  readonly attached: RawRecord;
  readonly isRedacted: boolean;
}

/** The record as it came, unless a secret had to go or it holds several indications. */
function attachedRecord(
  record: RawRecord,
  isRedacted: boolean,
  text: string,
  { message }: RecordHeader,
): RawRecord {
  if (!isRedacted && text.length === message.length) return record;
  return { text, receivedMs: record.receivedMs };
}

/** A text says what is wrong. An alert tells when it happened (EventTime) and when it was told (IndicationTime). */
function timeOf(indication: CimInstance, header: RecordHeader, receivedMs: number): EventTime | string {
  const name = valueOf(indication, 'EventTime') === undefined ? 'IndicationTime' : 'EventTime';
  const text = valueOf(indication, name);
  if (text === undefined) return header.time ?? guessedTime(receivedMs, 'time');
  const time = parseCimDatetime(text);
  if (time === 'interval')
    return `${name} "${text.slice(0, 60)}" is a length of time. Send a time: yyyymmddhhmmss.mmmmmm+utc.`;
  return (
    time ??
    `${name} "${text.slice(0, 60)}" is no time between 1970 and 2299. Send yyyymmddhhmmss.mmmmmm+utc, the offset in minutes.`
  );
}
