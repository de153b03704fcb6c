/**
 * Holds every folder under `services/ingest/sources` to what a source is: complete, pure, each record in exactly one
 * outcome, events by the letter of the standard, and the same as in the golden files (`npm run test:golden` writes
 * them; read every line before committing).
 */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { validateEvent } from '@cadf-pipeline/cadf-model';
import { createRestartPlace } from './follow/restart-place.ts';
import { readHeader } from './normalize/header.ts';
import { createLocalClock } from './normalize/local-clock.ts';
import { splitRecords } from './records/split-records.ts';
import { SOURCES_FOLDER } from './source-registry.ts';
import type { NormalizerContext, Outcome, RawRecord, Source } from './source.ts';
import { testedSources } from './sources.test-support.ts';

/** Records of fixtures came in then: 2026-11-21T00:00:00Z. */
const RECEIVED_MS = 1_795_219_200_000;
const sources = await testedSources(process.env['CADF_TEST_SOURCES']);

interface FixtureCase {
  readonly name: string;
  readonly input: string;
  readonly expected: string;
}

async function casesOf(folder: string): Promise<FixtureCase[]> {
  const files = await readdir(join(folder, 'fixtures')).catch(() => []);
  return files
    .filter((file) => /\.input\.[a-z]+$/.test(file))
    .map((file) => ({ name: file.replace(/\.input\.[a-z]+$/, ''), input: join(folder, 'fixtures', file) }))
    .map((part) => ({ ...part, expected: join(folder, 'fixtures', `${part.name}.expected.json`) }));
}

function cut(source: Source, bytes: Buffer): readonly RawRecord[] {
  return splitRecords(bytes, source.describe.framings, { receivedMs: RECEIVED_MS, maxRecordBytes: 1 << 20 });
}

async function contextOf(fixture: FixtureCase): Promise<NormalizerContext> {
  const file = fixture.expected.replace(/\.expected\.json$/, '.context.json');
  const own = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as Partial<NormalizerContext>)
    : {};
  return { sourceName: 'fixtures', host: 'host-1', ...own };
}

function outcomesOf(source: Source, context: NormalizerContext, records: readonly RawRecord[]): Outcome[] {
  const normalizer = source.createNormalizer(context);
  return [...records.flatMap((record) => normalizer.push(record)), ...normalizer.flush()];
}

function golden(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ records, ...outcome }) => ({
    ...outcome,
    records: records.map((record) => record.position),
  }));
  return `${JSON.stringify(lines, undefined, 2)}\n`;
}

/** What a reader of a source looks for. */
const README_PARTS: Readonly<Record<string, RegExp>> = {
  'link to a document': /https?:\/\//,
  'mapping table': /^#+ .*mapping[^]*^\|/im,
  'known gaps': /^#+ .*gaps/im,
};

/** What a folder lacks to be a complete source; empty when it is one. */
async function folderFaults(folder: string): Promise<string[]> {
  const faults: string[] = [];
  for (const file of ['README.md', 'source.ts']) {
    if (!existsSync(join(folder, file))) faults.push(`${file} is missing`);
  }
  const readme = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  for (const [part, pattern] of Object.entries(README_PARTS)) {
    if (!pattern.test(readme)) faults.push(`README.md has no ${part}`);
  }
  const cases = await casesOf(folder);
  const seen = new Set<string>();
  for (const { name, expected } of cases) {
    if (!existsSync(expected)) {
      faults.push(`fixtures/${name}.expected.json is missing`);
      continue;
    }
    for (const outcome of JSON.parse(await readFile(expected, 'utf8')) as Outcome[]) {
      seen.add(outcome.kind === 'event' ? outcome.event.outcome : outcome.kind);
      if (outcome.kind === 'dead-letter' && !readme.includes(outcome.code))
        faults.push(`README.md does not name ${outcome.code}`);
    }
  }
  for (const kind of ['success', 'failure', 'dead-letter']) {
    if (!seen.has(kind)) faults.push(`no fixture ends in ${kind}`);
  }
  const inputs = new Set(cases.map(({ name }) => `${name}.expected.json`));
  const files = await readdir(join(folder, 'fixtures')).catch(() => []);
  const orphans = files.filter((file) => file.endsWith('.expected.json') && !inputs.has(file));
  return [...faults, ...orphans.map((file) => `fixtures/${file} has no input`)];
}

describe.each(sources)('source $id', async (source) => {
  const folder = join(SOURCES_FOLDER, source.id);
  const cases = await casesOf(folder);

  it.each(cases)('$name gives the events of its golden file', async (fixture) => {
    const outcomes = outcomesOf(source, await contextOf(fixture), cut(source, await readFile(fixture.input)));
    await expect(golden(outcomes)).toMatchFileSnapshot(fixture.expected);
  });

  it('has a README, a source and fixtures for success, failure and malformed records', async () => {
    expect(await folderFaults(folder)).toEqual([]);
  });

  it.each(cases)('$name: every event is CADF to the letter and survives JSON', async (fixture) => {
    const outcomes = outcomesOf(source, await contextOf(fixture), cut(source, await readFile(fixture.input)));
    for (const outcome of outcomes) {
      if (outcome.kind !== 'event') continue;
      expect(JSON.parse(JSON.stringify(outcome.event))).toEqual(outcome.event);
      expect(validateEvent(outcome.event, 'strict')).toEqual([]);
    }
  });

  it.each(cases)('$name: each record is in exactly one outcome', async (fixture) => {
    const records = cut(source, await readFile(fixture.input));
    const used = outcomesOf(source, await contextOf(fixture), records).flatMap((outcome) => outcome.records);
    // The records themselves, no copies: readers tell by them what is done.
    const given = new Set(records);
    expect(used.filter((record) => !given.has(record))).toEqual([]);
    expect(new Set(used).size).toBe(records.length);
    expect(used).toHaveLength(records.length);
  });

  it.each(cases)('$name: reading on from any place where a reader would gives the same', async (fixture) => {
    const context = await contextOf(fixture);
    const records = cut(source, await readFile(fixture.input));
    const normalizer = source.createNormalizer(context);
    const before: Outcome[] = [];
    const whole = golden(outcomesOf(source, context, records));
    const restart = createRestartPlace<number>(normalizer);
    expect(normalizer.held).toBe(0);
    for (const [index, record] of records.entries()) {
      const outcomes = normalizer.push(record);
      restart.pushed(
        record,
        outcomes,
        () => index,
        () => index + 1,
      );
      before.push(...outcomes);
      const place = restart.take();
      if (place === undefined) continue;
      const after = outcomesOf(source, context, records.slice(place));
      expect(golden([...before, ...after]), `from record ${place}`).toBe(whole);
    }
  });

  it('recognizes records of its own fixtures, and no CADF event', async () => {
    const clock = createLocalClock();
    const recognize = (record: RawRecord): boolean =>
      source.recognize(readHeader(record, clock), record) !== undefined;
    const records = await Promise.all(cases.map(async ({ input }) => cut(source, await readFile(input))));
    expect(records.flat().filter(recognize).length).toBeGreaterThan(0);
    const others = ['{"typeURI":"http://schemas.dmtf.org/cloud/audit/1.0/event"}', '', 'x'.repeat(4096)];
    for (const text of others) expect(recognize({ text, receivedMs: RECEIVED_MS })).toBe(false);
  });

  it('says in words what each rule and each member of its events is made of', async () => {
    const names = Object.keys(source.rules);
    for (const fixture of cases) {
      const context = await contextOf(fixture);
      for (const outcome of outcomesOf(source, context, cut(source, await readFile(fixture.input)))) {
        if (outcome.kind === 'dead-letter') continue;
        const told = names.some((name) =>
          name.endsWith('*') ? outcome.rule.startsWith(name.slice(0, -1)) : name === outcome.rule,
        );
        expect(told, `rule ${outcome.rule}`).toBe(true);
        if (outcome.kind !== 'event') continue;
        for (const member of Object.keys(outcome.event)) {
          if (member === 'typeURI' || member === 'attachments') continue;
          const isTold = Object.keys(source.fields).some(
            (path) => path === member || path.startsWith(`${member}.`),
          );
          expect(isTold, `member ${member}`).toBe(true);
        }
      }
    }
  });
});

test('only versions of one operation share an id, over all fixtures of all sources', async () => {
  for (const source of sources) {
    const byId = new Map<string, Extract<Outcome, { kind: 'event' }>>();
    for (const fixture of await casesOf(join(SOURCES_FOLDER, source.id))) {
      const records = cut(source, await readFile(fixture.input));
      for (const outcome of outcomesOf(source, await contextOf(fixture), records)) {
        if (outcome.kind !== 'event') continue;
        const before = byId.get(outcome.event.id);
        byId.set(outcome.event.id, outcome);
        if (before === undefined || before.records[0]?.text === outcome.records[0]?.text) continue;
        const isVersion = [before.event, outcome.event].some((event) => event.outcome === 'pending');
        const isOperation = outcome.event.tags?.some((tag) => tag.startsWith(`//${source.id}/operation?`));
        expect(isVersion || isOperation, `${source.id}: ${outcome.records[0]?.text.slice(0, 200)}`).toBe(
          true,
        );
      }
    }
  }
});

test('a copied folder that lacks a part is told what it lacks', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'source-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  await cp(join(SOURCES_FOLDER, 'libvirt-audit'), copy, { recursive: true });
  await writeFile(join(copy, 'README.md'), '# copy\n');
  await rm(join(copy, 'fixtures', 'start.expected.json'));
  await rm(join(copy, 'fixtures', 'malformed.input.log'));
  expect(await folderFaults(copy)).toEqual([
    'README.md has no link to a document',
    'README.md has no mapping table',
    'README.md has no known gaps',
    'fixtures/start.expected.json is missing',
    'no fixture ends in dead-letter',
    'fixtures/malformed.expected.json has no input',
  ]);
});
