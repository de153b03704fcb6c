/** Turns what virsh prints of libvirt's events into CADF events (README.md tells the mapping). */
import { isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { readStamp } from '../libvirt-log/stamp.ts';
import type { Stamp } from '../libvirt-log/stamp.ts';
import {
  hasBody,
  isBodyLine,
  isEventText,
  isOfVirsh,
  readBody,
  readEventLine,
  withoutPrompt,
} from './event-line.ts';
import { meaningOf } from './meaning.ts';
import { toEvent } from './to-event.ts';
import type { Printed } from './to-event.ts';

const MAX_LINES = 256;
const MAX_CHARACTERS = 256 * 1024;

/** Settings: `timezone` (of headers without one), `keep`. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  /** An event whose body may go on. */
  let open: { readonly printed: Printed; readonly records: RawRecord[]; readonly body: string[] } | undefined;
  let characters = 0;

  function close(): Outcome[] {
    if (open === undefined) return [];
    const { printed, records, body } = open;
    open = undefined;
    return [finish({ ...printed, body: readBody(body) }, records)];
  }

  function finish(printed: Printed, records: readonly RawRecord[]): Outcome {
    const meaning = meaningOf(printed.line, printed.body);
    const make = () => toEvent(printed, meaning, records);
    return meaning.isIgnored === true
      ? ignoring.ignored(meaning.rule, records, make)
      : event(meaning.rule, records, make());
  }

  function take(record: RawRecord): Outcome[] {
    const printed = withoutPrompt(record.text);
    const own = readStamp(printed, record.receivedMs, clock);
    const header = own === undefined && !isEventText(printed) ? readHeader(record, clock) : undefined;
    const message = header?.message ?? printed;
    const stamp = own ?? readStamp(message, record.receivedMs, clock);
    const text = stamp === undefined ? message : message.slice(stamp.end);
    if (!isEventText(text)) return other(record, text, header?.program);
    const line = readEventLine(text);
    if (line === undefined) return [...close(), truncated(record)];
    const { time, written } = timeOf(stamp, header?.time ?? sentTime(record), record);
    if (time === undefined || !isUsableTime(time)) return [...close(), unreadableTime(record, written)];
    const host = header?.host ?? record.envelope?.host ?? context.host ?? context.sourceName;
    const shown: Printed = { line, text, stamp: written, time, host, body: new Map() };
    const outcomes = close();
    if (!hasBody(line)) return [...outcomes, finish(shown, [record])];
    open = { printed: shown, records: [record], body: [] };
    characters = record.text.length;
    return outcomes;
  }

  function other(record: RawRecord, text: string, program: string | undefined): Outcome[] {
    if (open !== undefined && isBodyLine(text)) return goOn(open, record, text);
    if (text.trim() === '') return [...close(), ignoring.ignored('blank-line', [record])];
    if (isOfVirsh(text)) return [...close(), ignoring.ignored('virsh-message', [record])];
    if (program !== undefined && program !== 'virsh') return [ignoring.ignored('other-program', [record])];
    return [...close(), notAnEvent(record)];
  }

  function goOn(event: NonNullable<typeof open>, record: RawRecord, text: string): Outcome[] {
    characters += record.text.length;
    if (event.records.length >= MAX_LINES || characters > MAX_CHARACTERS)
      return [ignoring.ignored('body-beyond-bound', [record])];
    event.records.push(record);
    event.body.push(text);
    return [];
  }

  return {
    push(record) {
      if (record.text.length > MAX_CHARACTERS) return [...close(), tooLong(record)];
      return take(record);
    },
    flush: close,
    get held() {
      return open?.records.length ?? 0;
    },
  };
}

function sentTime({ envelope }: RawRecord): Printed['time'] | undefined {
  return envelope?.sentMs === undefined ? undefined : { epochMs: envelope.sentMs };
}

/** Without `--timestamp` virsh prints none: then a header's, or when it came in. */
function timeOf(
  stamp: Stamp | undefined,
  ofHeader: Printed['time'] | undefined,
  { receivedMs }: RawRecord,
): { readonly time: Printed['time'] | undefined; readonly written: string } {
  if (stamp !== undefined) return { time: stamp.time, written: stamp.written };
  if (ofHeader !== undefined) return { time: ofHeader, written: String(ofHeader.epochMs) };
  return { time: { epochMs: receivedMs, guessed: 'time' }, written: '' };
}

function truncated(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'LIBVIRT_EVENTS_TRUNCATED',
    'The event breaks off before the end of its name, or is about something that is neither a domain, network, storage pool, node device nor secret. Send whole lines.',
  );
}

function unreadableTime(record: RawRecord, written: string): Outcome {
  return deadLetter(
    [record],
    'LIBVIRT_EVENTS_TIME_UNREADABLE',
    `"${written}" before the event is no time between 1970 and 2299.`,
  );
}

function notAnEvent(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'LIBVIRT_EVENTS_NOT_AN_EVENT',
    `There is no "event 'KIND' for …", and no event before it whose body this line may be. Send the output of virsh event --all --loop --timestamp.`,
  );
}

function tooLong(record: RawRecord): Outcome {
  return deadLetter(
    [record],
    'LIBVIRT_EVENTS_RECORD_TOO_LONG',
    `The line has ${record.text.length} characters; at most ${MAX_CHARACTERS} are read.`,
  );
}
