/** A source that numbers its events and sends them in order, each batch again and again until it is taken. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ndjson, testEvent } from './events.ts';
import type { TestEvent } from './events.ts';
import type { TestService } from './service.ts';

export interface NumberedEvent extends TestEvent {
  /** `<source>/<batch>/<place in the batch>`: another one in each version of an event. */
  readonly name: string;
}

export interface NumberedSource {
  readonly source: string;
  readonly perBatch: number;
  /** Names of what was sent, in order. */
  readonly sent: readonly string[];
  /** Batches of which no answer came, so that they were sent again: a part may have been taken before. */
  readonly repeated: ReadonlySet<number>;
  /** Everything was taken. */
  readonly done: Promise<void>;
}

export interface NumberedSourceOptions {
  readonly source: string;
  readonly service: () => TestService;
  readonly batches: number;
  readonly perBatch: number;
  readonly pauseMs: number;
  /** 0 to 1. */
  readonly random: () => number;
}

const ANSWER_TIMEOUT_MS = 20_000;
const RETRY_MS = 100;
export const OBSERVER = 'chaos';
export const TENANTS: readonly string[] = ['chaos-a', 'chaos-b', 'chaos-c'];
const ACTIONS = ['create', 'update', 'delete', 'read/list', 'authenticate/login'];

export function startNumberedSource(options: NumberedSourceOptions): NumberedSource {
  const { source, service, batches, perBatch, pauseMs, random } = options;
  const sent: string[] = [];
  const repeated = new Set<number>();
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

  function eventOf(name: string, earlier: readonly NumberedEvent[]): NumberedEvent {
    // Now and then another version of an event.
    const id = earlier.length > 0 && random() < 0.1 ? { id: pick(earlier).id } : {};
    return testEvent({
      ...id,
      name,
      eventTime: new Date(Date.UTC(2026, 9, 1) + Math.floor(random() * 30 * 86_400_000)).toISOString(),
      action: pick(ACTIONS),
      outcome: random() < 0.3 ? 'failure' : 'success',
      initiator: { id: 'i', typeURI: 'data/security/account/user', name: 'ada', project_id: pick(TENANTS) },
      observer: { id: 'o', typeURI: 'service/compute', name: OBSERVER },
    }) as NumberedEvent;
  }

  async function isTaken(body: string): Promise<boolean> {
    try {
      const response = await service().fetch(`/cadf/v1/events?source=${source}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-ndjson' },
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      const answer = (await response.json()) as { accepted?: number; rejected?: number };
      if (response.status === 202 && answer.rejected !== 0)
        throw new TypeError(`refused: ${JSON.stringify(answer)}`);
      return response.status === 202;
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith('refused')) throw error;
      return false;
    }
  }

  async function send(): Promise<void> {
    let earlier: NumberedEvent[] = [];
    for (let batch = 0; batch < batches; batch++) {
      const events = Array.from({ length: perBatch }, (_, place) =>
        eventOf(`${source}/${batch}/${place}`, earlier),
      );
      earlier = [...earlier.slice(-20), ...events];
      const body = ndjson(events);
      sent.push(...events.map(({ name }) => name));
      while (!(await isTaken(body))) {
        repeated.add(batch);
        await sleep(RETRY_MS);
      }
      await sleep(pauseMs);
    }
  }

  return { source, perBatch, sent, repeated, done: send() };
}

/** What is wrong with the order of what was received of a source; undefined: nothing. */
export function orderFault(
  { repeated, source }: NumberedSource,
  received: readonly NumberedEvent[],
): string | undefined {
  let last = [-1, -1];
  for (const { name } of received) {
    const [of, batch = 0, place = 0] = name
      .split('/')
      .map((part, index) => (index === 0 ? part : Number(part)));
    if (of !== source) continue;
    const [lastBatch = 0, lastPlace = 0] = last;
    const isAfter =
      Number(batch) > lastBatch ||
      (batch === lastBatch && (Number(place) > lastPlace || repeated.has(Number(batch))));
    if (!isAfter) return `${name} came after ${source}/${lastBatch}/${lastPlace}`;
    last = [Number(batch), Number(place)];
  }
  return undefined;
}
