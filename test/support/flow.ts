/** A sender as a careful client is: what has no good answer is sent again, to whoever answers. */
import { ndjson, testEvent } from './events.ts';
import type { TestEvent } from './events.ts';
import type { TestService } from './service.ts';

const ANSWER_TIMEOUT_MS = 20_000;
const RETRY_MS = 50;

export interface FlowOptions {
  /** The services that take events, asked before every attempt; those that are down fail and are left for the next. */
  readonly services: () => readonly TestService[];
  /** Events of this tenant, so that they can be read back apart from others. */
  readonly tenant: string;
  readonly events: number;
  readonly perBatch?: number;
  readonly senders?: number;
  /** Name of their source; default: that of the key. */
  readonly source?: string;
  /** Members in which an event differs, by its number. */
  readonly vary?: (number: number) => Readonly<Record<string, unknown>>;
  /** Milliseconds each sender rests between batches, so that something is still to come when a test breaks things. */
  readonly pauseMs?: number;
}

export interface Flow {
  /** Ids of what was sent, also while it is under way. */
  readonly sent: ReadonlySet<string>;
  /** Events with a 202 so far. */
  acknowledged(): number;
  /** Attempts that had to be repeated. */
  repeated(): number;
  /** Resolves when everything is acknowledged. */
  readonly done: Promise<void>;
}

/** Starts sending. */
export function startFlow(options: FlowOptions): Flow {
  const { services, tenant, events, perBatch = 250, senders = 4, pauseMs = 0, source, vary } = options;
  const path = `/cadf/v1/events${source === undefined ? '' : `?source=${source}`}`;
  const sent = new Set<string>();
  let acknowledged = 0;
  let repeated = 0;
  let turn = 0;

  async function send(): Promise<void> {
    while (sent.size < events) {
      const first = sent.size;
      const batch = Array.from({ length: Math.min(perBatch, events - first) }, (_, index) =>
        eventOf(tenant, vary?.(first + index)),
      );
      for (const { id } of batch) sent.add(id);
      const body = ndjson(batch);
      while (!(await post(body))) {
        repeated++;
        await pause(RETRY_MS);
      }
      acknowledged += batch.length;
      await pause(pauseMs);
    }
  }

  async function post(body: string): Promise<boolean> {
    const all = services();
    const service = all[turn++ % all.length];
    if (service === undefined) return false;
    try {
      const response = await service.fetch(path, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-ndjson' },
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      const answer = (await response.json()) as { rejected?: number };
      return response.status === 202 && answer.rejected === 0;
    } catch {
      // Whether it was taken is unknown.
      return false;
    }
  }

  return {
    sent,
    acknowledged: () => acknowledged,
    repeated: () => repeated,
    done: Promise.all(Array.from({ length: senders }, send)).then(() => undefined),
  };
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resume) => setTimeout(resume, ms));
}

/** An event that is routed to a tenant. */
export function eventOf(tenant: string, changes: Readonly<Record<string, unknown>> = {}): TestEvent {
  return testEvent({
    initiator: { id: 'i', typeURI: 'data/security/account/user', name: 'ada', project_id: tenant },
    ...changes,
  });
}

/** How often each event of a tenant is in the pages of a query service, by id. */
export async function readIds(query: TestService, tenant: string): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  let path: string | undefined = `/cadf/v1/events?tenant=${tenant}&limit=5000&order=asc`;
  while (path !== undefined) {
    const response = await query.fetch(path);
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    const page = (await response.json()) as { events: { id: string }[]; next?: string };
    for (const { id } of page.events) seen.set(id, (seen.get(id) ?? 0) + 1);
    path = page.next;
  }
  return seen;
}

/** The number of events of a tenant. */
export async function countOf(query: TestService, tenant: string): Promise<number> {
  const response = await query.fetch(`/cadf/v1/count?tenant=${tenant}`);
  return ((await response.json()) as { count: number }).count;
}
