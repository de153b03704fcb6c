/**
 * Question: how many raw records a second does one core turn into outcomes, by source, and on average?
 * Unit: records per second of this process's CPU time (user and system), header taken off, events made (SHA-1 id included) but not yet written as text;
 * second figure: written as JSON too.
 * Method: the fixtures of each source over and over through one normalizer per round, at least 1 s of CPU a source after a
 * warm-up of 0.3 s; the average is the mean of the rates, beside it what an even mix of all sources would give.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { frameBody } from '../../services/ingest/src/framing/frame-body.ts';
import { SOURCES_FOLDER, loadSource, loadSources } from '../../services/ingest/src/source-registry.ts';
import type { RawRecord, Source } from '../../services/ingest/src/source.ts';

const WARM_UP_MS = 300;
const MEASURE_MS = 1000;
const RECEIVED_MS = 1_795_219_200_000;

interface Rates {
  readonly id: string;
  readonly records: number;
  readonly characters: number;
  readonly normalized: number;
  readonly written: number;
}

async function recordsOf(source: Source): Promise<readonly RawRecord[]> {
  const folder = join(SOURCES_FOLDER, source.id, 'fixtures');
  const files = (await readdir(folder)).filter((file) => /\.input\.[a-z]+$/.test(file));
  const bodies = await Promise.all(files.sort().map((file) => readFile(join(folder, file))));
  const { framings } = source.describe;
  return bodies.flatMap((body) => [
    ...frameBody(body, { framings, receivedMs: RECEIVED_MS, maxRecordBytes: 1 << 20 }),
  ]);
}

/** Records a second. */
function rate(source: Source, records: readonly RawRecord[], isWritten: boolean, forMs: number): number {
  const begun = process.cpuUsage();
  const spentMs = (): number => {
    const { system, user } = process.cpuUsage(begun);
    return (system + user) / 1000;
  };
  let count = 0;
  let written = 0;
  do {
    const normalizer = source.createNormalizer({ sourceName: 'bench', host: 'host-1' });
    for (const record of records) {
      for (const outcome of normalizer.push(record)) {
        if (isWritten && outcome.kind === 'event') written += JSON.stringify(outcome.event).length;
      }
    }
    normalizer.flush();
    count += records.length;
  } while (spentMs() < forMs);
  if (isWritten && written < 0) throw new Error('unreachable: keeps the texts from being optimized away');
  return (count * 1000) / spentMs();
}

/** Prints a table; `ids`: only these sources, all when empty. */
export async function benchNormalize(ids: readonly string[] = []): Promise<void> {
  const sources =
    ids.length === 0
      ? (await loadSources()).all
      : await Promise.all(ids.map((id) => loadSource(join(SOURCES_FOLDER, id))));
  const rates: Rates[] = [];
  for (const source of sources) {
    const records = await recordsOf(source);
    rate(source, records, true, WARM_UP_MS);
    rates.push({
      id: source.id,
      records: records.length,
      characters: records.reduce((sum, { text }) => sum + text.length, 0) / records.length,
      normalized: rate(source, records, false, MEASURE_MS),
      written: rate(source, records, true, MEASURE_MS),
    });
  }
  const mean = (of: (each: Rates) => number): number =>
    rates.reduce((sum, each) => sum + of(each), 0) / Math.max(1, rates.length);
  const line = (name: string, normalized: number, written: number, more = ''): void =>
    console.log(`| ${name} | ${figure(normalized)} | ${figure(written)} | ${more} |`);
  console.log('\n## Normalizing raw records\n\nRecords per CPU second of one thread.\n');
  console.log('| source | made | made and written | fixtures, mean characters |\n|---|---:|---:|---|');
  for (const { characters, id, normalized, records, written } of rates)
    line(id, normalized, written, `${records}, ${Math.round(characters)}`);
  line(
    'mean of the sources',
    mean(({ normalized }) => normalized),
    mean(({ written }) => written),
  );
  line('an even mix', 1 / mean(({ normalized }) => 1 / normalized), 1 / mean(({ written }) => 1 / written));
}

function figure(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
