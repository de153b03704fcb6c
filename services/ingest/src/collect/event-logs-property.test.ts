/** For any interleaving of events and polls: each event once, no gap where there is none, and each that is one is told. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startCimiProvider } from '../../../../test/support/cimi-provider.ts';
import type { CimiProvider, CimiProviderOptions } from '../../../../test/support/cimi-provider.ts';
import { createCimiClient } from '../cimi/cimi-client.ts';
import type { CimiClient } from '../cimi/cimi-client.ts';
import { collectEventLogs } from './event-logs.ts';
import { SEVERITIES } from './event-logs-counts.ts';
import { rememberingPolls } from './poll-context.test-support.ts';

const START_MS = Date.parse('2026-11-20T10:00:00Z');
const ALL = ['FilterParameter', 'FirstParameter', 'OrderByParameter', 'ExpandParameter'];
const RUNS = { numRuns: 60 };

interface Step {
  /** `lose`: the provider counts the event, and does not list it. `kill`: a poll that does not come to remember. */
  readonly kind: 'add' | 'lose' | 'poll' | 'kill';
  readonly log: 'eventLogs/1' | 'eventLogs/2';
  readonly severity: string;
  /** How much later than its time the event is told. */
  readonly lateSeconds: number;
  /** Events before a poll happen in the middle of it when they wait for so many of its requests. */
  readonly waits: number;
}

const steps = (...kinds: readonly Step['kind'][]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record<Step>({
      kind: fc.constantFrom(...kinds),
      log: fc.constantFrom('eventLogs/1', 'eventLogs/2'),
      severity: fc.constantFrom(...SEVERITIES),
      lateSeconds: fc.integer({ min: 0, max: 500 }),
      waits: fc.integer({ min: 0, max: 8 }),
    }),
    { maxLength: 25 },
  );
const servers = fc.record({
  format: fc.constantFrom('json' as const, 'xml' as const),
  items: fc.constantFrom('full' as const, 'references' as const),
  capabilities: fc.subarray(ALL),
});

interface Run {
  readonly added: readonly string[];
  readonly delivered: readonly string[];
  /** `eventLogs/1 low` → how many. */
  readonly lost: ReadonlyMap<string, number>;
  /** What was told last to be missing of it. */
  readonly missing: ReadonlyMap<string, number>;
}

async function run(options: CimiProviderOptions, all: readonly Step[]): Promise<Run> {
  const provider = await startCimiProvider(options);
  const client = createCimiClient({
    url: provider.url,
    auth: { kind: 'none' },
    limits: { pageSize: 3 },
  });
  try {
    return await runOn(provider, client, all);
  } finally {
    client.close();
    await provider.close();
  }
}

async function runOn(provider: CimiProvider, client: CimiClient, all: readonly Step[]): Promise<Run> {
  const added: string[] = [];
  const lost = new Map<string, number>();
  const summaries = new Map<string, Record<string, number>>();
  let waiting: { readonly step: Step; left: number }[] = [];
  let nowMs = START_MS;

  function write({ kind, log, severity, lateSeconds }: Step): void {
    nowMs += 1000;
    const timestamp = new Date(nowMs - lateSeconds * 1000).toISOString();
    const id = provider.addEvent(log, { timestamp, type: 'x/alarm', content: { code: 'x' }, severity });
    const summary = summaries.get(log) ?? {};
    summary[severity] = (summary[severity] ?? 0) + 1;
    summaries.set(log, summary);
    provider.change(log, { summary });
    if (kind === 'add') return void added.push(id);
    provider.remove(id);
    lost.set(`${log} ${severity}`, (lost.get(`${log} ${severity}`) ?? 0) + 1);
  }

  function request(): void {
    for (const one of waiting) if (one.left-- <= 0) write(one.step);
    waiting = waiting.filter(({ left }) => left >= 0);
  }

  const polls = rememberingPolls(
    {
      ...client,
      get(href, discovery, signal) {
        request();
        return client.get(href, discovery, signal);
      },
      async *pages(collection, query, discovery, signal) {
        request();
        for await (const page of client.pages(collection, query, discovery, signal)) {
          request();
          yield page;
        }
      },
    },
    START_MS,
  );

  async function poll(): Promise<void> {
    nowMs += 10_000;
    await polls.poll(collectEventLogs, nowMs).catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'killed') throw error;
    });
    for (const { step } of waiting) write(step);
    waiting = [];
  }

  for (const step of all) {
    if (step.kind === 'kill') polls.killNext();
    if (step.kind === 'poll' || step.kind === 'kill') await poll();
    else if (step.waits === 0) write(step);
    else waiting.push({ step, left: step.waits });
  }
  for (let peace = 0; peace < 3; peace++) await poll();

  const missing = new Map<string, number>();
  for (const { target, reason } of polls.told) {
    const log = target?.id?.replace(/^.*\/cimi\//, '') ?? '';
    for (const [, severity, count] of reason?.reasonCode
      ?.split(';')[0]
      ?.matchAll(/(low|medium|high|critical) (\d+)/g) ?? [])
      missing.set(`${log} ${severity ?? ''}`, Number(count));
  }
  expect(polls.troubles).toEqual([]);
  const delivered = polls.documents.map(({ position }) => position.replace(/^.*\/cimi\//, ''));
  return { added, delivered, lost, missing };
}

test('Each event is delivered once, and no gap is told where nothing is missing', async () => {
  await fc.assert(
    fc.asyncProperty(servers, steps('add', 'add', 'poll'), async (options, all) => {
      const { added, delivered, missing } = await run(options, all);
      expect(delivered.toSorted()).toEqual(added.toSorted());
      expect([...missing]).toEqual([]);
    }),
    RUNS,
  );
});

test('Each event is delivered at least once, and no gap is told, where polls are killed before they remember', async () => {
  await fc.assert(
    fc.asyncProperty(servers, steps('add', 'add', 'poll', 'kill'), async (options, all) => {
      const { added, delivered, missing } = await run(options, all);
      expect([...new Set(delivered)].toSorted()).toEqual(added.toSorted());
      expect([...missing]).toEqual([]);
    }),
    RUNS,
  );
});

test('What is counted and never listed is told, of the log and the severity it is missing in', async () => {
  await fc.assert(
    fc.asyncProperty(servers, steps('add', 'lose', 'poll'), async (options, all) => {
      const { added, delivered, lost, missing } = await run(options, all);
      // What is missing is looked for among all there is: of a filtered log, that is delivered once more.
      const isFiltered = options.capabilities.includes('FilterParameter');
      expect((isFiltered ? [...new Set(delivered)] : delivered).toSorted()).toEqual(added.toSorted());
      expect([...missing.keys()].toSorted()).toEqual([...lost.keys()].toSorted());
      // Of a log that is listed whole, what is told last is all that is missing.
      if (!isFiltered)
        for (const [what, count] of lost) expect([what, missing.get(what)]).toEqual([what, count]);
    }),
    RUNS,
  );
});
