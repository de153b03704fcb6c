/**
 * `npm run demo`: the whole pipeline, fed with a captured libvirt audit log and some CADF events, and the timeline
 * that an auditor reads of it. Data under ./data/demo. On a terminal it goes on running, to be looked at.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitOnStartupFault } from '@cadf-pipeline/service-host';
import { runStandalone } from './standalone.ts';
import { timelineOf } from './timeline.ts';
import { welcome } from './welcome.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../fixtures');
const HYPERVISOR = 'demo-hypervisor';
const VISIBLE_WITHIN_MS = 15_000;
const LINES = 24;

const running = await exitOnStartupFault(
  runStandalone({
    CADF_DATA_DIR: './data/demo',
    CADF_HTTP_PORT: '0',
    CADF_LOG_LEVEL: 'warn',
    ...process.env,
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
  const answer: unknown = await response.json();
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
const raw = await call('POST', `/cadf/v1/sources/${HYPERVISOR}/records`, 'text/plain', libvirt);
const native = await call('POST', '/cadf/v1/events?source=demo-openstack', 'application/x-ndjson', events);

const deadline = Date.now() + VISIBLE_WITHIN_MS;
const lastId = JSON.parse(events.toString().trimEnd().split('\n').at(-1) ?? '{}').id;
while (Date.now() < deadline) {
  const found = await call('GET', `/cadf/v1/events/${lastId}`).catch(() => undefined);
  if (found !== undefined) break;
}
const count = await call('GET', '/cadf/v1/count');
const page = await call('GET', `/cadf/v1/events?to=2026-11-21T00:00:00Z&limit=${LINES}`);

const out = (text: string): boolean => process.stdout.write(`${text}\n`);
out(`\nlibvirt audit log (${libvirt.toString().trimEnd().split('\n').length} lines): ${summary(raw)}`);
out(`CADF events: ${summary(native)}`);
out(`stored and counted once each: ${JSON.stringify(count)}\n`);
out(`the last ${LINES} before midnight, newest first (GET /cadf/v1/events):\n`);
out(timelineOf(page));
if (process.stdout.isTTY) process.stderr.write(welcome(running));
else await running.stop('the demo is over');

function summary(answer: unknown): string {
  const { results: _results, ...counts } =
    typeof answer === 'object' && answer !== null && 'results' in answer ? answer : { results: [] };
  return Object.entries(counts)
    .map(([name, value]) => `${String(value)} ${name}`)
    .join(', ');
}
