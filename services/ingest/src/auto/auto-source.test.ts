import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalizeRecords } from '../records/normalize-records.ts';
import type { Outcome, RawRecord, Recognition, Source } from '../source.ts';
import { createAutoSource, withAuto } from './auto-source.ts';

/** A source whose records begin with its letter; lines that begin with a blank go on with the one before. */
function letterSource(id: string, certainty: number, letter = id): Source {
  return {
    id,
    describe: { title: id, vendor: 'test', documents: ['none'], framings: ['lines'] },
    recognize: ({ message }): Recognition | undefined =>
      message.startsWith(letter) ? { rule: `begins-${letter}`, certainty } : undefined,
    continues: ({ text }) => text.startsWith(' '),
    fields: { id: 'none' },
    rules: { '*': 'any' },
    createNormalizer() {
      let open: RawRecord[] = [];
      const close = (): Outcome[] => {
        const records = open;
        open = [];
        return records.length === 0
          ? []
          : [{ kind: 'event', event: { name: id } as never, rule: 'made', records }];
      };
      return {
        get held() {
          return open.length;
        },
        push(record) {
          if (record.text.startsWith(' ')) {
            open.push(record);
            return [];
          }
          const closed = close();
          open = [record];
          return closed;
        },
        flush: close,
      };
    },
  };
}

const record = (text: string, address?: string): RawRecord => ({
  text,
  receivedMs: 1,
  ...(address === undefined ? {} : { address }),
});

function run(sources: readonly Source[], lines: readonly (string | RawRecord)[], options = {}): Outcome[] {
  const normalizer = createAutoSource(sources).createNormalizer({ sourceName: 's', options });
  const records = lines.map((line) => (typeof line === 'string' ? record(line) : line));
  return [...normalizeRecords(records, normalizer)];
}
const told = (outcomes: readonly Outcome[]): (string | undefined)[][] =>
  outcomes.map((outcome) => [
    outcome.kind === 'event' ? outcome.recognized?.source : 'code' in outcome ? outcome.code : outcome.kind,
    ...outcome.records.map(({ text }) => text),
  ]);

const A = letterSource('a', 0.9);
const B = letterSource('b', 0.9);

test('each record goes to the source that recognizes it, which the event tells', () => {
  const outcomes = run([A, B], ['a1', 'b1', 'a2']);
  expect(told(outcomes)).toEqual([
    ['a', 'a1'],
    ['a', 'a2'],
    ['b', 'b1'],
  ]);
  expect(outcomes[2]).toMatchObject({
    recognized: { source: 'b', rule: 'begins-b' },
    event: { tags: ['//auto/recognized?value=b.begins-b'] },
  });
});

test('the surest source wins, and of equally sure ones the first by id, in whichever order they are given', () => {
  const weak = letterSource('c', 0.5, 'x');
  const sure = letterSource('e', 0.9, 'x');
  const alike = letterSource('d', 0.9, 'x');
  for (const sources of [
    [weak, sure, alike],
    [alike, sure, weak],
  ])
    expect(told(run(sources, ['x1']))).toEqual([['d', 'x1']]);
  const one = letterSource('z', 1, 'x');
  expect(told(run([one, sure], ['x1']))).toEqual([['z', 'x1']]);
});

test('a line that goes on with the one before it goes along with it', () => {
  expect(told(run([A, B], ['a1', 'b1', ' of b', 'a2', ' of a']))).toEqual([
    ['a', 'a1'],
    ['a', 'a2', ' of a'],
    ['b', 'b1', ' of b'],
  ]);
});

test('a line that goes on with one of another sender, or with one that nobody knows, is not recognized', () => {
  const outcomes = run([A], [record('a1', '192.0.2.1'), record(' of 2', '192.0.2.2'), '?', ' of ?']);
  expect(told(outcomes)).toEqual([
    ['AUTO_NOT_RECOGNIZED', ' of 2'],
    ['AUTO_NOT_RECOGNIZED', '?'],
    ['AUTO_NOT_RECOGNIZED', ' of ?'],
    ['a', 'a1'],
  ]);
});

test('behind a syslog header, lines go on with the one before of the same host and program', () => {
  const head = (program: string): string => `<13>Nov 21 10:00:00 h1 ${program}: `;
  const continuing: Source = { ...A, continues: ({ text }) => text.endsWith(' more') };
  const outcomes = run([continuing, B], [`${head('p')}a1`, `${head('q')}b1`, `${head('p')}- more`]);
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(['event', 'event', 'event']);
  expect(told(outcomes).map(([source]) => source)).toEqual(['a', 'a', 'b']);
});

test('a record that is not recognized says how to name its type', () => {
  expect(run([A, B], ['?'])).toMatchObject([{ detail: expect.stringContaining('a, b') }]);
  expect(run([A, B], ['b1'], { types: 'a' })).toMatchObject([{ code: 'AUTO_NOT_RECOGNIZED' }]);
});

test('records that nobody recognizes are ignored where the setting says so, and counted', () => {
  expect(run([A], ['?', 'a1'], { unrecognized: 'ignore' })).toMatchObject([
    { kind: 'ignored', rule: 'not-recognized' },
    { kind: 'event' },
  ]);
});

test('what is held is the sum over the sources', () => {
  const normalizer = createAutoSource([A, B]).createNormalizer({ sourceName: 's' });
  for (const text of ['a1', 'b1', ' more']) normalizer.push(record(text));
  expect(normalizer.held).toBe(3);
  normalizer.flush();
  expect(normalizer.held).toBe(0);
});

test('each record is in exactly one outcome, and those of one source keep their order', () => {
  const line = fc.constantFrom('a', 'b', 'c', ' x', '?', '');
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const records = lines.map((text) => record(text));
      const normalizer = createAutoSource([A, B, letterSource('c', 1)]).createNormalizer({ sourceName: 's' });
      const outcomes = normalizeRecords(records, normalizer);
      const used = outcomes.flatMap((outcome) => outcome.records);
      expect(new Set(used)).toEqual(new Set(records));
      expect(used).toHaveLength(records.length);
      for (const id of ['a', 'b', 'c']) {
        const places = outcomes
          .filter((outcome) => outcome.kind === 'event' && outcome.recognized?.source === id)
          .flatMap((outcome) => outcome.records.map((one) => records.indexOf(one)));
        expect(places).toEqual(places.toSorted((left, right) => left - right));
      }
    }),
  );
});

test('the registry gives it beside the folders', () => {
  const registry = withAuto({ all: [A, B], get: (id) => [A, B].find((source) => source.id === id) });
  expect(registry.all.map(({ id }) => id)).toEqual(['a', 'auto', 'b']);
  expect(registry.get('auto')?.id).toBe('auto');
  expect(registry.get('b')).toBe(B);
});
