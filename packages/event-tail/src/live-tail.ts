/** The events as they are released, once for all readings of a process. Starts when the first reading wants it. */
import { EVENTS_TOPIC, WRITER_GROUP } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { EventStore } from '@cadf-pipeline/event-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AttachedReading, QueueBudget } from './attached-reading.ts';
import type { EventTail, Positions } from './interface.ts';
import { createOutage } from './outage.ts';
import type { TailLogger } from './outage.ts';
import { createReadingIndex } from './reading-index.ts';
import { createReleasedRing } from './released-ring.ts';
import type { ReleasedRing } from './released-ring.ts';
import { createStoreWatch } from './store-watch.ts';
import { createStreamFollower } from './stream-follower.ts';
import { createWaitingEvents } from './waiting-events.ts';

export interface LiveTailDependencies {
  readonly stream: EventStream;
  readonly store: EventStore;
  readonly logger: TailLogger;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

export interface LiveTail {
  readonly ring: ReleasedRing;
  readonly budget: QueueBudget;
  /** Aborts when the tail is closed. */
  readonly closed: AbortSignal;
  /** Resolves when `ring` and `cuts` say something, or `signal` aborts. */
  ready(signal: AbortSignal): Promise<void>;
  /** Per partition the offset before which everything was released that ever will be. */
  cuts(): Positions;
  /** From the next event released on. Called again where the rights have changed. */
  attach(reading: AttachedReading): void;
  detach(reading: AttachedReading): void;
  stored: EventTail['stored'];
  close(): Promise<void>;
}

const RING = { events: 10_000, bytes: 16 * 1024 * 1024 };
/** How long readings wait until the partitions, which begin anywhere, are in order. */
const START_PATIENCE_MS = 30_000;
/** How long a reading that nothing comes to goes on with rights that changed. */
const RIGHTS_EVERY_MS = 500;
/** Events given to readings at once before others have their turn in the process. */
const EVENTS_AT_ONCE = 200;

export function createLiveTail({ stream, store, logger, now }: LiveTailDependencies): LiveTail {
  const closing = new AbortController();
  const { signal } = closing;
  const waiting = createWaitingEvents(now);
  const ring = createReleasedRing(RING);
  const index = createReadingIndex();
  /** By the version of the rights that the index knows. */
  const attached = new Map<AttachedReading, number>();
  const started = new AbortController();
  const follower = createStreamFollower({
    stream,
    waiting,
    outage: createOutage('events cannot be read from the stream', logger, signal),
    added: () => watch.added(),
    signal,
  });
  const watch = createStoreWatch({
    stream,
    store,
    waiting,
    outage: createOutage('the store does not say which events it holds', logger, signal),
    asked: releaseAll,
    signal,
  });
  let running: Promise<unknown> | undefined;
  let beganMs = 0;
  let rightsTimer: NodeJS.Timeout | undefined;

  /** Near the end of the stream, and not behind what the store has: before it, readings read from the store. */
  async function startingPoint(): Promise<
    ReadonlyMap<number, { readonly from: number; readonly first: number }>
  > {
    const bounds = await stream.bounds(EVENTS_TOPIC);
    const stored = await store.nextOffsets([...bounds.keys()]);
    const committed = await stream.committed(EVENTS_TOPIC, WRITER_GROUP);
    const back = Math.ceil(RING.events / Math.max(1, bounds.size));
    return new Map(
      [...bounds].map(([partition, { first, next }]) => [
        partition,
        {
          first,
          from: Math.max(
            first,
            Math.min(next - back, Math.max(stored.get(partition) ?? 0, committed.get(partition) ?? 0)),
          ),
        },
      ]),
    );
  }

  async function run(): Promise<void> {
    const outage = createOutage('the events of the stream cannot be followed', logger, signal);
    while (!signal.aborted) {
      try {
        const begin = await startingPoint();
        for (const [partition, { first, from }] of begin) waiting.open(partition, from, from > first);
        const from = new Map([...begin].map(([partition, each]) => [partition, each.from]));
        ring.reset(from);
        outage.over();
        beganMs = performance.now();
        startWhenInOrder();
        await Promise.all([follower.run(from), watch.run()]);
      } catch (error) {
        await outage.failed(error);
      }
    }
  }

  /** The cuts that partitions began with are of different times: what is read up to them would not be in order. */
  function startWhenInOrder(): void {
    if (started.signal.aborted) return;
    if (waiting.isPastStart() || performance.now() - beganMs >= START_PATIENCE_MS) started.abort();
  }

  async function releaseAll(): Promise<void> {
    for (let count = 1; !signal.aborted; count++) {
      const event = waiting.release();
      if (waiting.passedGap()) {
        ring.reset(waiting.cuts());
        for (const reading of attached.keys()) reading.letGo();
      } else if (event !== undefined) {
        event.number = ring.next;
        ring.add(event);
        index.dispatch(event);
      }
      if (event === undefined) break;
      if (count % EVENTS_AT_ONCE === 0) await nextTurn();
    }
    startWhenInOrder();
    follower.released();
    for (const reading of attached.keys()) reading.cutMoved();
  }

  function checkRights(): void {
    for (const [reading, version] of attached) {
      reading.checkRights();
      if (reading.matcher.version !== version) enter(reading);
    }
  }

  function enter(reading: AttachedReading): void {
    attached.set(reading, reading.matcher.version);
    index.set(reading, reading.matcher.tenants());
  }

  return {
    ring,
    budget: { bytes: 0, readings: 0 },
    closed: signal,
    async ready(until) {
      running ??= run();
      if (started.signal.aborted || until.aborted) return;
      const either = AbortSignal.any([started.signal, until]);
      await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }));
    },
    cuts: () => waiting.cuts(),
    attach(reading) {
      enter(reading);
      rightsTimer ??= setInterval(checkRights, RIGHTS_EVERY_MS);
    },
    detach(reading) {
      attached.delete(reading);
      index.remove(reading);
      if (attached.size > 0) return;
      clearInterval(rightsTimer);
      rightsTimer = undefined;
    },
    stored(whole) {
      if (running !== undefined) watch.stored(whole);
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
