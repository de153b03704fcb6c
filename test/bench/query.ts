/**
 * The questions auditors ask, over ten million events of 200 tenants and 90 days, asked over HTTP of the embedded shape,
 * quiet and with events coming in beside. `npm run bench -- query`; CADF_BENCH_QUERY_EVENTS: how many events (default
 * 10,000,000); CADF_BENCH_QUERY_DATA: a folder in which the filled store is kept for the next run (filling takes ten
 * minutes; else it is made anew in the temporary folder and removed).
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../support/seeded-random.ts';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { runLoad } from './load-run.ts';
import { prepareBatches } from './prepare.ts';
import { cpuSeconds, residentBytes, sampleMemory } from './process-figures.ts';
import { DAYS, prepareStore, START_MS, TENANTS } from './query-store.ts';
import { printSection } from './report.ts';
import type { Figure } from './report.ts';

const DAY_MS = 86_400_000;
const INGEST_PER_SECOND = 20_000;
const INGEST_SECONDS = 120;

/** One question, asked several times of different tenants, days and words. */
interface Question {
  readonly name: string;
  readonly goalMs: number;
  readonly times: number;
  readonly ask: (turn: number) => Promise<void>;
}

interface Page {
  readonly events: readonly { readonly id: string }[];
  readonly next?: string;
}

export async function benchQuery(temporary: string): Promise<void> {
  const events = Number(process.env['CADF_BENCH_QUERY_EVENTS'] ?? 10_000_000);
  const kept = process.env['CADF_BENCH_QUERY_DATA'];
  const dataDir = kept ?? join(temporary, 'query');
  mkdirSync(dataDir, { recursive: true });
  await prepareStore(dataDir, events);
  const service = await startService({ dataDir, env: { CADF_LOG_LEVEL: 'warn' } });
  const pid = service.process.pid ?? 0;
  try {
    const stopSampling = sampleMemory(pid);
    const questions = await questionsOf(service);
    const quiet = await askAll(questions, pid);
    const residentMb = Math.max(...stopSampling()) / 1e6;
    const stream = [
      ...(await readStream(service, pid, 'identity')),
      ...(await readStream(service, pid, 'zstd')),
    ];
    const file = join(temporary, 'beside');
    prepareBatches(file, INGEST_PER_SECOND * INGEST_SECONDS, 500, 3);
    const load = runLoad({
      url: service.url,
      key: service.key,
      file,
      connections: 4,
      eventsPerSecond: INGEST_PER_SECOND,
    });
    // The writer's first blocks are merged before the questions begin.
    await new Promise((resume) => setTimeout(resume, 10_000));
    const beside = await askAll(questions, pid);
    const ingest = await load;
    printSection(
      'Queries: one process, LMDB stream, chDB store',
      `${events} OpenStack, CIMI and hypervisor events of ${TENANTS} tenants over ${DAYS} days, asked over HTTP one after the other with different tenants, days, identifiers and words. Each: p50 / p95 / worst in ms, CPU of the service each, then p50 / p95 / worst with ${INGEST_PER_SECOND} events/s asked to come in beside.`,
      [
        ...questions.map((question, index) => figureOf(question, quiet[index], beside[index])),
        ...stream,
        {
          question: 'resident memory of the process while questions were asked, highest',
          value: residentMb,
          unit: 'MB',
        },
        {
          question: 'came in beside the questions',
          value: ingest.accepted / ingest.seconds,
          unit: 'events/s',
        },
      ],
    );
  } finally {
    await service.stop();
    if (kept === undefined) service.clean();
  }
}

async function questionsOf(service: TestService): Promise<readonly Question[]> {
  const random = seededRandom(11);
  const below = (end: number): number => Math.floor(random() * end);
  const get = async (path: string): Promise<string> => {
    const response = await service.fetch(`/cadf/v1/${path}`);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  const page = async (path: string): Promise<Page> => JSON.parse(await get(path)) as Page;
  const tenant = (): string => `tenant=tenant-${below(TENANTS)}`;
  const time = (days: number): string => {
    const fromMs = START_MS + below(DAYS - days) * DAY_MS;
    return `from=${new Date(fromMs).toISOString()}&to=${new Date(fromMs + days * DAY_MS).toISOString()}`;
  };
  const facets = 'field=action&field=outcome&field=initiator/name';
  const everything = `from=${new Date(START_MS).toISOString()}&to=${new Date(START_MS + DAYS * DAY_MS).toISOString()}`;
  const cursors: string[] = [];
  const ids: string[] = [];
  for (let turn = 0; turn < 60; turn++) {
    const { events, next } = await page(`events?${tenant()}&${time(1)}&limit=20`);
    ids.push(...events.slice(0, 1).map(({ id }) => id));
    if (next !== undefined) cursors.push(next.slice(next.indexOf('?') + 1));
  }
  const nth = (list: readonly string[], turn: number): string => list[turn % list.length] ?? '';
  const question = (
    name: string,
    goalMs: number,
    times: number,
    path: (turn: number) => string,
  ): Question => ({
    name,
    goalMs,
    times,
    async ask(turn) {
      await get(path(turn));
    },
  });
  return [
    question('first page by tenant and day', 150, 100, () => `events?${tenant()}&${time(1)}`),
    question('next page', 150, 60, (turn) => `events?${nth(cursors, turn)}`),
    question('lookup by id', 50, 60, (turn) => `events/${encodeURIComponent(nth(ids, turn))}`),
    question('facet of 3 fields over all', 500, 20, () => `facets?${facets}`),
    question(
      'facet of 3 fields over a tenant and month',
      150,
      60,
      () => `facets?${facets}&${tenant()}&${time(30)}`,
    ),
    question('timeline by day over all', 300, 20, () => `timeline?interval=1d&${everything}`),
    question(
      'timeline by day and outcome over all',
      300,
      20,
      () => `timeline?interval=1d&by=outcome&${everything}`,
    ),
    question(
      'count of a word that is nowhere',
      1000,
      20,
      (turn) => `count?filter=${encodeURIComponent(`text ~ 'needle${turn}x${below(1e9)}'`)}`,
    ),
    question(
      'count of a word that is in one event',
      1000,
      20,
      (turn) => `count?filter=${encodeURIComponent(`text ~ '${nth(ids, turn)}'`)}`,
    ),
    question(
      'page of a word that is in one event',
      1000,
      20,
      (turn) => `events?filter=${encodeURIComponent(`text ~ '${nth(ids, turn)}'`)}`,
    ),
  ];
}

interface Taken {
  /** Of each turn, sorted. */
  readonly ms: readonly number[];
  /** Of the service for each turn, all threads, its other work included. */
  readonly cpuMs: number;
}

async function askAll(questions: readonly Question[], pid: number): Promise<readonly Taken[]> {
  const all: Taken[] = [];
  for (const { ask, times } of questions) {
    const took: number[] = [];
    const cpuBefore = cpuSeconds(pid);
    for (let turn = 0; turn < times; turn++) {
      const startedMs = performance.now();
      await ask(turn);
      took.push(performance.now() - startedMs);
    }
    all.push({
      ms: took.sort((a, b) => a - b),
      cpuMs: ((cpuSeconds(pid) - cpuBefore) * 1000) / times,
    });
  }
  return all;
}

function figureOf({ goalMs, name }: Question, quiet?: Taken, beside?: Taken): Figure {
  const cell = (taken: Taken | undefined): string => {
    const sorted = taken?.ms ?? [];
    const percentiles = [0.5, 0.95, 1].map((share) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
    return percentiles.map((ms) => ms.toFixed(0)).join(' / ');
  };
  const value = `${cell(quiet)}   ${(quiet?.cpuMs ?? 0).toFixed(0)} CPU   ${cell(beside)}`;
  return { question: `${name} (goal ${goalMs})`, value, unit: 'ms' };
}

/** Ten days of all tenants as NDJSON. */
async function readStream(service: TestService, pid: number, encoding: string): Promise<readonly Figure[]> {
  const from = new Date(START_MS).toISOString();
  const to = new Date(START_MS + 10 * DAY_MS).toISOString();
  const before = residentBytes(pid);
  const cpuBefore = cpuSeconds(pid);
  const stopSampling = sampleMemory(pid, 100);
  const startedMs = performance.now();
  const response = await service.fetch(`/cadf/v1/events?limit=all&from=${from}&to=${to}`, {
    headers: { accept: 'application/x-ndjson', 'accept-encoding': encoding },
  });
  let bytes = 0;
  let lines = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) lines += 1;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const samples = stopSampling();
  return [
    {
      question: `NDJSON stream of ${lines} events, ${encoding} (goal 100)`,
      value: bytes / 1e6 / seconds,
      unit: 'MB/s',
    },
    {
      question: `NDJSON stream by CPU time of the service, ${encoding}`,
      value: bytes / 1e6 / (cpuSeconds(pid) - cpuBefore),
      unit: 'MB/CPU-s',
    },
    {
      question: 'resident memory before the stream / highest in its first and second half',
      value: [[before], samples.slice(0, samples.length / 2), samples.slice(samples.length / 2)]
        .map((part) => (Math.max(...part) / 1e6).toFixed(0))
        .join(' / '),
      unit: 'MB',
    },
  ];
}
