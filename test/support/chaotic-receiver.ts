/** A receiver of webhooks of all formats that fails at random, and remembers in which order what arrived. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NumberedEvent } from './numbered-source.ts';

export interface ChaoticArrival {
  /** `webhook-id`. */
  readonly id: string;
  readonly body: string;
  readonly events: readonly NumberedEvent[];
  /** What was answered; 0: broken off. Of one that is still being thought about undefined. */
  status: number | undefined;
}

export interface ChaoticReceiver {
  readonly url: string;
  /** What came to a path, in the order of its arrival. */
  arrivals(path: string): readonly ChaoticArrival[];
  /** Events that were taken (2xx), those of a repeated batch once, in the order of their first arrival. */
  delivered(path: string): readonly NumberedEvent[];
  /** How often each kind of fault was made. */
  readonly faults: Readonly<Record<string, number>>;
  /** Fails no more. */
  calmDown(): void;
  close(): Promise<void>;
}

/** A path fails so often at most, and no batch twice: the second wait of the schedule is half a minute. */
const FAULTS_OF_A_PATH = 4;
const CHANCE = 0.1;
const SLOW_MS = 1500;
const FAULTS = ['error', 'broken before', 'broken after', 'slow', 'too much'] as const;
type Fault = (typeof FAULTS)[number];

/** `random`: 0 to 1. */
export async function startChaoticReceiver(random: () => number): Promise<ChaoticReceiver> {
  const byPath = new Map<string, ChaoticArrival[]>();
  const failed = new Map<string, Set<string>>();
  const faults: Record<string, number> = {};
  let calm = false;

  function faultOf(path: string, id: string): Fault | undefined {
    const before = failed.get(path) ?? new Set();
    failed.set(path, before);
    if (calm || before.size >= FAULTS_OF_A_PATH || before.has(id) || random() > CHANCE) return undefined;
    before.add(id);
    const fault = FAULTS[Math.floor(random() * FAULTS.length)];
    if (fault !== undefined) faults[fault] = (faults[fault] ?? 0) + 1;
    return fault;
  }

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const id = String(request.headers['webhook-id']);
    const fault = faultOf(path, id);
    if (fault === 'broken before') return void request.destroy();
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const events = eventsIn(String(request.headers['content-type']), body);
      const arrival: ChaoticArrival = { id, body, events, status: undefined };
      byPath.set(path, [...(byPath.get(path) ?? []), arrival]);
      void answer(fault).then(({ status, headers }) => {
        arrival.status = status;
        if (status === 0) request.destroy();
        else response.writeHead(status, headers).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals: (path) => byPath.get(path) ?? [],
    delivered(path) {
      const arrivals = byPath.get(path) ?? [];
      const taken = new Set(arrivals.filter(({ status = 0 }) => status >= 200).map(({ id }) => id));
      const first = new Map(arrivals.toReversed().map((arrival) => [arrival.id, arrival]));
      return arrivals
        .filter((arrival) => first.get(arrival.id) === arrival && taken.has(arrival.id))
        .flatMap(({ events }) => events);
    },
    faults,
    calmDown: () => void (calm = true),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  fault: Fault | undefined,
): Promise<{ status: number; headers?: Record<string, string> }> {
  if (fault === 'error') return { status: 500 };
  if (fault === 'broken after') return { status: 0 };
  if (fault === 'too much') return { status: 429, headers: { 'retry-after': '6' } };
  if (fault === 'slow') await sleep(SLOW_MS);
  return { status: 200 };
}

function eventsIn(contentType: string, body: string): readonly NumberedEvent[] {
  const [type] = contentType.split(';');
  if (type === 'application/x-ndjson')
    return body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as NumberedEvent);
  if (type === 'application/cloudevents+json') return [(JSON.parse(body) as { data: NumberedEvent }).data];
  if (type === 'application/cloudevents-batch+json')
    return (JSON.parse(body) as { data: NumberedEvent }[]).map(({ data }) => data);
  return JSON.parse(body) as NumberedEvent[];
}
