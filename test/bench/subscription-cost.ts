/** What a thousand managed subscriptions with different filters cost taking events in, when 1 % of the events match. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startService } from '../support/service.ts';
import { createArrivals } from './arrivals.ts';
import { waitForCount } from './counting.ts';
import { runLoad } from './load-run.ts';
import { prepareBatches } from './prepare.ts';
import { cpuSeconds } from './process-figures.ts';
import { printSection } from './report.ts';
import { startWebhookSink, subscribeWebhooks } from './webhook-sink.ts';

const SUBSCRIPTIONS = 1000;
const TARGETS = ['nova', 'neutron', 'cinder', 'glance', 'heat'];
const ACTIONS = ['read', 'read/list', 'create', 'update', 'delete', 'update/os-start'];

/**
 * Two of 200 users are watched, by 60 subscriptions of which each of their events meets one; the other 940 wait for what
 * does not happen, as most alerts do, 47 of them with filters that name no value an event could be looked up by.
 */
export function filters(): readonly string[] {
  const watching = ['user-0', 'user-1'].flatMap((user) =>
    TARGETS.flatMap((target) =>
      ACTIONS.map(
        (action) => `initiator/name = '${user}' and target/name = '${target}' and action = '${action}'`,
      ),
    ),
  );
  const waiting = Array.from({ length: SUBSCRIPTIONS - watching.length }, (_, index) => {
    if (index % 20 === 0) return `initiator/name ^= 'robot-${index}' and not outcome = 'success'`;
    if (index % 4 === 1) return `initiator/name = 'robot-${index}' and outcome = 'failure'`;
    if (index % 4 === 2) return `target/id = 'machine-${index}' and action within 'delete'`;
    if (index % 4 === 3)
      return `initiator/host/address in ('203.0.113.${index % 250}', '198.51.100.${index}')`;
    return `action = 'update/rebuild-${index}'`;
  });
  return [...watching, ...waiting];
}

export async function benchSubscriptionCost(folder: string): Promise<void> {
  const events = Number(process.env['CADF_BENCH_EVENTS'] ?? 500_000);
  const file = join(folder, 'cost');
  const warm = join(folder, 'cost-warm');
  prepareBatches(warm, Math.max(500, events / 10), 500, 6);
  prepareBatches(file, events, 500, 5);
  const runs: Run[] = [];
  // One after the other, twice: the machine's own pace shows in what differs between equal runs.
  for (const asked of [[], filters(), [], filters()]) runs.push(await takeIn({ file, warm, events }, asked));
  const rates = (withFilters: boolean): readonly number[] =>
    runs.filter((_, index) => (index % 2 === 1) === withFilters).map(({ perSecond }) => perSecond);
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const last = runs.at(-1);
  printSection(
    `Subscriptions: what ${SUBSCRIPTIONS} of them cost taking in, embedded`,
    `${events} events in NDJSON batches of 500 as fast as they are answered over 4 connections, after a tenth of that as warm-up, without and with ${SUBSCRIPTIONS} webhook subscriptions of different filters, in turn, twice. Until /count shows all.`,
    [
      { question: 'events queryable per second without', value: list(rates(false)), unit: 'events/s' },
      { question: 'events queryable per second with', value: list(rates(true)), unit: 'events/s' },
      {
        question: 'cost',
        value: (1 - mean(rates(true)) / mean(rates(false))) * 100,
        unit: '%',
      },
      {
        question: 'CPU of the service per 100k events, without / with',
        value: runs
          .slice(2)
          .map(({ cpu }) => ((cpu / events) * 100_000).toFixed(2))
          .join(' / '),
        unit: 's',
      },
      {
        question: 'events delivered, share of those taken in',
        value: ((last?.delivered ?? 0) / (events * 1.1)) * 100,
        unit: '%',
      },
      { question: 'all delivered after the last was queryable', value: last?.lateSeconds ?? 0, unit: 's' },
    ],
  );
}

interface Run {
  readonly perSecond: number;
  readonly cpu: number;
  readonly delivered: number;
  readonly lateSeconds: number;
}

interface Taking {
  readonly file: string;
  readonly warm: string;
  readonly events: number;
}

async function takeIn({ file, warm, events }: Taking, asked: readonly string[]): Promise<Run> {
  const service = await startService({
    env: { CADF_LOG_LEVEL: 'error', CADF_WEBHOOK_ALLOW_PRIVATE: 'true' },
  });
  const arrivals = createArrivals();
  const sink = await startWebhookSink((_, event) => arrivals.came(event));
  try {
    await subscribeWebhooks(
      service,
      asked.map((filter, index) => ({ url: `${sink.url}/${index}`, filter })),
    );
    const load = { url: service.url, key: service.key, connections: 4, eventsPerSecond: 0 };
    const { accepted: warmed } = await runLoad({ ...load, file: warm });
    await waitForCount(service, warmed);
    const pid = service.process.pid ?? 0;
    const cpuBefore = cpuSeconds(pid);
    const started = performance.now();
    await runLoad({ ...load, file });
    await waitForCount(service, warmed + events);
    const perSecond = events / ((performance.now() - started) / 1000);
    const cpu = cpuSeconds(pid) - cpuBefore;
    const lateSeconds = await untilStill(() => arrivals.count);
    return { perSecond, cpu, delivered: arrivals.count, lateSeconds };
  } finally {
    await service.kill();
    sink.close();
    rmSync(service.dataDir, { recursive: true, force: true });
  }
}

/** Seconds until a number last rose; it is taken to rise no more when it stood for 3 s. */
async function untilStill(number: () => number): Promise<number> {
  const started = performance.now();
  let rose = started;
  for (let last = number(); performance.now() - rose < 3000;) {
    await new Promise((resume) => setTimeout(resume, 20));
    if (number() !== last) rose = performance.now();
    last = number();
  }
  return (rose - started) / 1000;
}

function list(numbers: readonly number[]): string {
  return numbers.map((number) => Math.round(number).toLocaleString('en-US')).join(' / ');
}
