/** Turns libvirt's audit records into CADF events, one machine operation per event (README.md tells the mapping). */
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { readAuditLine } from './audit-line.ts';
import type { AuditLine } from './audit-line.ts';
import { toDevice } from './device.ts';
import { createHeldRecords } from './held-records.ts';
import { activity, controlMeaning, dockerMeaning, isDocker, resourceMeaning } from './mapping.ts';
import type { Meaning } from './mapping.ts';
import { last } from './payload.ts';
import { hostOf, toEvent } from './to-event.ts';
import type { Entry } from './to-event.ts';

/** auditd's own limit is 8,970 bytes; syslog and journal put a header before it. */
const MAX_LINE_LENGTH = 16 * 1024;

/** The year 2300: what CADF events are refused after. */
const END_OF_TIMES_MS = 10_413_792_000_000;

/** Options: `cgroup` = `events` emits a control event per device granted or denied (about ten per start); else ignored. */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const held = createHeldRecords();

  function push(record: RawRecord): Outcome[] {
    if (record.text.length > MAX_LINE_LENGTH) {
      return [
        deadLetter(
          record,
          'LIBVIRT_RECORD_TOO_LONG',
          `The line has ${record.text.length} characters; audit records have at most 8,970 bytes.`,
        ),
      ];
    }
    const line = readAuditLine(record);
    if (line.kind === 'other') return [{ kind: 'ignored', rule: line.rule, records: [record] }];
    if (line.kind === 'unreadable') return [deadLetter(record, line.code, line.detail)];
    const entry: Entry = { record, line };
    const outcomes = held.expire(line.timeMs).map(withoutStart);
    outcomes.push(...normalize(entry));
    return outcomes;
  }

  function normalize(entry: Entry): Outcome[] {
    const { line, record } = entry;
    const { payload } = line;
    if (!Number.isSafeInteger(line.timeMs) || line.timeMs >= END_OF_TIMES_MS) {
      return [
        deadLetter(record, 'LIBVIRT_TIME_UNREADABLE', `The time ${line.stamp} is after the year 2299.`),
      ];
    }
    if (last(payload, 'vm') === undefined && last(payload, 'uuid') === undefined && !isDocker(payload)) {
      return [
        deadLetter(
          record,
          'LIBVIRT_MACHINE_MISSING',
          'The record has neither vm nor uuid, so nobody can say which machine it is about.',
        ),
      ];
    }
    switch (line.type) {
      case 'VIRT_CONTROL':
        return control(entry);
      case 'VIRT_RESOURCE':
        return resource(entry);
      case 'VIRT_MACHINE_ID':
        return hold(entry);
      default:
        return [event(entry, activity('unknown', `unmapped-${line.type.toLowerCase()}`))];
    }
  }

  function control(entry: Entry): Outcome[] {
    const { payload } = entry.line;
    if (isDocker(payload)) return [event(entry, dockerMeaning(payload))];
    const op = last(payload, 'op');
    if (op === 'init') return hold(entry);
    const machine = machineOf(entry.line, context);
    if (op !== 'start') return [...stranded(machine), event(entry, controlMeaning(payload))];
    // The first process of an earlier run of this container has another monitor process.
    const details = held.take(machine, (detail) => isOfStart(detail.line, entry.line));
    return [...stranded(machine), event(entry, controlMeaning(payload), details)];
  }

  function stranded(machine: string): Outcome[] {
    const group = held.take(machine);
    return group.length === 0 ? [] : [withoutStart(group)];
  }

  function resource(entry: Entry): Outcome[] {
    const { payload } = entry.line;
    const kind = last(payload, 'resrc');
    const reason = last(payload, 'reason');
    if (kind === 'cgroup' && context.options?.['cgroup'] !== 'events') {
      return [{ kind: 'ignored', rule: 'cgroup-device-rule', records: [entry.record] }];
    }
    if (reason === 'start' || reason === 'open') return hold(entry);
    return [event(entry, resourceMeaning(payload), openedFor(entry))];
  }

  /** Attaching a network card opens its device first; that record waits like those of a start. */
  function openedFor(entry: Entry): readonly Entry[] {
    const card = last(entry.line.payload, 'new-net');
    if (card === undefined) return [];
    return held.take(
      machineOf(entry.line, context),
      ({ line }) => last(line.payload, 'reason') === 'open' && last(line.payload, 'net') === card,
    );
  }

  function hold(entry: Entry): Outcome[] {
    return held.add(machineOf(entry.line, context), entry).map(withoutStart);
  }

  function event(entry: Entry, meaning: Meaning, details: readonly Entry[] = []): Outcome {
    const own = entry.line.type === 'VIRT_RESOURCE' ? [entry] : [];
    const devices = [...own, ...details.filter((detail) => detail.line.type !== 'VIRT_CONTROL')].map(
      ({ line }) => toDevice(line.payload, line.type === 'VIRT_MACHINE_ID'),
    );
    return {
      kind: 'event',
      event: toEvent(entry, meaning, context, devices, details),
      rule: meaning.rule,
      records: [entry.record, ...details.map((detail) => detail.record)],
    };
  }

  /** Records that wait for a start that did not come: one event that keeps them and claims no start and no success. */
  function withoutStart(group: readonly Entry[]): Outcome {
    const [entry, ...rest] = group;
    if (entry === undefined) throw new Error('a group has at least one record');
    const meaning = activity('unknown', 'start-records-without-start');
    return event(entry, { ...meaning, outcome: 'unknown', withoutStart: true }, rest);
  }

  return {
    push,
    flush: () => held.clear().map(withoutStart),
    get held() {
      return held.size;
    },
  };
}

/** Which machine a record is about, among all hosts whose records come through one source. */
function machineOf(line: AuditLine, context: NormalizerContext): string {
  return `${hostOf(line, context)}\n${last(line.payload, 'uuid') ?? last(line.payload, 'vm') ?? ''}`;
}

function isOfStart(detail: AuditLine, start: AuditLine): boolean {
  return detail.type !== 'VIRT_CONTROL' || last(detail.payload, 'vm-pid') === last(start.payload, 'vm-pid');
}

function deadLetter(record: RawRecord, code: string, detail: string): Outcome {
  return { kind: 'dead-letter', code, detail, records: [record] };
}
