/**
 * Asks the store which of the waiting events it holds: at once when the writer of this process says that it stored some,
 * else every now and then as long as something waits.
 */
import { EVENTS_TOPIC, WRITER_GROUP } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import type { EventStore } from '@cadf-pipeline/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Positions, Stretch } from './interface.ts';
import type { Outage } from './outage.ts';
import type { WaitingEvents } from './waiting-events.ts';
import { createWake } from './wake.ts';

export interface StoreWatchDependencies {
  readonly stream: EventStream;
  readonly store: EventStore;
  readonly waiting: WaitingEvents;
  readonly outage: Outage;
  /** The store was asked: some events may have their turn. */
  readonly asked: () => Promise<void>;
  readonly signal: AbortSignal;
}

export interface StoreWatch {
  /** Asks until the signal aborts. */
  run(): Promise<void>;
  /** Something waits. */
  added(): void;
  /** The store was written to in this process; `whole`: of these stretches it holds every event. */
  stored(whole?: ReadonlyMap<number, Stretch>): void;
}

const POLL_MS = 75;
/** Where the writer of this process says when it stored, and where nothing comes of asking. */
const SLOW_POLL_MS = 500;
const LIMIT = 20_000;
/** How long the ends of the stream are waited for. */
const LOOK_MS = 1_000;
/** Asked so often in vain, events may be waited for that the store passed over: then it is asked how far it is. */
const VAIN_ROUNDS = 4;

export function createStoreWatch(deps: StoreWatchDependencies): StoreWatch {
  const { stream, store, waiting, outage, asked, signal } = deps;
  const wake = createWake();
  let looking: Promise<void> | undefined;
  let isTold = false;
  let isStored = false;
  /** Said since then of which events: there is nothing to ask. */
  let isMarked = false;
  /** The last answer of the store was full: it is asked on at once. */
  let isMore = false;

  /** What the store says it holds of these partitions, from these offsets on; before `handled` it says all there will be. */
  async function ask(from: Positions, handled: Positions): Promise<void> {
    const offsets = new Map<number, number[]>([...from.keys()].map((partition) => [partition, []]));
    const [held] = await Promise.all([store.positions(from, LIMIT, signal), lookForUnread()]);
    for (const { partition, offset } of held) offsets.get(partition)?.push(offset);
    for (const [partition, those] of offsets) {
      // An answer that is full may go on behind its last position: what lies there was not asked about.
      const isWhole = those.length < LIMIT;
      isMore ||= !isWhole;
      waiting.stored(partition, those, isWhole ? (handled.get(partition) ?? 0) : 0);
    }
    await asked();
  }

  /** What is stored now may come after events of other partitions that were not read yet. */
  async function lookForUnread(): Promise<void> {
    if (waiting.cuts().size < 2) return;
    looking ??= readEnds().finally(() => (looking = undefined));
    // Brokers that do not answer must not keep back what was read before.
    const late = new AbortController();
    const over = sleep(LOOK_MS, undefined, { signal: AbortSignal.any([signal, late.signal]) });
    await Promise.race([looking, over.catch(() => undefined)]);
    late.abort();
  }

  async function readEnds(): Promise<void> {
    try {
      const bounds = await stream.bounds(EVENTS_TOPIC);
      waiting.ends(new Map([...bounds].map(([partition, { next }]) => [partition, next])));
    } catch {
      // Nothing is read then either; what was read before is given all the same.
    }
  }

  /** What waits though the writers are past it was passed over, or stored since it was asked for: asked for again. */
  async function askForPassedOver(): Promise<void> {
    const handled = await stream.committed(EVENTS_TOPIC, WRITER_GROUP);
    const left = [...waiting.unstored()].filter(
      ([partition, offset]) => offset < (handled.get(partition) ?? 0),
    );
    if (left.length > 0) await ask(new Map(left), handled);
  }

  /** Answers whether anything came of it. */
  async function askRound(from: Positions, isThorough: boolean): Promise<boolean> {
    await ask(from, new Map());
    if (isThorough) await askForPassedOver();
    const left = waiting.unstored();
    return [...from].some(([partition, offset]) => left.get(partition) !== offset);
  }

  /** The embedded stream has no writer elsewhere. */
  function isToldOfAll(): boolean {
    return isTold && stream.kind === 'lmdb';
  }

  return {
    async run() {
      let vain = 0;
      while (!signal.aborted) {
        const from = waiting.unstored();
        try {
          if (isMarked) {
            isMarked = false;
            await asked();
            outage.over();
          } else if (from.size > 0) {
            const isThorough = isStored || vain >= VAIN_ROUNDS;
            isStored = false;
            isMore = false;
            vain = (await askRound(from, isThorough)) ? 0 : vain + 1;
            outage.over();
          } else {
            vain = 0;
            // Held back ones have their turn by time.
            await wake.wait(signal, SLOW_POLL_MS);
            await asked();
          }
        } catch (error) {
          if (!isAborted(signal)) await outage.failed(error);
        }
        if (isMore || isMarked || waiting.unstored().size === 0) continue;
        const ms = isToldOfAll()
          ? SLOW_POLL_MS
          : Math.min(POLL_MS * 2 ** Math.floor(vain / VAIN_ROUNDS), SLOW_POLL_MS);
        await pauseUnlessStored(ms);
      }
    },
    added() {
      // What was said to be stored before it was read.
      if (isToldOfAll()) isMarked ||= waiting.hasStored();
      if (isMarked || !isToldOfAll()) wake.wake();
    },
    stored(whole) {
      isTold = true;
      // Of several partitions it has to be asked how far they are read, too.
      if (whole !== undefined && isToldOfAll() && waiting.cuts().size === 1) {
        for (const [partition, stretch] of whole) waiting.storedAll(partition, stretch);
        isMarked = true;
      } else isStored = true;
      wake.wake();
    },
  };

  /** What is added meanwhile waits for the next time; what is said to be stored does not. */
  async function pauseUnlessStored(ms: number): Promise<void> {
    const until = performance.now() + ms;
    for (
      let left = ms;
      left > 0 && !isStored && !isMarked && !signal.aborted;
      left = until - performance.now()
    )
      await wake.wait(signal, left);
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
