/**
 * Makes the events of the records libvirt writes about machines, one per operation: what belongs to a start waits for
 * it and is folded in (README.md tells the mapping). The audit log and the daemon's own log carry the same records.
 */
import { createIgnoring, deadLetter } from '../../src/normalize/outcomes.ts';
import { isUsableTime } from '../../src/normalize/event-time.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import type { NormalizerContext, Outcome } from '../../src/source.ts';
import type { AuditLine } from './audit-line.ts';
import { toDevice } from './device.ts';
import { createHeldRecords } from './held-records.ts';
import {
  controlMeaning,
  dockerMeaning,
  isDocker,
  meaningOf,
  recordOutcome,
  resourceMeaning,
} from './mapping.ts';
import type { Meaning } from './mapping.ts';
import { last } from './payload.ts';
import { createMachineEvents } from './to-event.ts';
import type { Entry } from './to-event.ts';

/** A container tells its first process within seconds of its start. Time of the log. */
const INIT_WINDOW_MS = 5 * 60_000;
const MAX_CONTAINERS = 256;

/** A container whose start is told and whose first process is not. */
interface StartedContainer {
  readonly start: Entry;
  readonly details: readonly Entry[];
}

export interface MachineRecords {
  /** Takes a record in; the outcomes it decides, also of records that waited. */
  add(entry: Entry): Outcome[];
  flush(): Outcome[];
  /** Records that wait, and starts of containers that a later record may complete. */
  readonly held: number;
}

/**
 * Settings: `cgroup` = `events` emits a control event per device granted or denied (about ten per start), `keep` =
 * `cgroup-device-rule` does the same; else they are ignored.
 */
export function createMachineRecords(sourceId: string, context: NormalizerContext): MachineRecords {
  const held = createHeldRecords();
  const containers = createOpenOperations<StartedContainer>({
    windowMs: INIT_WINDOW_MS,
    maxOperations: MAX_CONTAINERS,
  });
  const events = createMachineEvents(sourceId, context);
  const ignoring = createIgnoring(context);
  const emitsRules = context.options?.['cgroup'] === 'events';

  function normalize(entry: Entry): Outcome[] {
    switch (entry.line.type) {
      case 'VIRT_CONTROL':
        return control(entry);
      case 'VIRT_RESOURCE':
        return resource(entry);
      case 'VIRT_MACHINE_ID':
        return hold(entry);
      default:
        return [event(entry, meaningOf('unknown', `unmapped-${entry.line.type.toLowerCase()}`))];
    }
  }

  function control(entry: Entry): Outcome[] {
    const { payload } = entry.line;
    if (isDocker(payload)) return [event(entry, dockerMeaning(payload))];
    const op = last(payload, 'op');
    const machine = machineOf(entry.line);
    if (op === 'init') return completed(entry, machine) ?? hold(entry);
    containers.end(machine);
    if (op !== 'start') return [...stranded(machine), event(entry, controlMeaning(payload))];
    // The first process of an earlier run of this container has another monitor process.
    const details = held.take(machine, (detail) => isOfStart(detail.line, entry.line));
    if (awaitsInit(entry.line, details))
      containers.begin(machine, { start: entry, details }, entry.line.time.epochMs);
    return [...stranded(machine), event(entry, controlMeaning(payload), details)];
  }

  /**
   * libvirt holds the container's lock until its start is told, so its first process is mostly told after it: a later
   * version of the start, which has it too. Undefined where no start of this run is known.
   */
  function completed(entry: Entry, machine: string): Outcome[] | undefined {
    const started = containers.peek(machine);
    if (started === undefined || !isOfStart(entry.line, started.start.line)) return undefined;
    containers.end(machine);
    const { start, details } = started;
    const meaning = controlMeaning(start.line.payload);
    return [
      {
        kind: 'event',
        event: made(start, meaning, [...details, entry]),
        rule: meaning.rule,
        records: [entry.record],
      },
    ];
  }

  function stranded(machine: string): Outcome[] {
    const group = held.take(machine);
    return group.length === 0 ? [] : [withoutStart(group)];
  }

  function resource(entry: Entry): Outcome[] {
    const { payload } = entry.line;
    const reason = last(payload, 'reason');
    if (last(payload, 'resrc') === 'cgroup' && !emitsRules) {
      const make = () => made(entry, resourceMeaning(payload), []);
      return [ignoring.ignored('cgroup-device-rule', [entry.record], make)];
    }
    if (reason === 'start' || reason === 'open') return hold(entry);
    return [event(entry, resourceMeaning(payload), openedFor(entry))];
  }

  /** Attaching a network card opens its device first; that record waits like those of a start. */
  function openedFor(entry: Entry): readonly Entry[] {
    const card = last(entry.line.payload, 'new-net');
    if (card === undefined) return [];
    return held.take(
      machineOf(entry.line),
      ({ line }) => last(line.payload, 'reason') === 'open' && last(line.payload, 'net') === card,
    );
  }

  function hold(entry: Entry): Outcome[] {
    return held.add(machineOf(entry.line), entry).map(withoutStart);
  }

  function made(entry: Entry, meaning: Meaning, details: readonly Entry[]) {
    const own = entry.line.type === 'VIRT_RESOURCE' ? [entry] : [];
    const devices = [...own, ...details.filter((detail) => detail.line.type !== 'VIRT_CONTROL')].map(
      ({ line }) => toDevice(line.payload, line.type === 'VIRT_MACHINE_ID'),
    );
    return events.toEvent(entry, meaning, devices, details);
  }

  function event(entry: Entry, meaning: Meaning, details: readonly Entry[] = []): Outcome {
    return {
      kind: 'event',
      event: made(entry, meaning, details),
      rule: meaning.rule,
      records: [entry.record, ...details.map((detail) => detail.record)],
    };
  }

  /** Records that wait for a start that did not come: one event that keeps them and claims no start and no success. */
  function withoutStart(group: readonly Entry[]): Outcome {
    const [entry, ...rest] = group;
    if (entry === undefined) throw new Error('a group has at least one record');
    const meaning = meaningOf('unknown', 'start-records-without-start');
    return event(entry, { ...meaning, outcome: 'unknown', withoutStart: true }, rest);
  }

  /** Which machine a record is about, among all hosts whose records come through one source. */
  function machineOf(line: AuditLine): string {
    return `${events.hostOf(line)}\n${last(line.payload, 'uuid') ?? last(line.payload, 'vm') ?? ''}`;
  }

  return {
    add(entry) {
      const { line, record } = entry;
      if (!isUsableTime(line.time)) {
        const detail = `The time ${line.stamp} is after the year 2299.`;
        return [deadLetter([record], 'LIBVIRT_TIME_UNREADABLE', detail)];
      }
      const outcomes = held.expire(line.time.epochMs).map(withoutStart);
      containers.expire(line.time.epochMs);
      const { payload } = line;
      if (last(payload, 'vm') === undefined && last(payload, 'uuid') === undefined && !isDocker(payload)) {
        const detail = 'The record has neither vm nor uuid, so nobody can say which machine it is about.';
        outcomes.push(deadLetter([record], 'LIBVIRT_MACHINE_MISSING', detail));
      } else outcomes.push(...normalize(entry));
      return outcomes;
    },
    flush() {
      containers.clear();
      return held.clear().map(withoutStart);
    },
    get held() {
      return held.size + containers.size;
    },
  };
}

/** Of a container that came up, and whose first process did not come before. */
function awaitsInit({ payload }: AuditLine, details: readonly Entry[]): boolean {
  return (
    last(payload, 'virt') === 'lxc' &&
    recordOutcome(payload) !== 'failure' &&
    !details.some(({ line }) => line.type === 'VIRT_CONTROL')
  );
}

function isOfStart(detail: AuditLine, start: AuditLine): boolean {
  return detail.type !== 'VIRT_CONTROL' || last(detail.payload, 'vm-pid') === last(start.payload, 'vm-pid');
}
