/** Turns nova's log lines into CADF events (README.md tells the mapping). */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { exactTime, guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { apiMeaning } from './api-request.ts';
import { instanceMeaning } from './instance-messages.ts';
import type { InstanceMeaning } from './instance-messages.ts';
import { extend, isPartOf, isStrayTraceback, mayGoOn, openRecord } from './open-record.ts';
import type { OpenRecord } from './open-record.ts';
import { readOsloLine } from './oslo-line.ts';
import type { OsloLine } from './oslo-line.ts';
import {
  apiEvent,
  instanceEvent,
  instanceOf,
  operationIdentity,
  operationKey,
  requestOf,
} from './to-event.ts';
import type { Begun, NovaLine } from './to-event.ts';

/** Options: `keep`, `timezone` (of the machines that wrote the log; times have none). */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const operations = createOpenOperations<Begun>();
  let open: OpenRecord | undefined;

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    const line = readOsloLine(header.message);
    if (open !== undefined && (line === undefined || isPartOf(open, line)) && extend(open, record)) return [];
    const closed = close();
    if (line === undefined) return [...closed, stray(record, header.message)];
    const next = openRecord(line, header, record);
    if (!mayGoOn(line)) return [...closed, outcomeOf(next)];
    open = next;
    return closed;
  }

  function close(): Outcome[] {
    if (open === undefined) return [];
    const done = open;
    open = undefined;
    return [outcomeOf(done)];
  }

  function stray(record: RawRecord, message: string): Outcome {
    if (message.trim() === '') return ignoring.ignored('blank-line', [record]);
    if (isStrayTraceback(message)) return ignoring.ignored('traceback', [record]);
    return deadLetter(
      [record],
      'NOVA_NOT_A_LOG_LINE',
      'There is no "DATE TIME PID LEVEL LOGGER" at the beginning. Send lines as oslo.log writes them by default.',
    );
  }

  function outcomeOf({ line, header, records }: OpenRecord): Outcome {
    if (line.level === 'DEBUG' || line.level === 'TRACE') return ignoring.ignored('debug-message', records);
    const time = timeOf(line, header, records);
    if (time === undefined || !isUsableTime(time))
      return deadLetter(
        records,
        'NOVA_TIME_UNREADABLE',
        `"${line.time ?? ''}" is no time between 1970 and 2299. Send lines as oslo.log writes them.`,
      );
    const nova: NovaLine = {
      line,
      time,
      host: header.host ?? context.host ?? context.sourceName,
      program: programOf(line, header),
      records: attached(records),
    };
    const request = requestOf(line);
    if (request !== undefined) {
      const meaning = apiMeaning(request, familyOf(nova.program));
      const make = (): ReturnType<typeof apiEvent> => apiEvent(nova, request, meaning);
      return meaning.isNoise
        ? ignoring.ignored(meaning.rule, records, make)
        : event(meaning.rule, records, make());
    }
    if (!line.logger.startsWith('nova')) return ignoring.ignored('other-program', records);
    return instanceOutcome(nova, records);
  }

  function instanceOutcome(nova: NovaLine, records: readonly RawRecord[]): Outcome {
    const { line, time } = nova;
    operations.expire(time.epochMs);
    const meaning = instanceMeaning(line.message) ?? unknownMeaning(line);
    const hasInstance = instanceOf(line) !== undefined;
    if (meaning === undefined || !hasInstance)
      return ignoring.ignored('service-message', records, () =>
        instanceEvent(nova, { rule: 'service-message', action: 'unknown', outcome: 'unknown' }),
      );
    if (meaning.isNoise === true)
      return ignoring.ignored(meaning.rule, records, () => instanceEvent(nova, meaning));
    const begun = joinOperation(nova, meaning);
    const related = begun === undefined || begun.record === nova.records[0] ? [] : [begun.record];
    return event(
      meaning.rule,
      records,
      instanceEvent({ ...nova, records: [...nova.records, ...related] }, meaning, begun),
    );
  }

  /** The beginning that this line goes on with or ends; a beginning is remembered. */
  function joinOperation(nova: NovaLine, meaning: InstanceMeaning): Begun | undefined {
    const { operation, part } = meaning;
    if (operation === undefined || part === undefined) return undefined;
    const key = `${nova.host} ${operationKey(nova, operation)}`;
    const requestId = nova.line.context?.requestId;
    const found = part === 'end' ? operations.end(key) : operations.peek(key);
    // Another request's operation of the same kind is not this one's.
    const isSame =
      found !== undefined &&
      (requestId === undefined || found.requestId === undefined || found.requestId === requestId);
    if (isSame) return found;
    const [record] = nova.records;
    if (part !== 'end' && record !== undefined)
      operations.begin(
        key,
        { identity: operationIdentity(nova, meaning), requestId, context: nova.line.context, record },
        nova.time.epochMs,
      );
    return undefined;
  }

  function timeOf(
    line: OsloLine,
    header: RecordHeader,
    records: readonly RawRecord[],
  ): EventTime | undefined {
    if (line.time === undefined) return header.time ?? guessedTime(records[0]?.receivedMs ?? 0, 'time');
    const parsed = parseTimestamp(line.time);
    if (parsed === undefined) return undefined;
    if (parsed.zone !== 'assumed-utc') return exactTime(parsed.epochMs);
    const { epochMs, certain } = clock.toInstant(parsed.epochMs);
    return certain ? exactTime(epochMs) : guessedTime(epochMs, 'zone');
  }

  return {
    push,
    flush() {
      const rest = close();
      operations.clear();
      return rest;
    },
    get held() {
      return operations.size + (open?.records.length ?? 0);
    },
  };
}

/** What the table does not know: told where a person or an error is behind it. */
function unknownMeaning({ level, context, instance }: OsloLine): InstanceMeaning | undefined {
  // A UUID in the text of a message may be anything's.
  if (instance === undefined) return undefined;
  if (level === 'ERROR' || level === 'CRITICAL')
    return { rule: 'unmapped-instance-error', action: 'unknown', outcome: 'failure' };
  if (context?.user === undefined) return undefined;
  return { rule: 'unmapped-instance-message', action: 'unknown', outcome: 'unknown' };
}

/** One text where a record came in several lines. */
function attached(records: readonly RawRecord[]): readonly RawRecord[] {
  const [first] = records;
  if (first === undefined || records.length === 1) return records;
  const rest = records.slice(1).map((record) => record.text);
  return [first, { text: rest.join('\n'), receivedMs: first.receivedMs }];
}

const FAMILIES: readonly (readonly [string, string])[] = [
  ['neutron', 'service/network'],
  ['cinder', 'service/storage/block'],
  ['glance', 'service/image'],
  ['keystone', 'service/security'],
];

/** Other services log their requests in the same form. */
function familyOf(program: string): string {
  return FAMILIES.find(([name]) => program.startsWith(name))?.[1] ?? 'service/compute';
}

/** Service that wrote the line: as its transport or file says, else by the module. */
function programOf(line: OsloLine, header: RecordHeader): string {
  const told = line.file ?? header.program;
  if (told !== undefined && /nova|cinder|neutron|glance|keystone|placement/.test(told)) return told;
  const [root = 'nova', part = ''] = line.logger.split('.', 2);
  if (root !== 'nova') return root.replaceAll('_', '-');
  if (part === 'osapi_compute' || part === 'api') return 'nova-api';
  if (part === 'metadata') return 'nova-api-metadata';
  if (part === 'scheduler' || part === 'conductor' || part === 'network') return `nova-${part}`;
  return part === 'compute' || part === 'virt' ? 'nova-compute' : 'nova';
}
