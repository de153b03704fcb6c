/** Turns lines of the Xen tools into CADF events (README.md tells the mapping). */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { digestOf } from '../../src/normalize/event-draft.ts';
import type { EventTime } from '../../src/normalize/event-time.ts';
import { exactTime, guessedTime, isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { isScriptError, readHotplugLine } from './hotplug-line.ts';
import type { HotplugLine } from './hotplug-line.ts';
import { readLibxlLine } from './libxl-line.ts';
import { hotplugEvent, toldEvent } from './to-event.ts';
import type { Place } from './to-event.ts';
import type { Told } from './told.ts';
import { isTraceback, readXendLine } from './xend-line.ts';
import { readXlLine } from './xl-line.ts';

/** A script waits for its device for seconds; its later errors belong to the same attempt. */
const HOTPLUG_MS = 300_000;
const MAX_LENGTH = 64 * 1024;
const UNIT = /^(Starting|Started|Stopping|Stopped|Failed to start) (?=.{0,120}\b[Xx]en)(.{1,200})$/;

interface Watched {
  readonly name: string;
  readonly domid: string;
  readonly pid: string;
}

/** Settings: `keep` (normalize/outcomes.ts); `timezone` of xend.log and syslog headers (normalize/local-clock.ts). */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const adding = createOpenOperations<Place>({ windowMs: HOTPLUG_MS, maxOperations: 1024 });
  const ofFile = domainOfFile(context.file);
  let watched: Watched | undefined;

  function normalize(record: RawRecord): Outcome {
    const header = readHeader(record, clock);
    const text = header.message.trimEnd();
    if (text === '') return ignoring.ignored('blank-line', [record]);
    if (adding.size > 0 && header.time !== undefined) adding.expire(header.time.epochMs);
    if (text.length > MAX_LENGTH) {
      return deadLetter(
        [record],
        'XEN_LINE_TOO_LONG',
        `The line has ${text.length} characters; the tools of Xen write no such lines.`,
      );
    }
    const hotplug = readHotplugLine(text);
    if (hotplug !== undefined) return scripted(hotplug, record, header);
    const xend = text.charCodeAt(0) === 0x5b ? readXendLine(text) : undefined;
    if (xend !== undefined) {
      const time = localTime(xend.written);
      if (xend.told.kind === 'ignored') return kept(xend.told.rule, text, record, header, 'xend', time);
      const identity = [hostOf(header), xend.written, digestOf(text)];
      return outcome(xend.told, { record, host: hostOf(header), program: 'xend', time, identity });
    }
    return xl(text, record, header) ?? rest(text, record, header);
  }

  function xl(text: string, record: RawRecord, header: RecordHeader): Outcome | undefined {
    const line = readXlLine(text, watched);
    const told = line?.told ?? readLibxlLine(text);
    if (told === undefined) return undefined;
    if (line?.begins !== undefined) watched = line.begins;
    const { name, domid, pid } = watched ?? { name: ofFile ?? '', domid: '', pid: '' };
    if (line?.ends === true) watched = undefined;
    const time = header.time ?? guessedTime(record.receivedMs, 'time');
    if (told.kind === 'ignored') return kept(told.rule, text, record, header, 'xl', time);
    const host = hostOf(header);
    // Without a time, the watch over the domain tells the line from the same one of another run.
    const written = writtenTime(header.time);
    const identity = [host, name, domid, pid, written, digestOf(text)];
    return outcome(namedByFile(told), { record, host, program: 'xl', time, identity });
  }

  /** The beginning of the watch, with the name, may be in a file that was read before, or is gone. */
  function namedByFile(told: Extract<Told, { kind: 'event' }>): Extract<Told, { kind: 'event' }> {
    if (ofFile === undefined || told.domain?.domid === undefined || told.domain.name !== undefined)
      return told;
    return { ...told, domain: { ...told.domain, name: ofFile } };
  }

  function scripted(line: HotplugLine, record: RawRecord, header: RecordHeader): Outcome {
    const time = header.time ?? guessedTime(record.receivedMs, 'time');
    if (line.step === 'detail')
      return kept('hotplug-detail', header.message, record, header, 'xen-hotplug', time);
    if (!isUsableTime(time)) return timeless(record, '');
    const host = hostOf(header);
    const written = writtenTime(header.time);
    const identity = [host, line.path, written, digestOf(header.message)];
    const place: Place = { record, host, program: 'xen-hotplug', time, identity };
    const key = `${host} ${line.path}`;
    if (line.step === 'begins') {
      adding.begin(key, place, time.epochMs);
      return event('hotplug-add', [record], hotplugEvent(line, 'pending', place));
    }
    if (line.step === 'removes')
      return event('hotplug-remove', [record], hotplugEvent(line, 'unknown', place));
    const begun = line.step === 'connected' ? adding.end(key) : adding.peek(key);
    const ended = begun === undefined ? place : { ...place, identity: begun.identity };
    const isDone = line.step === 'connected';
    return event(
      isDone ? 'hotplug-connected' : 'hotplug-failed',
      [record],
      hotplugEvent(line, isDone ? 'success' : 'failure', ended, begun?.record),
    );
  }

  function rest(text: string, record: RawRecord, header: RecordHeader): Outcome {
    const { program } = header;
    const unit = program === 'systemd' ? UNIT.exec(text) : null;
    if (unit !== null) {
      const [, verb = '', name = ''] = unit;
      if (verb === 'Starting' || verb === 'Stopping') return ignoring.ignored('service-detail', [record]);
      const isFailed = verb === 'Failed to start';
      const told: Told = {
        kind: 'event',
        rule: isFailed ? 'service-failed' : verb === 'Stopped' ? 'service-stopped' : 'service-started',
        action: verb === 'Stopped' ? 'stop' : 'start',
        outcome: isFailed ? 'failure' : 'success',
        isService: true,
        name: text,
        reason: verb,
      };
      const host = hostOf(header);
      const time = header.time ?? guessedTime(record.receivedMs, 'time');
      const identity = [host, writtenTime(header.time), digestOf(text)];
      return outcome(told, { record, host, program: serviceOf(name), time, identity });
    }
    if (program === 'kernel') return ignoring.ignored('kernel-message', [record]);
    if (program !== undefined)
      return ignoring.ignored(program.startsWith('xen') ? 'service-detail' : 'other-program', [record]);
    if (isScriptError(text)) return ignoring.ignored('script-stderr', [record]);
    if (isTraceback(text)) return ignoring.ignored('traceback', [record]);
    return deadLetter(
      [record],
      'XEN_LINE_UNREADABLE',
      `"${text.slice(0, 80)}" is no line of xl, libxl, xend or the hotplug scripts. Send xl-DOMAIN.log, xend.log or syslog; qemu-dm and console logs are the guest's own.`,
    );
  }

  /** A line that is a part of what others tell; where a setting keeps it, an event that claims nothing. */
  function kept(
    rule: string,
    text: string,
    record: RawRecord,
    header: RecordHeader,
    program: string,
    time: EventTime,
  ): Outcome {
    if (!isUsableTime(time)) return ignoring.ignored(rule, [record]);
    const host = hostOf(header);
    const told = {
      kind: 'event',
      rule,
      action: 'unknown',
      outcome: 'unknown',
      name: text,
      reason: rule,
    } as const;
    return ignoring.ignored(rule, [record], () =>
      toldEvent(told, {
        record,
        host,
        program,
        time,
        identity: [host, writtenTime(header.time), digestOf(text)],
      }),
    );
  }

  function outcome(told: Extract<Told, { kind: 'event' }>, place: Place): Outcome {
    return isUsableTime(place.time)
      ? event(told.rule, [place.record], toldEvent(told, place))
      : timeless(place.record, place.identity[1] ?? '');
  }

  function localTime(written: string): EventTime {
    const parsed = parseTimestamp(written.replace(' ', 'T'));
    if (parsed === undefined) return exactTime(Number.NaN);
    const instant = clock.toInstant(parsed.epochMs);
    return instant.certain ? exactTime(instant.epochMs) : guessedTime(instant.epochMs, 'zone');
  }

  function hostOf(header: RecordHeader): string {
    return header.host ?? context.host ?? context.sourceName;
  }

  return {
    push: (record) => [normalize(record)],
    flush() {
      watched = undefined;
      adding.clear();
      return [];
    },
    get held() {
      return adding.size + (watched === undefined ? 0 : 1);
    },
  };
}

/** `xl-web1.log`: xl names the log of a domain after it. */
function domainOfFile(file: string | undefined): string | undefined {
  return file === undefined ? undefined : /^xl-(.{1,200})\.log$/s.exec(file)?.[1];
}

/** As the record has it, for its identity: a year that was guessed from the time of arrival is no part of it. */
function writtenTime(time: EventTime | undefined): string {
  if (time === undefined) return '';
  return time.guessed === 'year' && isUsableTime(time)
    ? new Date(time.epochMs).toISOString().slice(5)
    : String(time.epochMs);
}

/** `xen.service - LSB: Xen daemons.` → `xen`. */
function serviceOf(unit: string): string {
  return /^([\w@-]{1,64})\.service\b/.exec(unit)?.[1] ?? 'xen';
}

function timeless(record: RawRecord, written: string): Outcome {
  return deadLetter(
    [record],
    'XEN_TIME_UNREADABLE',
    `"${written.slice(0, 40)}" is no time between 1970 and 2299. Send the line as it was written.`,
  );
}
