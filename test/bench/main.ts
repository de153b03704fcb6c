/**
 * `npm run bench`: the figures of the performance budget. `npm run bench -- embedded`, `-- kafka`, `-- normalize`, `-- filter`,
 * `-- subscriptions` (or one of its parts: `-- latency`, `-- cost`, `-- idle`) or `-- query` or `-- export` or `-- federation` (or one of
 * its parts: `-- verify`, `-- redaction`, `-- import`, `-- cut`, `-- lag`) runs one part (these three only when they are named: they
 * fill stores of their own); CADF_BENCH_EVENTS sets the number of events (default 1,000,000). CADF_BENCH_FEDERATION_EVENTS: those of a
 * part of `federation` (default 100,000); CADF_BENCH_CADENCE: seconds of a feed's period in `lag` (default 10; lasts four of them).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchEmbedded } from './embedded.ts';
import { benchExport } from './export.ts';
import { benchRedaction, benchVerify } from './federation-chain.ts';
import { benchCut, benchLag } from './federation-feed.ts';
import { benchImport } from './federation-import.ts';
import { benchFilter } from './filter.ts';
import { benchIdleStreams } from './idle-streams.ts';
import { benchNormalize } from './normalize.ts';
import { prepareBatches } from './prepare.ts';
import { benchQuery } from './query.ts';
import { benchScaled } from './scaled.ts';
import { benchSubscriptionCost } from './subscription-cost.ts';
import { benchSubscriptionLatency } from './subscription-latency.ts';

const parts = process.argv.slice(2);
const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part);
const events = Number(process.env['CADF_BENCH_EVENTS'] ?? 1_000_000);
const pacedEvents = Math.max(500, Math.floor(events / 5 / 500) * 500);
const folder = mkdtempSync(join(tmpdir(), 'cadf-bench-'));
try {
  console.log(`# Bench\n\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`);
  if (wanted('normalize')) await benchNormalize();
  if (wanted('filter')) benchFilter();
  if (['subscriptions', 'latency'].some((part) => wanted(part))) await benchSubscriptionLatency(folder);
  if (['subscriptions', 'cost'].some((part) => wanted(part))) await benchSubscriptionCost(folder);
  if (['subscriptions', 'idle'].some((part) => wanted(part))) await benchIdleStreams();
  if (parts.includes('query')) await benchQuery(folder);
  if (parts.includes('export')) await benchExport(folder);
  await benchFederation();
  if (['embedded', 'kafka', 'kafkajs'].some((part) => wanted(part))) await benchPipeline();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function benchFederation(): Promise<void> {
  const named = (part: string): boolean => parts.includes('federation') || parts.includes(part);
  const count = Number(process.env['CADF_BENCH_FEDERATION_EVENTS'] ?? 100_000);
  if (named('verify')) await benchVerify(folder, count);
  if (named('redaction')) benchRedaction();
  if (named('import')) await benchImport(folder, count);
  if (named('cut')) await benchCut(folder, count);
  if (named('lag')) await benchLag(folder, Number(process.env['CADF_BENCH_CADENCE'] ?? 10));
}

async function benchPipeline(): Promise<void> {
  const file = join(folder, 'full');
  const pacedFile = join(folder, 'paced');
  const bytesPerEvent = prepareBatches(file, events, 500, 1);
  prepareBatches(pacedFile, pacedEvents, 500, 2);
  const plan = { events, file, pacedFile, pacedEvents, bytesPerEvent };
  if (wanted('embedded')) await benchEmbedded(plan);
  if (wanted('kafka')) await benchScaled(plan, 'platformatic');
  if (parts.includes('kafkajs')) await benchScaled(plan, 'kafkajs');
}
