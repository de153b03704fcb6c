/**
 * Feeds every source what its fixtures become when they are cut, mixed and spoiled: whatever comes in, nothing is
 * thrown, each record is in exactly one outcome, every event is CADF to the letter, and what is held stays bounded.
 * Seeded: a failure names the seed and can be run again.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { validateEvent } from '@cadf-pipeline/cadf-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameBody } from './framing/frame-body.ts';
import { readHeader } from './normalize/header.ts';
import { createLocalClock } from './normalize/local-clock.ts';
import { SOURCES_FOLDER } from './source-registry.ts';
import type { Normalizer, NormalizerContext, Outcome, RawRecord, Source } from './source.ts';
import { testedSources } from './sources.test-support.ts';

const SEED = Number(process.env['CADF_FUZZ_SEED'] ?? 20_261_121);
/** For a source and a run of `npm test`; more with CADF_FUZZ_RUNS. */
const RUNS = Number(process.env['CADF_FUZZ_RUNS'] ?? 60);
const RECEIVED_MS = 1_795_219_200_000;
/** Nothing may hold back more records than this. */
const MOST_HELD = 20_000;
const MIB = 1 << 20;

const sources = await testedSources(process.env['CADF_TEST_SOURCES']);
const clock = createLocalClock();

async function fixtureTexts(source: Source): Promise<readonly string[]> {
  const folder = join(SOURCES_FOLDER, source.id, 'fixtures');
  const files = (await readdir(folder)).filter((file) => /\.input\.[a-z]+$/.test(file));
  const bodies = await Promise.all(files.sort().map((file) => readFile(join(folder, file))));
  const { framings } = source.describe;
  return bodies.flatMap((body) =>
    [...frameBody(body, { framings, receivedMs: RECEIVED_MS, maxRecordBytes: MIB })].map(({ text }) => text),
  );
}

/** Words that mean something somewhere: times that do not exist, ends of quotes, huge numbers, other tongues. */
const SPOILERS = [
  '', ' ', '"', "'", '\\', ']', '[', '>', '<', '}', '{', ':', '=', '%', '\u0000', '\u001d', '\u2028', '\u{1F600}', '\uD800',
  '-1', '0', '00', '99999999999999999999', '1e400', 'NaN', 'null', 'undefined', '__proto__', 'constructor', '?', '-', '*',
  '2026-02-30T25:61:61Z', '0000-00-00 00:00:00,000', 'Feb 29 24:00:00', '275760-09-13T00:00:00Z', 'a'.repeat(5000), '%s%n', '../../etc/passwd',
]; // prettier-ignore

const change = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(40) }),
  fc.record({ kind: fc.constant('put' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), text: fc.constantFrom(...SPOILERS) }),
  fc.record({ kind: fc.constant('flip' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), code: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant('token' as const), index: fc.nat(200), text: fc.constantFrom(...SPOILERS) }),
  fc.record({ kind: fc.constant('digits' as const), index: fc.nat(30), text: fc.constantFrom('0', '9', '99', '4294967296', '-5') }),
  fc.record({ kind: fc.constant('double' as const), index: fc.nat(200) }),
); // prettier-ignore
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(text: string, step: Change): string {
  const at = 'at' in step ? Math.floor(step.at * text.length) : 0;
  switch (step.kind) {
    case 'cut':
      return text.slice(0, at);
    case 'drop':
      return text.slice(0, at) + text.slice(at + step.length);
    case 'put':
      return text.slice(0, at) + step.text + text.slice(at);
    case 'flip':
      return text.slice(0, at) + String.fromCharCode(step.code) + text.slice(at + 1);
    case 'token':
      return replaceNth(text, /[^\s=|:,"'()[\]<>{}]+/g, step.index, () => step.text);
    case 'digits':
      return replaceNth(text, /\d+/g, step.index, () => step.text);
    case 'double':
      return replaceNth(text, /[^\s]+\s?/g, step.index, (found) => found + found);
  }
}

function replaceNth(text: string, pattern: RegExp, nth: number, by: (found: string) => string): string {
  const matches = [...text.matchAll(pattern)];
  const match = matches[matches.length === 0 ? 0 : nth % matches.length];
  if (match === undefined) return text;
  return text.slice(0, match.index) + by(match[0]) + text.slice(match.index + match[0].length);
}

function judge(source: Source, context: NormalizerContext, texts: readonly string[]): void {
  const records: RawRecord[] = texts.map((text, index) => ({
    text,
    receivedMs: RECEIVED_MS,
    position: String(index),
  }));
  const normalizer: Normalizer = source.createNormalizer(context);
  const outcomes: Outcome[] = [];
  for (const record of records) {
    outcomes.push(...normalizer.push(record));
    if (normalizer.held > MOST_HELD) throw new Error(`${normalizer.held} records are held`);
    source.recognize(readHeader(record, clock), record);
  }
  outcomes.push(...normalizer.flush());
  expect(normalizer.held).toBe(0);
  const used = outcomes.flatMap((outcome) => outcome.records);
  expect(used).toHaveLength(records.length);
  expect(new Set(used)).toEqual(new Set(records));
  for (const outcome of outcomes) {
    if (outcome.kind === 'event') {
      const faults = validateEvent(JSON.parse(JSON.stringify(outcome.event)), 'strict');
      if (faults.length > 0)
        throw new Error(`${JSON.stringify(faults[0])} in ${JSON.stringify(outcome.event).slice(0, 2000)}`);
      expect(Number.isNaN(Date.parse(outcome.event.eventTime))).toBe(false);
    } else if (outcome.kind === 'dead-letter') {
      expect(outcome.code).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(outcome.detail.length).toBeLessThan(2000);
    }
  }
}

describe.each(sources)('source $id', async (source) => {
  const texts = await fixtureTexts(source);
  const contexts: readonly NormalizerContext[] = [
    { sourceName: 'fuzz', host: 'host-1' },
    { sourceName: 'fuzz', file: 'guest.log', options: { keep: 'all', timezone: 'Europe/Berlin' } },
  ];

  it('takes its own records spoiled, repeated and in any order', () => {
    const line = fc
      .tuple(fc.constantFrom(...texts), fc.array(change, { maxLength: 4 }))
      .map(([text, steps]) => steps.reduce(changed, text));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom(...contexts), (lines, context) =>
        judge(source, context, lines),
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('takes any text and any bytes', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), fc.constantFrom(...contexts), (lines, context) =>
        judge(source, context, lines),
      ),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('takes lines of a MiB made to go back and forth in, without time growing faster than they do', () => {
    const pieces = [
      'a',
      ' ',
      '"',
      "'",
      '(',
      '[',
      '\\',
      '=',
      ':',
      '<',
      '{',
      '0',
      '-->',
      ' x=',
      '": "',
      '|',
      '] [',
      '\n ',
      '&amp;',
    ];
    const starts = ['', ...texts.slice(0, 12).map((text) => text.slice(0, Math.ceil(text.length / 2)))];
    for (const piece of pieces) {
      const tail = piece.repeat(Math.ceil(MIB / piece.length)).slice(0, MIB);
      judge(source, contexts[0] as NormalizerContext, [tail]);
    }
    for (const start of starts)
      judge(source, contexts[0] as NormalizerContext, [
        start + ' '.repeat(MIB),
        `${start}${'a='.repeat(MIB / 2)}`,
      ]);
  });
});
