import fc from 'fast-check';
import type { AppendRecord, StreamRecord } from '@cadf-pipeline/event-stream';
import { describe, expect, test } from 'vitest';
import type { Normalizer, Outcome, RawRecord } from '../source.ts';
import { encodeFlush, encodeReceived } from './received-record.ts';
import { createSenderNormalizers } from './sender-normalizers.ts';
import type { SenderNormalizers, SenderOutcome } from './sender-normalizers.ts';
import type { ReplayPlace } from './replay-place.ts';

/**
 * `head` waits for the next `head`, `more` goes with it. `begin N` has an outcome at once and is remembered for `end N`; `wait` has none before `go` comes; `break` throws;
 * `swallow` gets none, which no normalizer may do.
 */
function createNormalizer(): Normalizer {
  const begun = new Set<string>();
  let waiting: RawRecord[] = [];
  let lines: RawRecord[] = [];
  const ignored = (rule: string, records: readonly RawRecord[]): Outcome => ({
    kind: 'ignored',
    rule,
    records,
  });
  return {
    push(record) {
      const [word = '', operation = ''] = record.text.split(' ');
      if (word === 'break') throw new Error('out of order');
      if (word === 'swallow') return [];
      if (word === 'begin') begun.add(operation);
      if (word === 'more' && lines.length > 0) {
        lines.push(record);
        return [];
      }
      if (word === 'head') {
        const whole = lines;
        lines = [record];
        return whole.length === 0 ? [] : [ignored('lines', whole)];
      }
      if (word === 'wait') {
        waiting.push(record);
        return [];
      }
      if (word === 'go') {
        const records = [record, ...waiting];
        waiting = [];
        return [ignored('together', records)];
      }
      if (word === 'end') return [ignored(begun.delete(operation) ? 'known' : 'unknown', [record])];
      return [ignored(word, [record])];
    },
    flush() {
      const records = [...lines, ...waiting];
      waiting = [];
      lines = [];
      begun.clear();
      return records.length === 0 ? [] : [ignored('flushed', records)];
    },
    get held() {
      return begun.size + waiting.length + lines.length;
    },
  };
}

const limits = { idleMs: 60_000, holdMs: 3_600_000, maxSenders: 100 };
let clock = 0;

function create(
  start: Partial<ReplayPlace> = {},
  more: Partial<typeof limits> = {},
  normalizerFor: () => Normalizer = createNormalizer,
): SenderNormalizers {
  const resolved = { id: 's', type: 't' };
  return createSenderNormalizers(
    'cadf.records',
    { at: 0, skip: new Map(), ...start },
    {
      sourceOf: (id) => ({ resolved: { ...resolved, id }, version: id === 'gone' ? 0 : 1 }),
      normalizerFor,
      limits: { ...limits, ...more },
      now: () => clock,
    },
  );
}

function at(offset: number, record: AppendRecord): StreamRecord {
  const value = record.value === null ? null : Buffer.from(record.value);
  return { key: record.key, value, headers: record.headers ?? {}, partition: 0, offset, timestampMs: 7 };
}

function line(offset: number, sender: string, text: string, source = 's'): StreamRecord {
  return at(
    offset,
    encodeReceived(Buffer.from(text), { source, sender, submitter: 'syslog', receivedMs: 5 }),
  );
}

function tell(outcomes: readonly SenderOutcome[]): string[] {
  return outcomes.map(({ outcome }) => {
    const texts = outcome.records.map(({ text }) => text).join('+');
    return `${outcome.kind === 'dead-letter' ? outcome.code : outcome.rule}: ${texts}`;
  });
}

test('a sender is never given the records of another', () => {
  const senders = create();
  senders.take(line(0, 'a', 'begin 1'));
  expect(tell(senders.take(line(1, 'b', 'end 1')))).toEqual(['unknown: end 1']);
  expect(tell(senders.take(line(2, 'a', 'end 1')))).toEqual(['known: end 1']);
});

test('the place stays before what is held, and moves on when nothing is', () => {
  const senders = create();
  senders.take(line(0, 'a', 'note'));
  expect(senders.place().at).toBe(1);
  senders.take(line(1, 'a', 'begin 1'));
  senders.take(line(2, 'b', 'note'));
  expect(senders.place()).toEqual({ at: 1, skip: new Map() });
  senders.take(line(3, 'a', 'end 1'));
  expect(senders.place().at).toBe(4);
});

test('what another sender had under way at that place, and is done with, is skipped', () => {
  const senders = create();
  senders.take(line(0, 'b', 'begin 1'));
  senders.take(line(1, 'a', 'begin 1'));
  senders.take(line(2, 'b', 'end 1'));
  const place = senders.place();
  expect(place).toEqual({ at: 1, skip: new Map([['s/b', 3]]) });
  const again = create(place);
  again.take(line(1, 'a', 'begin 1'));
  expect(again.take(line(2, 'b', 'end 1'))).toEqual([]);
  expect(again.place()).toEqual(place);
});

test('a sender whose lines each wait for the next does not hold the place back', () => {
  const senders = create();
  for (const [offset, text] of ['head', 'more', 'head', 'more', 'more'].entries())
    senders.take(line(offset, 'a', text));
  senders.take(line(5, 'b', 'note'));
  expect(senders.place().at).toBe(2);
  const again = create(senders.place());
  for (const offset of [2, 3, 4]) again.take(line(offset, 'a', offset === 2 ? 'head' : 'more'));
  expect(tell(again.take(line(6, 'a', 'head')))).toEqual(['lines: head+more+more']);
});

describe('a silent sender', () => {
  test('is flushed by a mark in the stream, once', () => {
    const senders = create();
    clock = 0;
    senders.take(line(0, 'a', 'wait'));
    clock = limits.idleMs - 1;
    expect(senders.wishes()).toEqual([]);
    clock = limits.idleMs;
    const wishes = senders.wishes();
    expect(wishes).toEqual([{ key: 's/a', ifLast: 0 }]);
    expect(senders.wishes()).toEqual([]);
    senders.refuse(wishes[0]!);
    expect(senders.wishes()).toEqual(wishes);
    expect(tell(senders.take(at(1, encodeFlush('s/a', 0))))).toEqual(['flushed: wait']);
    expect(senders.place().at).toBe(2);
  });

  test('that was not silent after all is not flushed', () => {
    const senders = create();
    senders.take(line(0, 'a', 'wait'));
    senders.take(line(1, 'a', 'wait'));
    expect(senders.take(at(2, encodeFlush('s/a', 0)))).toEqual([]);
    expect(tell(senders.take(line(3, 'a', 'go')))).toEqual(['together: go+wait+wait']);
  });

  test('that only remembers keeps remembering, until it holds back too many records for too long', () => {
    const senders = create();
    clock = 0;
    senders.take(line(0, 'a', 'begin 1'));
    clock = limits.holdMs;
    expect(senders.wishes()).toEqual([]);
    senders.take(line(30_000, 'b', 'note'));
    clock = limits.holdMs - 1;
    expect(senders.wishes()).toEqual([]);
    clock = limits.holdMs;
    expect(senders.wishes()).toEqual([{ key: 's/a' }]);
  });

  test('that waits and remembers is flushed later, as that forgets', () => {
    const senders = create();
    clock = 0;
    senders.take(line(0, 'a', 'begin 1'));
    senders.take(line(1, 'a', 'wait'));
    clock = limits.idleMs;
    expect(senders.wishes()).toEqual([]);
    clock = limits.holdMs;
    expect(senders.wishes()).toEqual([{ key: 's/a', ifLast: 1 }]);
  });

  test('is flushed after a day, however few records that would be to read again', () => {
    const senders = create();
    clock = 0;
    senders.take(line(0, 'a', 'begin 1'));
    clock = 86_400_000;
    expect(senders.wishes()).toEqual([{ key: 's/a' }]);
  });
});

test('past the bound the most silent senders go, those that hold something by a mark', () => {
  const senders = create({}, { maxSenders: 2 });
  for (const [offset, text] of ['begin 1', 'note', 'note', 'note'].entries())
    senders.take(line(offset, `sender-${offset}`, text));
  expect(senders.wishes()).toEqual([{ key: 's/sender-0' }]);
  expect(senders.size).toBe(2);
  senders.take(at(4, encodeFlush('s/sender-0')));
  expect(senders.size).toBe(1);
});

describe('nothing is lost', () => {
  test('when a normalizer throws: what it held is a dead letter, and it starts anew', () => {
    const senders = create();
    senders.take(line(0, 'a', 'wait'));
    expect(tell(senders.take(line(1, 'a', 'break')))).toEqual(['INGEST_NORMALIZER_FAILED: wait+break']);
    expect(senders.place().at).toBe(2);
    expect(tell(senders.take(line(2, 'a', 'note')))).toEqual(['note: note']);
  });

  test('when a normalizer gives no outcome', () => {
    expect(tell(create().take(line(0, 'a', 'swallow')))).toEqual(['INGEST_NORMALIZER_FAILED: swallow']);
  });

  test('when no normalizer can be made', () => {
    const senders = create({}, {}, () => {
      throw new Error('the setting is none');
    });
    expect(tell(senders.take(line(0, 'a', 'note')))).toEqual(['INGEST_NORMALIZER_FAILED: note']);
  });

  test('when the source is not registered, or the way in found a fault', () => {
    expect(tell(create().take(line(0, 'a', 'note', 'gone')))).toEqual(['INGEST_SOURCE_UNKNOWN: note']);
    const faulty = encodeReceived(Buffer.from([0x16, 0xff]), {
      source: 's',
      sender: 'a',
      submitter: 'syslog',
      receivedMs: 5,
      fault: { code: 'SYSLOG_FRAMING_INVALID', detail: 'why' },
    });
    const [told] = create().take(at(0, faulty));
    expect(told?.outcome).toMatchObject({
      kind: 'dead-letter',
      code: 'SYSLOG_FRAMING_INVALID',
      detail: 'why',
    });
    expect(told?.outcome.records[0]?.bytes).toEqual(Buffer.from([0x16, 0xff]));
  });
});

const step = fc.record({
  sender: fc.constantFrom('a', 'b', 'c', 'd'),
  text: fc.constantFrom(
    'head',
    'more',
    'head',
    'begin 1',
    'end 1',
    'begin 2',
    'end 2',
    'wait',
    'go',
    'note',
    'mark',
    'mark if',
  ),
});

test('whenever it is started again, it tells what it told before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(fc.nat(59), { maxLength: 4 }), (steps, stops) => {
      const stream = steps.map(({ sender, text }, offset) => {
        if (!text.startsWith('mark')) return line(offset, sender, text);
        const last = steps.slice(0, offset).findLastIndex((before) => before.sender === sender);
        return at(offset, encodeFlush(`s/${sender}`, text === 'mark' ? undefined : last));
      });
      const told = (senders: SenderNormalizers, from: number, to: number): string[] =>
        stream.slice(from, to).flatMap((record) =>
          senders.take(record).map(({ outcome }) => {
            const rule = outcome.kind === 'ignored' ? outcome.rule : outcome.kind;
            return `${rule}: ${outcome.records.map(({ position }) => position).join()}`;
          }),
        );
      const whole = told(create(), 0, stream.length);
      const parts = new Set<string>();
      let place: ReplayPlace = { at: 0, skip: new Map() };
      for (const stop of [...stops.toSorted((one, other) => one - other), stream.length]) {
        const senders = create(place);
        for (const outcome of told(senders, place.at, Math.max(stop, place.at))) parts.add(outcome);
        place = senders.place();
      }
      expect([...parts].toSorted()).toEqual(whole.toSorted());
    }),
    { numRuns: 500 },
  );
});
