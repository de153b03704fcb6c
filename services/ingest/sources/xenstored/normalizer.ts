/** Turns lines of xenstored's access log into CADF events (README.md tells the mapping). */
import type { EventTime } from '../../src/normalize/event-time.ts';
import { isUsableTime } from '../../src/normalize/event-time.ts';
import { readHeader } from '../../src/normalize/header.ts';
import type { RecordHeader } from '../../src/normalize/header.ts';
import { createLocalClock } from '../../src/normalize/local-clock.ts';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import { createIgnoring, deadLetter, event } from '../../src/normalize/outcomes.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord } from '../../src/source.ts';
import { readAccessLine, timeOf } from './access-line.ts';
import type { AccessLine } from './access-line.ts';
import { meaningOf } from './meaning.ts';
import type { Meaning } from './meaning.ts';
import { createPendingWrites } from './pending-writes.ts';
import type { Change, PendingChange } from './pending-writes.ts';
import { createRecentSigns } from './recent-signs.ts';
import { announcedEvent, changeEvent, keptEvent, refusedEvent, startEvent, stopEvent } from './to-event.ts';
import type { DomainFacts } from './to-event.ts';

/** From the first write of a domain's tree to its start, also where its memory is read from a file. */
const CREATION_MS = 600_000;
const PROGRAMS = new Set(['xenstored', 'oxenstored', 'xenstored-access']);

interface Seen {
  readonly record: RawRecord;
  readonly line: AccessLine;
  readonly host: string;
  readonly time: EventTime;
}

/** Settings: `keep` (normalize/outcomes.ts); `timezone` for the C trace and syslog headers (normalize/local-clock.ts). */
export function createNormalizer(context: NormalizerContext): Normalizer {
  const clock = createLocalClock(context.options?.['timezone']);
  const ignoring = createIgnoring(context);
  const writes = createPendingWrites();
  const creations = createOpenOperations<DomainFacts>({ windowMs: CREATION_MS, maxOperations: 256 });
  const signs = createRecentSigns();
  const held = (): number => writes.size + creations.size + signs.size;

  function push(record: RawRecord): Outcome[] {
    const header = readHeader(record, clock);
    const read = readAccessLine(header.message);
    if (read === undefined) return [unread(record, header)];
    const host = header.host ?? context.host ?? context.sourceName;
    const open = read.form === 'trace' ? `${host} ${read.connection}` : undefined;
    const line = open !== undefined && writes.isOpen(open) ? { ...read, transaction: '+' } : read;
    const meaning = meaningOf(line);
    const make = () => keptEvent({ host, line, time: timeAt(line, header) ?? NO_TIME, records: [record] });
    if (meaning.kind === 'noise' && writes.size === 0 && creations.size === 0 && signs.size === 0)
      return [ignoring.ignored(meaning.rule, [record], usable(line, header) ? make : undefined)];
    const time = timeAt(line, header);
    if (time === undefined || !isUsableTime(time)) {
      return meaning.kind === 'noise'
        ? [ignoring.ignored(meaning.rule, [record])]
        : [unreadableTime(record, line)];
    }
    const outcomes = writes.expire(time.epochMs).map((late) => changed(late, false));
    creations.expire(time.epochMs);
    signs.expire(time.epochMs);
    outcomes.push(...normalize({ record, line, host, time }, meaning));
    return outcomes;
  }

  function timeAt(line: AccessLine, header: RecordHeader): EventTime | undefined {
    return line.written === '' ? header.time : timeOf(line, clock);
  }

  function usable(line: AccessLine, header: RecordHeader): boolean {
    const time = context.options?.['keep'] === undefined ? undefined : timeAt(line, header);
    return time !== undefined && isUsableTime(time);
  }

  function normalize(seen: Seen, meaning: Meaning): Outcome[] {
    const { record, line, host, time } = seen;
    const base = { host, line, time, records: [record] };
    const transaction = `${host} ${line.connection}${line.form === 'access' ? `.${line.transaction}` : ''}`;
    const ignored = (rule: string): Outcome[] => [ignoring.ignored(rule, [record], () => keptEvent(base))];
    switch (meaning.kind) {
      case 'noise':
        return ignored(meaning.rule);
      case 'change':
      case 'device':
        return change(seen, meaning, transaction);
      case 'domain-tree': {
        const key = `${host} ${meaning.domain}`;
        const facts = creations.peek(key) ?? { connection: line.connection };
        creations.begin(
          key,
          meaning.uuid === undefined ? facts : { ...facts, uuid: meaning.uuid },
          time.epochMs,
        );
        return ignored('store-detail');
      }
      case 'started':
      case 'stopped': {
        const sign = `${host} ${meaning.kind} ${meaning.domain}`;
        if (signs.has(sign)) return ignored('announcement');
        signs.note(sign, time.epochMs);
        const isStart = meaning.kind === 'started';
        signs.note(`${host} ${isStart ? '@introduceDomain' : '@releaseDomain'}`, time.epochMs);
        const facts = creations.end(`${host} ${meaning.domain}`);
        return [
          isStart
            ? event('domain-started', [record], startEvent(base, meaning.domain, facts))
            : event('domain-stopped', [record], stopEvent(base, meaning.domain)),
        ];
      }
      case 'watched':
        signs.note(`${host} ${line.connection} ${meaning.token}`, time.epochMs);
        return ignored('watch');
      case 'announced': {
        // A watch fires once when it is set.
        if (signs.take(`${host} ${line.connection} ${meaning.token}`)) return ignored('watch');
        const sign = `${host} ${meaning.path}`;
        if (signs.has(sign)) return ignored('announcement');
        signs.note(sign, time.epochMs);
        const isStart = meaning.path === '@introduceDomain';
        const rule = isStart ? 'domain-announced' : 'domain-released';
        return [event(rule, [record], announcedEvent(base, isStart))];
      }
      case 'began':
        writes.begin(transaction, time.epochMs);
        return ignored('protocol');
      case 'committed':
        return [...writes.end(transaction).map((pending) => changed(pending, true)), ...ignored('protocol')];
      case 'aborted':
        return [
          ...writes
            .end(transaction)
            .map(({ records }) => ignoring.ignored('transaction-not-committed', records)),
          ...ignored('protocol'),
        ];
      case 'refused':
        return [event('access-denied', [record], refusedEvent(base, meaning.error))];
    }
  }

  function change({ record, line, host, time }: Seen, meaning: Change, transaction: string): Outcome[] {
    const key = `${host} ${meaning.domain}`;
    const facts = creations.peek(key);
    if (facts !== undefined && meaning.kind === 'change' && meaning.action === 'update') {
      if (meaning.rule === 'renamed') creations.begin(key, { ...facts, name: meaning.value }, time.epochMs);
      return [ignoring.ignored('store-detail', [record])];
    }
    const pending: PendingChange = { records: [record], host, line, time, change: meaning };
    if (line.transaction === undefined) return [changed(pending, true)];
    const added = writes.add(transaction, pending);
    if (added === 'part') return [ignoring.ignored('device-detail', [record])];
    return added === 'full' ? [changed(pending, false)] : [];
  }

  function unread(record: RawRecord, { message, program }: RecordHeader): Outcome {
    if (message.trim() === '') return ignoring.ignored('blank-line', [record]);
    if (program !== undefined && !PROGRAMS.has(program)) return ignoring.ignored('other-program', [record]);
    const start = message.slice(0, 80);
    if (
      program !== undefined ||
      /^(?:\[\d{8}T[\d:.]{8,14}Z?\||Xen Storage Daemon|(?:obj: )?(?:CREATE|DESTROY) |trans: |acc: |tdb: |wrl: |domain: |special: )/.test(
        start,
      )
    )
      return ignoring.ignored('daemon-message', [record]);
    return deadLetter(
      [record],
      'XENSTORED_LINE_UNREADABLE',
      `"${start}" is neither [time] connection operation path nor io: IN connection time OPERATION (path). Send lines of xenstored-access.log, or of the trace of xenstored -T, as they are.`,
    );
  }

  return {
    push,
    flush() {
      creations.clear();
      signs.clear();
      return writes.clear().map((pending) => changed(pending, false));
    },
    get held() {
      return held();
    },
  };
}

const NO_TIME: EventTime = { epochMs: 0, guessed: 'time' };

function changed(pending: PendingChange, isCommitted: boolean): Outcome {
  const { change, records } = pending;
  const rule = change.kind === 'change' ? change.rule : change.isRemoval ? 'device-removed' : 'device-added';
  return event(rule, records, changeEvent(pending, isCommitted));
}

function unreadableTime(record: RawRecord, { written }: AccessLine): Outcome {
  return deadLetter(
    [record],
    'XENSTORED_TIME_UNREADABLE',
    `"${written}" is no time between 1970 and 2299. Send the line as xenstored wrote it, or with a syslog header.`,
  );
}
