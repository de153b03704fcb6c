/** Delivery over a real stream (LMDB) and real control state, of which the process can be killed and started again. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createControlState } from '@cadf-pipeline/control-state';
import type { ControlState, Subscription } from '@cadf-pipeline/control-state';
import { createLmdbStream } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { createTailCursors } from '@cadf-pipeline/event-tail';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { mortalStream } from '../../../../test/support/mortal-stream.ts';
import type { OutgoingBatch, SendResult, Sink } from '../sinks/sink.ts';
import { createRights } from '../subscription/rights.ts';
import { createDelivery } from './delivery.ts';
import type { Delivery, DeliveryDependencies } from './delivery.ts';
import { createEventList } from './event-list.test-support.ts';
import type { EventList } from './event-list.test-support.ts';

/** What arrived at the receiver. */
export interface Arrival {
  readonly subscription: string;
  readonly id: string;
  readonly attempt: number;
  readonly mark: string | undefined;
  readonly cursor: string;
  readonly events: readonly string[];
}

export interface TestReceiver {
  readonly arrivals: readonly Arrival[];
  /** Ids of all events in the order of arrival, repeated batches once. */
  distinct(subscription?: string): readonly string[];
  /** What is answered; `delivered` until it is set. May wait, and may throw. */
  answer: (arrival: Arrival, signal: AbortSignal) => SendResult | Promise<SendResult>;
  /** Asked before anything arrives. */
  before: (arrival: Arrival) => void | Promise<void>;
  marks: (() => Promise<string>) | undefined;
}

export interface TestProcess {
  readonly delivery: Delivery;
  readonly registry: Registry;
  /** Ends it between two steps: nothing more is written or sent. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestDelivery {
  readonly stream: EventStream;
  readonly state: ControlState;
  readonly events: EventList;
  readonly receiver: TestReceiver;
  readonly logged: readonly string[];
  readonly start: (more?: Partial<DeliveryDependencies>) => Promise<TestProcess>;
  /** Makes or changes a subscription of the bootstrap key. */
  readonly put: (subscription: Subscription) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
}

const PUBLIC_KEY = `whpk_${Buffer.alloc(32).toString('base64')}`;

export function testSubscription(changes: Partial<Subscription> = {}): Subscription {
  return {
    id: randomUUID(),
    owner: { kind: 'key', id: 'bootstrap', name: 'bootstrap' },
    tenants: '*',
    sink: {
      type: 'webhook',
      url: 'https://receiver.example/hook',
      batch: { maxEvents: 3, maxWaitMs: 5 },
      secrets: [
        { id: '0123456789ab', sealed: 'AAAA', publicKey: PUBLIC_KEY, created: '2026-01-01T00:00:00Z' },
      ],
    },
    start: { next: {} },
    generation: 1,
    resumed: 0,
    paused: false,
    created: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

export async function testDelivery(): Promise<TestDelivery> {
  const folder = await mkdtemp(join(tmpdir(), 'delivery-'));
  const stream = createLmdbStream({ path: join(folder, 'stream'), sweepIntervalMs: 0 });
  const logged: string[] = [];
  const log = (fields: object, message: string): void =>
    void logged.push(`${message} ${JSON.stringify(fields, errorText)}`);
  const logger = { info: log, warn: log, error: log };
  const state = createControlState({ stream, logger });
  await state.start();
  const events = createEventList();
  const receiver = createReceiver();
  const processes: TestProcess[] = [];
  onTestFinished(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await state.close();
    await stream.close();
    await rm(folder, { recursive: true, force: true });
  });
  const versions = new Map<string, number>();

  return {
    stream,
    state,
    events,
    receiver,
    logged,
    async start(more = {}) {
      const life = new AbortController();
      const registry = new Registry();
      const delivery = createDelivery({
        stream: mortalStream(stream, life.signal),
        state,
        tail: events,
        cursors: createTailCursors(Buffer.alloc(32)),
        rights: createRights(state, Date.now),
        openSink: () => receiver.sink(life.signal),
        registry,
        logger,
        now: Date.now,
        graceMs: 200,
        ...more,
      });
      await delivery.start();
      let stopped: Promise<void> | undefined;
      const process: TestProcess = {
        delivery,
        registry,
        async kill() {
          life.abort();
          await process.stop();
        },
        stop: () => (stopped ??= delivery.stop()),
      };
      processes.push(process);
      return process;
    },
    async put(subscription) {
      const made = await state.change('subscription', subscription.id, subscription, {
        by: 'test',
        ifVersion: versions.get(subscription.id) ?? 0,
      });
      versions.set(subscription.id, made?.version ?? 0);
    },
    async remove(id) {
      await state.change('subscription', id, null, { by: 'test', ifVersion: versions.get(id) ?? 0 });
    },
  };
}

function errorText(_: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value;
}

function createReceiver(): TestReceiver & { sink(life: AbortSignal): Sink } {
  const arrivals: Arrival[] = [];
  const receiver: TestReceiver & { sink(life: AbortSignal): Sink } = {
    arrivals,
    distinct(subscription) {
      const seen = new Set<string>();
      return arrivals
        .filter((arrival) => subscription === undefined || arrival.subscription === subscription)
        .filter(({ id }) => !seen.has(id) && seen.add(id))
        .flatMap((arrival) => arrival.events);
    },
    answer: () => ({ outcome: 'delivered', answer: { status: 200, text: 'ok' } }),
    before: () => undefined,
    marks: undefined,
    sink: (life) => ({
      ...(receiver.marks === undefined ? {} : { mark: receiver.marks }),
      async send(batch, { mark, number }, signal) {
        const arrival = { ...arrivalOf(batch), attempt: number, mark };
        await receiver.before(arrival);
        if (life.aborted) return new Promise<SendResult>((_, reject) => whenAborted(signal, reject));
        arrivals.push(arrival);
        const answer = await receiver.answer(arrival, signal);
        return life.aborted ? new Promise<SendResult>((_, reject) => whenAborted(signal, reject)) : answer;
      },
      close: async () => undefined,
    }),
  };
  return receiver;
}

function arrivalOf({ cursor, events, id, subscription }: OutgoingBatch): Omit<Arrival, 'attempt' | 'mark'> {
  const ids = events.map(({ event }) => (event as { readonly id: string }).id);
  return { subscription, id, cursor, events: ids };
}

function whenAborted(signal: AbortSignal, reject: (error: Error) => void): void {
  const end = (): void => reject(new Error('aborted'));
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
}
