/**
 * The load generator of the bench, a process of its own: posts NDJSON batches from a prepared file over a few
 * keep-alive connections, as fast as they are answered or at a given rate, and prints one JSON object.
 *
 *   node test/bench/load.ts URL KEY FILE CONNECTIONS [EVENTS_PER_SECOND [ACCEPTED]]
 *
 * FILE: batches, each a line `#<events> <bytes>` followed by that many bytes of NDJSON.
 * ACCEPTED: a file to write when each batch was answered with 202, ms since 1970 UTC, one line each, in the order of FILE.
 */
import { openSync, readSync, fstatSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from './quantile.ts';

const [url = '', key = '', file = '', connections = '4', rate = '0', acceptedFile] = process.argv.slice(2);
const eventsPerSecond = Number(rate);
const descriptor = openSync(file, 'r');
const size = fstatSync(descriptor).size;
let at = 0;
let batches = 0;

function nextBatch(): { index: number; events: number; body: Buffer } | undefined {
  if (at >= size) return undefined;
  const head = Buffer.alloc(32);
  readSync(descriptor, head, 0, 32, at);
  const line = head.subarray(1, head.indexOf(10)).toString();
  const [events = 0, bytes = 0] = line.split(' ').map(Number);
  const body = Buffer.allocUnsafe(bytes);
  readSync(descriptor, body, 0, bytes, at + line.length + 2);
  at += line.length + 2 + bytes;
  return { index: batches++, events, body };
}

const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const latenciesMs: number[] = [];
const acceptedAt: number[] = [];
const statuses: Record<string, number> = {};
let sent = 0;
let accepted = 0;

function post(body: Buffer): Promise<{ status: number; answer: string }> {
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/x-ndjson',
          'content-length': body.length,
        },
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (answer += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, answer }));
        response.on('error', reject);
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });
}

const started = performance.now();
async function connection(): Promise<void> {
  for (let batch = nextBatch(); batch !== undefined; batch = nextBatch()) {
    // At a given rate the clock of a batch starts when it was due, so that a stall is not hidden by waiting.
    let dueAt: number | undefined;
    if (eventsPerSecond > 0) {
      const dueMs = (sent / eventsPerSecond) * 1000;
      sent += batch.events;
      const waitMs = dueMs - (performance.now() - started);
      dueAt = started + dueMs;
      if (waitMs > 1) await sleep(waitMs);
    } else sent += batch.events;
    for (;;) {
      const before = performance.now();
      const { status, answer } = await post(batch.body);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 429 || status === 503) {
        await sleep(50);
        continue;
      }
      latenciesMs.push(performance.now() - (dueAt ?? before));
      if (status !== 202) break;
      accepted += Number(JSON.parse(answer).accepted);
      acceptedAt[batch.index] = performance.timeOrigin + performance.now();
      break;
    }
  }
}
await Promise.all(Array.from({ length: Number(connections) }, connection));
const seconds = (performance.now() - started) / 1000;
agent.destroy();
if (acceptedFile !== undefined) writeFileSync(acceptedFile, acceptedAt.join('\n'));
const cpu = process.cpuUsage();
console.log(
  JSON.stringify({
    accepted,
    seconds,
    p50Ms: quantile(latenciesMs, 0.5),
    p95Ms: quantile(latenciesMs, 0.95),
    p99Ms: quantile(latenciesMs, 0.99),
    maxMs: quantile(latenciesMs, 1),
    statuses,
    generatorCpuSeconds: (cpu.user + cpu.system) / 1e6,
  }),
);
