/** How fast feeds cut segments, and how long after acceptance an event can be pulled, and asked for at the peer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startService } from '../support/service.ts';
import type { TestService } from '../support/service.ts';
import { FIVE_RULES } from './federation-chain.ts';
import { ask, reached } from './federation-import.ts';
import { runLoad } from './load-run.ts';
import { prepareBatches } from './prepare.ts';
import { quantile } from './quantile.ts';
import { printSection } from './report.ts';

interface FeedView {
  readonly status: { readonly events: number; readonly period?: string; readonly failure?: object };
}

/** The events of the bench, and not those that the service writes about itself. */
const FILTER = "initiator/typeURI = 'service/security/account/user'";
const COUNT = `/cadf/v1/count?filter=${encodeURIComponent(FILTER)}`;
const SHORTEST_CADENCE = 10;
const PER_BATCH = 100;
const EVENTS_PER_SECOND = 1000;
const EVERY_MS = 250;
const PRIVATE = { CADF_FEDERATION_ALLOW_PRIVATE: 'true', CADF_LOG_LEVEL: 'warn' };

export async function benchCut(temporary: string, events: number): Promise<void> {
  const file = join(temporary, 'cut');
  prepareBatches(file, events, 500, 5);
  const provider = await startService({ env: PRIVATE });
  try {
    await runLoad({ url: provider.url, key: provider.key, file, connections: 4, eventsPerSecond: 0 });
    await reached(events, () => countOf(provider));
    const rates: number[] = [];
    for (const [index, redaction] of [[], FIVE_RULES].entries()) {
      const id = `cut-${index}`;
      await ask(provider, '/cadf/v1/feeds', {
        id,
        start: 'beginning',
        cadenceSeconds: SHORTEST_CADENCE,
        filter: FILTER,
        redaction,
      });
      await reached(events, async () => (await feedOf(provider, id)).status.events);
      const { period } = (await feedOf(provider, id)).status;
      rates.push(events / ((Date.now() - Date.parse(period ?? '')) / 1000));
    }
    printSection(
      'Feed: cutting',
      `${events.toLocaleString('en-US')} stored events of 1.2 KB as gzip segments; from the end of the period until they can be pulled, up to 0.5 s of looking for periods included.`,
      [
        { question: 'no rules', value: rates[0] ?? 0, unit: 'events/s' },
        { question: 'five rules', value: rates[1] ?? 0, unit: 'events/s' },
      ],
    );
  } finally {
    await provider.stop();
    provider.clean();
  }
}

export async function benchLag(temporary: string, cadenceSeconds: number): Promise<void> {
  // Three periods of events, so that the first one, which is shorter, does not decide.
  const events = EVENTS_PER_SECOND * cadenceSeconds * 3;
  const file = join(temporary, 'lag');
  const acceptedFile = join(temporary, 'lag-accepted');
  prepareBatches(file, events, PER_BATCH, 6);
  const provider = await startService({ env: PRIVATE });
  const peer = await startService({ env: PRIVATE });
  try {
    await ask(provider, '/cadf/v1/feeds', { id: 'lag', cadenceSeconds, filter: FILTER });
    const { invitation } = (await ask(provider, '/cadf/v1/feeds/lag/invitations', {
      url: provider.url,
      seconds: 600,
    })) as { readonly invitation: string };
    await ask(peer, '/cadf/v1/imports', { id: 'provider', from: { type: 'feed', invitation } });
    const pulled = watch(events, async () => (await feedOf(provider, 'lag')).status.events);
    const queryable = watch(events, () => countOf(peer));
    const load = await runLoad({
      url: provider.url,
      key: provider.key,
      file,
      connections: 2,
      eventsPerSecond: EVENTS_PER_SECOND,
      acceptedFile,
    });
    const accepted = readFileSync(acceptedFile, 'utf8')
      .split('\n')
      .map(Number)
      .toSorted((a, b) => a - b);
    const [toPull, toAsk] = (await Promise.all([pulled, queryable])).map((steps) => lags(accepted, steps));
    const figures = [
      { name: 'can be pulled', of: toPull ?? [] },
      { name: 'queryable at the peer', of: toAsk ?? [] },
    ].flatMap(({ name, of }) =>
      [0.5, 0.95].map((share) => ({
        question: `${name}, p${share * 100}`,
        value: quantile(of, share) / 1000,
        unit: 's after acceptance',
      })),
    );
    printSection(
      'Feed: lag',
      `${events.toLocaleString('en-US')} events at ${Math.round(load.accepted / load.seconds)} events/s, a period each ${cadenceSeconds} s, pulled over HTTP by a second process; counts on both sides are read each ${EVERY_MS} ms.`,
      figures,
    );
  } finally {
    for (const service of [peer, provider]) {
      await service.stop();
      service.clean();
    }
  }
}

/** How many there were when, until all are. */
async function watch(
  wanted: number,
  count: () => Promise<number>,
): Promise<readonly { readonly count: number; readonly ms: number }[]> {
  const steps: { count: number; ms: number }[] = [];
  const look = async (): Promise<number> => {
    const is = await count();
    if (is > (steps.at(-1)?.count ?? 0)) steps.push({ count: is, ms: Date.now() });
    await sleep(EVERY_MS);
    return is;
  };
  // The load takes a while before the wait for the last ones begins to count.
  const deadline = Date.now() + (wanted / EVENTS_PER_SECOND) * 1000 + 180_000;
  while ((await look()) < wanted) if (Date.now() > deadline) throw new Error(`not all of ${wanted} arrived`);
  return steps;
}

/** Of the nth event: from the nth acceptance until that many were there. Events keep their order, within a batch or two. */
function lags(accepted: readonly number[], steps: readonly { count: number; ms: number }[]): number[] {
  let step = 0;
  return accepted.flatMap((acceptedMs, batch) => {
    while ((steps[step]?.count ?? Infinity) < (batch + 1) * PER_BATCH) step++;
    const ms = steps[step]?.ms;
    return ms === undefined ? [] : [ms - acceptedMs];
  });
}

async function feedOf(service: TestService, id: string): Promise<FeedView> {
  const feed = (await ask(service, `/cadf/v1/feeds/${id}`)) as FeedView;
  if (feed.status.failure !== undefined) throw new Error(JSON.stringify(feed.status.failure));
  return feed;
}

async function countOf(service: TestService): Promise<number> {
  return ((await ask(service, COUNT)) as { readonly count: number }).count;
}
