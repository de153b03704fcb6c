/** Turns events of Hyper-V's Windows event logs into CADF events (README.md tells the mapping). */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { exactTime, guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { createIgnoring, deadLetter, event as eventOutcome } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { createAssembly } from './assembly.ts';
import type { Assembled } from './assembly.ts';
import { readEventJson } from './event-json.ts';
import { readEventViewerText } from './event-viewer-text.ts';
import type { DateOrder } from './event-viewer-text.ts';
import { readEventXml } from './event-xml.ts';
import { diskPath, machineFacts } from './facts.ts';
import { isHyperV, meaningOf, operationOf } from './meanings.ts';
import { identityOf, toEvent } from './to-event.ts';
import type { EventInput } from './to-event.ts';
import type { FoundEvent, ReadResult, WindowsEvent } from './windows-event.ts';

/** The two records of one new machine come within a second. */
const CREATION_WINDOW_MS = 120_000;

interface Begun {
  readonly identity: readonly string[];
  readonly event: WindowsEvent;
  readonly record: RawRecord;
}

/** Options: `keep`; `timezone` and `dateOrder` (`mdy`, `dmy`, `ymd`) for what is written in local time. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const dateOrder = toDateOrder(context.options?.['dateOrder']);
  const ignoring = createIgnoring(context);
  const assembly = createAssembly();
  const creations = createOpenOperations<Begun>({ windowMs: CREATION_WINDOW_MS });
  const diskOperations = createOpenOperations<Begun>();

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    const done = assembly.add(record, header.message);
    return done.flatMap((assembled) => outcomes(assembled, header));
  }

  function outcomes(assembled: Assembled, header: RecordHeader): Outcome[] {
    const { kind, text, records } = assembled;
    if (kind === 'blank') return [ignoring.ignored('blank-line', records)];
    if (kind === 'frame') return [ignoring.ignored('frame', records)];
    if (kind === 'too-long')
      return [
        deadLetter(
          records,
          'HYPERV_RECORD_TOO_LONG',
          'The event is not closed after 256 lines, or 256 KiB. Send it whole, or one event per record.',
        ),
      ];
    const read = readText(kind, text);
    if ('code' in read) return [deadLetter(records, read.code, read.detail)];
    // A record is in one outcome: with several events in it, in the first one's.
    return read.events.map((found, index) =>
      toOutcome(found, index === 0 ? records : [], attachedRecord(records, found, text), header),
    );
  }

  function readText(kind: Assembled['kind'], text: string): ReadResult {
    if (kind === 'xml') return readEventXml(text);
    if (kind === 'json') return readEventJson(text);
    if (kind === 'text') return readEventViewerText(text, dateOrder);
    return {
      code: 'HYPERV_NOT_AN_EVENT',
      detail:
        'The record is neither XML nor JSON of a Windows event, nor text of Event Viewer. Send what wevtutil qe CHANNEL /f:xml gives, or the JSON of a shipper.',
    };
  }

  function toOutcome(
    { event }: FoundEvent,
    records: readonly RawRecord[],
    attached: RawRecord,
    header: RecordHeader,
  ): Outcome {
    if (Number.isNaN(event.eventId))
      return deadLetter(records, 'HYPERV_EVENT_ID_MISSING', 'The event has no number in System/EventID.');
    if (event.provider === '' && (event.channel ?? '') === '')
      return deadLetter(
        records,
        'HYPERV_PROVIDER_MISSING',
        'Neither provider nor channel is told, and numbers mean other things with each provider. Send System/Provider too.',
      );
    if (!isHyperV(event.provider, event.channel)) return ignoring.ignored('other-provider', records);
    const time = timeOf(event, header);
    if (time === undefined || !isUsableTime(time))
      return deadLetter(
        records,
        'HYPERV_TIME_UNREADABLE',
        `"${(event.time?.text ?? '').slice(0, 60)}" is no time between 1970 and 2299. Send System/TimeCreated as Windows exports it.`,
      );
    const meaning = meaningOf(event);
    const computer = event.computer ?? header.host ?? context.host ?? context.sourceName;
    const own: EventInput = { event, meaning, time, computer, identity: identityOf(event, computer) };
    creations.expire(time.epochMs);
    diskOperations.expire(time.epochMs);
    if (meaning.isNoise === true)
      return ignoring.ignored(meaning.rule, records, () => toEvent([attached], own));
    const { input, related } = joined(own, attached);
    return eventOutcome(meaning.rule, records, toEvent([attached, ...related], input));
  }

  /** Events that are versions of one: the two records of a new machine, beginning and end of a disk operation. */
  function joined(own: EventInput, record: RawRecord): { input: EventInput; related: readonly RawRecord[] } {
    const { event, meaning } = own;
    if (meaning.rule === 'machine-created') return { input: joinCreation(own, record), related: [] };
    if (meaning.part === undefined) return { input: own, related: [] };
    const operation = [operationOf(event, meaning), diskPath(event) ?? ''].join(' ');
    const key = `${own.computer}\n${operation}`.toLowerCase();
    if (meaning.part === 'begin') {
      diskOperations.begin(key, { identity: own.identity, event, record }, own.time.epochMs);
      return { input: { ...own, operation }, related: [] };
    }
    const begun = diskOperations.end(key);
    if (begun === undefined) return { input: { ...own, operation }, related: [] };
    const { identity, event: beganBy } = begun;
    return { input: { ...own, operation, identity, beganBy }, related: [begun.record] };
  }

  function joinCreation(own: EventInput, record: RawRecord): EventInput {
    const { event } = own;
    const { id } = machineFacts(event);
    if (id === undefined) return own;
    const key = `${own.computer}\n${id}`;
    const operation = `Create ${id}`;
    const first = creations.peek(key);
    if (first !== undefined && first.event.eventId !== event.eventId) {
      creations.end(key);
      return { ...own, operation, identity: first.identity };
    }
    creations.begin(key, { identity: own.identity, event, record }, own.time.epochMs);
    return { ...own, operation };
  }

  function timeOf({ time }: WindowsEvent, header: RecordHeader): EventTime | undefined {
    if (time === undefined) return header.time;
    const parsed = parseTimestamp(time.text);
    if (parsed === undefined) return undefined;
    if (parsed.zone !== 'assumed-utc' || time.unzoned === 'utc') return exactTime(parsed.epochMs);
    const { epochMs, certain } = clock.toInstant(parsed.epochMs);
    return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
  }

  return {
    push,
    flush() {
      const rest = assembly.close().flatMap((one) => outcomes(one, { form: 'none', message: '' }));
      creations.clear();
      diskOperations.clear();
      return rest;
    },
    get held() {
      return assembly.held + creations.size + diskOperations.size;
    },
  };
}

/** The record as it is attached: one text, also where it came in several lines, and the event's own part of it. */
function attachedRecord(records: readonly RawRecord[], { part }: FoundEvent, text: string): RawRecord {
  const [first, ...others] = records;
  if (first === undefined) throw new Error('an assembled event has at least one record');
  if (part !== undefined) return { text: part, receivedMs: first.receivedMs };
  if (others.length === 0) return first;
  const lines = records.map((record) => record.text).join('\n');
  return { text: lines === '' ? text : lines, receivedMs: first.receivedMs };
}

function toDateOrder(text: string | undefined): DateOrder | undefined {
  return text === 'mdy' || text === 'dmy' || text === 'ymd' ? text : undefined;
}
