/** How long after its acceptance an event is with who subscribed to it, at 5,000 events a second. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { createArrivals, readAccepted, spread } from './arrivals.ts';
import type { Arrivals } from './arrivals.ts';
import { waitForCount } from './counting.ts';
import { openLiveStream } from './live-stream.ts';
import { runLoad } from './load-run.ts';
import { prepareBatches } from './prepare.ts';
import { cpuSeconds } from './process-figures.ts';
import { printSection } from './report.ts';
import type { Figure } from './report.ts';
import { startWebhookSink, subscribeWebhooks } from './webhook-sink.ts';

const EVENTS_PER_SECOND = 5000;
const EVENTS_PER_BATCH = 50;
const SECONDS = 30;
const WARM_UP_SECONDS = 5;
const EVENTS = EVENTS_PER_SECOND * SECONDS;
/** Each takes every 200th event, since there are 200 users. */
const FILTERS = Array.from({ length: 10 }, (_, index) => `initiator/name = 'user-${index}'`);

/** Readers of all events, or of those of one user each. */
type Open = (service: TestService, filter: string | undefined, arrivals: Arrivals) => Promise<void>;

export async function benchSubscriptionLatency(folder: string): Promise<void> {
  const ends: (() => void)[] = [];
  const byPath = new Map<string, Arrivals>();
  const sink = await startWebhookSink((path, event) => byPath.get(path)?.came(event));
  const openStream: Open = async (service, filter, arrivals) => {
    ends.push(await openLiveStream(service, filter, (event) => arrivals.came(event)));
  };
  const openWebhook: Open = async (service, filter, arrivals) => {
    const path = `/${byPath.size}`;
    byPath.set(path, arrivals);
    await subscribeWebhooks(service, [{ url: sink.url + path, filter }]);
  };
  const figures: Figure[] = [];
  try {
    for (const [name, open] of [
      ['SSE', openStream],
      ['webhook', openWebhook],
    ] as const) {
      figures.push(...(await measure(folder, `${name}, 10 with every 200th event`, open, FILTERS)));
      figures.push(...(await measure(folder, `${name}, one with all events`, open, [undefined])));
      for (const end of ends.splice(0)) end();
    }
  } finally {
    sink.close();
  }
  printSection(
    `Subscriptions: from accepted to received at ${EVENTS_PER_SECOND} events/s, embedded`,
    `NDJSON batches of ${EVENTS_PER_BATCH} at a steady rate for ${SECONDS} s after ${WARM_UP_SECONDS} s of warm-up, 4 connections; webhooks with default batches, answered at once. From the answer with 202 to the event's last byte at the receiver, p50 / p95 / p99 / max; generator, receivers and service share the cores.`,
    figures,
  );
}

async function measure(
  folder: string,
  name: string,
  open: Open,
  filters: readonly (string | undefined)[],
): Promise<readonly Figure[]> {
  const service = await startService({
    env: { CADF_LOG_LEVEL: 'error', CADF_WEBHOOK_ALLOW_PRIVATE: 'true' },
  });
  try {
    const arrivals = createArrivals();
    for (const filter of filters) await open(service, filter, arrivals);
    const pid = service.process.pid ?? 0;
    const load = { url: service.url, key: service.key, connections: 4, eventsPerSecond: EVENTS_PER_SECOND };
    const warm = join(folder, 'warm');
    prepareBatches(warm, EVENTS_PER_SECOND * WARM_UP_SECONDS, EVENTS_PER_BATCH, 8);
    await runLoad({ ...load, file: warm });
    const file = join(folder, 'live');
    const acceptedFile = join(folder, 'accepted');
    prepareBatches(file, EVENTS, EVENTS_PER_BATCH, 9);
    const cpuBefore = cpuSeconds(pid);
    const { seconds } = await runLoad({ ...load, file, acceptedFile });
    const cpu = cpuSeconds(pid) - cpuBefore;
    await waitForCount(service, EVENTS + EVENTS_PER_SECOND * WARM_UP_SECONDS);
    await new Promise((resume) => setTimeout(resume, 2000));
    const accepted = readAccepted(file, acceptedFile);
    const latencies = arrivals.latencies(accepted);
    return [
      {
        question: `${name}: ${latencies.length} events of ${accepted.size}`,
        value: spread(latencies),
        unit: 'ms',
      },
      {
        question: '  sent per second; cores used by the service',
        value: `${Math.round(EVENTS / seconds)}; ${(cpu / seconds).toFixed(2)}`,
        unit: '',
      },
    ];
  } finally {
    await service.kill();
    rmSync(service.dataDir, { recursive: true, force: true });
  }
}
