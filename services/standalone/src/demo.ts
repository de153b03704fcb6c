/**
 * `npm run demo`: the whole pipeline, fed with a captured libvirt audit log, some CADF events and a simulated CIMI cloud
 * that it collects from, and the timelines that an auditor reads of it. Data under ./data/demo. On a terminal it goes on
 * running, to be looked at.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitOnStartupFault } from '@cadf-pipeline/service-host';
import { startDemoCloud } from './demo-cloud.ts';
import { runStandalone } from './standalone.ts';
import { timelineOf } from './timeline.ts';
import { welcome } from './welcome.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../fixtures');
const HYPERVISOR = 'demo-hypervisor';
const CLOUD = 'demo-cloud';
const VISIBLE_WITHIN_MS = 15_000;
const LINES = 24;
const CLOUD_LINES = 100;

// The data may have the clouds of earlier runs.
const begun = new Date().toISOString();
const cloud = await startDemoCloud();
const running = await exitOnStartupFault(
  runStandalone({
    CADF_DATA_DIR: './data/demo',
    CADF_HTTP_PORT: '0',
    CADF_LOG_LEVEL: 'warn',
    ...process.env,
    CADF_CIMI_PROVIDERS: [process.env['CADF_CIMI_PROVIDERS'] ?? [], new URL(cloud.url).origin].flat().join(),
  }),
);

async function call(
  method: string,
  path: string,
  type?: string,
  body?: string | Buffer<ArrayBuffer>,
): Promise<unknown> {
  const response = await fetch(running.url + path, {
    method,
    headers: {
      authorization: `Bearer ${running.bootstrapKey.token.reveal()}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

const libvirt = readFileSync(join(FIXTURES, 'libvirt-audit.log'));
const events = readFileSync(join(FIXTURES, 'cadf-events.ndjson'));
await call(
  'PUT',
  `/cadf/v1/admin/sources/${HYPERVISOR}`,
  'application/json',
  '{"type":"libvirt-audit","name":"Demo hypervisor"}',
);
const work = cloud.work();
const raw = await call('POST', `/cadf/v1/sources/${HYPERVISOR}/records`, 'text/plain', libvirt);
const native = await call('POST', '/cadf/v1/events?source=demo-openstack', 'application/x-ndjson', events);

await work;
// Registered while the import is under way: its job is watched until it is over.
const poll = { url: cloud.url, everySeconds: 5, openJobsEverySeconds: 1 };
await call(
  'PUT',
  `/cadf/v1/admin/sources/${CLOUD}`,
  'application/json',
  JSON.stringify({ type: 'cimi', name: 'Demo cloud', tenants: [CLOUD], poll }),
);

const deadline = Date.now() + VISIBLE_WITHIN_MS;
const lastId = JSON.parse(events.toString().trimEnd().split('\n').at(-1) ?? '{}').id;
while (Date.now() < deadline) {
  const found = await call('GET', `/cadf/v1/events/${lastId}`).catch(() => undefined);
  if (found !== undefined) break;
}
const ofCloud = `/cadf/v1/events?tenant=${CLOUD}&from=${begun}&limit=${CLOUD_LINES}`;
let collected = await call('GET', ofCloud);
while (!hasImported(collected) && Date.now() < deadline) {
  await sleep(200);
  collected = await call('GET', ofCloud);
}
const count = await call('GET', '/cadf/v1/count');
const page = await call('GET', `/cadf/v1/events?to=2026-11-21T00:00:00Z&limit=${LINES}`);

const out = (text: string): boolean => process.stdout.write(`${text}\n`);
out(`\nlibvirt audit log (${libvirt.toString().trimEnd().split('\n').length} lines): ${summary(raw)}`);
out(`CADF events: ${summary(native)}`);
out(`stored and counted once each: ${JSON.stringify(count)}\n`);
out(`the last ${LINES} before midnight, newest first (GET /cadf/v1/events):\n`);
out(timelineOf(page));
out(
  `\ncollected from a simulated CIMI cloud at ${cloud.url}, newest first, without what was only observed (GET ${ofCloud}):\n`,
);
out(timelineOf(withoutMonitoring(collected)));
const key = running.bootstrapKey.file;
const token = key === undefined ? '$CADF_BOOTSTRAP_KEY' : `$(cat ${key})`;
const log = `${running.url}/cimi/eventLogs/source-${CLOUD}`;
out(`\nCIMI clients read the same as event logs from ${running.url}/cimi (GET ${log}):\n`);
out(JSON.stringify(await call('GET', new URL(log).pathname), undefined, 2));
out(`\n  curl -sS ${log}/events -H "Authorization: Bearer ${token}" -H "Accept: application/xml"\n`);
if (process.stdout.isTTY) process.stderr.write(welcome(running));
else {
  // The next run has its cloud elsewhere.
  await call('DELETE', `/cadf/v1/admin/sources/${CLOUD}`);
  await running.stop('the demo is over');
  await cloud.stop();
}

/** The job is over, not only asked for. */
function hasImported(answer: unknown): boolean {
  const signs = ['"action":"deploy/import"', '"outcome":"success"', 'nested-job'];
  return eventsIn(answer).some((event) => signs.every((sign) => JSON.stringify(event).includes(sign)));
}

/** States, alarms and samples are many. */
function withoutMonitoring(answer: unknown): unknown {
  return {
    events: eventsIn(answer).filter((event) => !JSON.stringify(event).includes('"eventType":"monitor"')),
  };
}

function eventsIn(answer: unknown): readonly unknown[] {
  const events: unknown =
    typeof answer === 'object' && answer !== null && 'events' in answer ? answer.events : undefined;
  return Array.isArray(events) ? events : [];
}

function summary(answer: unknown): string {
  const { results: _results, ...counts } =
    typeof answer === 'object' && answer !== null && 'results' in answer ? answer : { results: [] };
  return Object.entries(counts)
    .map(([name, value]) => `${String(value)} ${name}`)
    .join(', ');
}
