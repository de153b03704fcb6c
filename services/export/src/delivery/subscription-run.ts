/**
 * Delivers one subscription, one batch after the other, so that events arrive in order.
 *
 * States: *collecting* a batch from the tail → its boundaries and its id *recorded* → *sending* → what came of it
 * recorded. What a batch is, is durable before it is sent for the first time; whoever takes over after a crash reads
 * the same events again from the store and sends them under the same id. After a failure the run is *waiting*, holds
 * no events meanwhile, and reads them again. That a batch was delivered is recorded together with the next one where
 * one comes at once, so in steady state each batch costs one record.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Subscription } from '@cadf-pipeline/control-state';
import type { Scope } from '@cadf-pipeline/event-store';
import { inOrderOfAcceptance, TailEnded } from '@cadf-pipeline/event-tail';
import type { EventTail, TailEvent } from '@cadf-pipeline/event-tail';
import { Superseded } from '@cadf-pipeline/shared-work';
import type { Work, WorkLogger, WorkStop } from '@cadf-pipeline/shared-work';
import type { Sink } from '../sinks/sink.ts';
import { askedEvents } from '../subscription/asked-events.ts';
import { digestOfQuestion, digestOfTarget } from './batch-digests.ts';
import { batchLimits } from './batch-limits.ts';
import { createBatchReader } from './batch-reader.ts';
import type { BatchReader } from './batch-reader.ts';
import { createBatchSender } from './batch-sender.ts';
import type { BatchSenderDependencies } from './batch-sender.ts';
import type { ByteBudget } from './byte-budget.ts';
import { createProgressKeeper } from './progress-keeper.ts';
import type { InFlight, ProgressRecord } from './progress-record.ts';
import { createRefusals } from './refusals.ts';
import { startProgress } from './start-progress.ts';
import { fromStoredPlace, toStoredPlace } from './stored-place.ts';

/**
 * Why a run ended. `rests`: it is parked, has ended or waits for a newer definition; `rights`: its owner has none;
 * `filter`: it is of a version that reads more; `stopped`: as it was asked to.
 */
export type RunEnd = 'filter' | 'rests' | 'rights' | 'stopped';

export interface RunDependencies extends BatchSenderDependencies {
  readonly tail: Pick<EventTail, 'follow'>;
  /** Of the texts of events that are being sent. */
  readonly budget: ByteBudget;
  readonly openSink: (subscription: Subscription) => Sink;
  readonly logger: WorkLogger;
  /** 0 to 1. */
  readonly random: () => number;
}

/** How long a delivery waits to be recorded together with the next batch. */
const RECORD_WITHIN_MS = 1000;
/** How often a place that moved without a delivery is remembered. */
const PLACE_EVERY_MS = 60_000;

/** Runs until it is stopped or there is nothing to do. Throws Superseded, and what neither it nor the stream can mend. */
export async function runSubscription(
  deps: RunDependencies,
  subscription: Subscription,
  work: Work<ProgressRecord>,
  stop: WorkStop,
): Promise<RunEnd> {
  const { budget, now, rights, tail } = deps;
  const { id } = subscription;
  const owner = subscription.owner.id;
  const scope = (): Scope | undefined => rights.scopeOfOwner(subscription);
  const granted = scope();
  if (granted === undefined) return 'rights';
  const about = askedEvents(subscription);
  if (about === undefined) return 'filter';
  const { asked, question } = about;
  const limits = batchLimits(subscription);
  const chosenBy = digestOfQuestion(question, granted);
  const first = startProgress({
    subscription,
    before: work.record,
    question: chosenBy,
    target: digestOfTarget(subscription),
    nowMs: now(),
  });
  if (first === undefined) return 'rests';
  const kept = createProgressKeeper(first, work, now);
  const refusals = createRefusals({ id, kept, logger: deps.logger, now });
  const placeEveryMs = PLACE_EVERY_MS * (0.75 + 0.5 * deps.random());
  const following = { ...asked, scope, maxEvents: limits.maxEvents, maxBytes: limits.maxBytes, placeEveryMs };
  let reading: { readonly batches: BatchReader; readonly end: AbortController } | undefined;
  /** A delivery is not recorded yet. */
  let due = false;

  function read(): BatchReader {
    if (reading !== undefined) return reading.batches;
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, stop.soft]);
    const batches = tail.follow({ ...following, from: fromStoredPlace(kept.current.place), signal });
    reading = { batches: createBatchReader(batches, limits), end };
    return reading.batches;
  }

  async function stopReading(): Promise<void> {
    const ended = reading;
    reading = undefined;
    ended?.end.abort();
    await ended?.batches.close();
  }

  /** The next events; undefined: none yet. What is in flight is set, and saved by who sends it. */
  async function newBatch(): Promise<readonly TailEvent[] | undefined> {
    const coming = read().next();
    if (due && (await isLate(coming))) await save();
    const collected = await coming;
    const wasRefused = refusals.over();
    if (collected === undefined) {
      await stopReading();
      return undefined;
    }
    const upto = toStoredPlace(collected.upto);
    // As they will be when they are read again.
    const events = inOrderOfAcceptance(collected.events);
    const oldest = events[0];
    const newest = events.at(-1);
    kept.set({ ...kept.current, catchingUp: !collected.isLive });
    if (oldest === undefined || newest === undefined) {
      kept.set({ ...kept.current, place: upto });
      if (wasRefused || now() - kept.savedMs >= placeEveryMs) await save();
      return undefined;
    }
    kept.set({
      ...kept.current,
      inFlight: {
        id: `msg_${randomUUID().replaceAll('-', '')}`,
        upto,
        question: chosenBy,
        target: digestOfTarget(subscription),
        attempt: 1,
        failures: 0,
        firstAttemptMs: now(),
        events: events.length,
        bytes: events.reduce((sum, { text }) => sum + text.length, 0),
        oldestMs: oldest.receivedMs,
        newestMs: newest.receivedMs,
      },
    });
    return events;
  }

  /** The events of the batch in flight once more; undefined: it has none any more. */
  async function sameBatch(inFlight: InFlight): Promise<readonly TailEvent[] | undefined> {
    const { inFlight: _batch, place, ...others } = kept.current;
    const events: TailEvent[] = [];
    const upto = fromStoredPlace(inFlight.upto).next;
    const options = { ...following, from: fromStoredPlace(place), upto, signal: stop.soft };
    for await (const part of tail.follow(options)) events.push(...part.events);
    stop.soft.throwIfAborted();
    refusals.over();
    if (events.length > 0) return inOrderOfAcceptance(events);
    kept.set({ ...others, place: inFlight.upto });
    due = true;
    return undefined;
  }

  /** A batch and the room it takes; undefined: there is none yet. */
  async function nextBatch(): Promise<HeldBatch | undefined> {
    const { inFlight } = kept.current;
    if (inFlight === undefined) {
      const events = await newBatch();
      const give = events && budget.tryTake(owner, kept.current.inFlight?.bytes ?? 0);
      // Where there is no room they are let go of, and read again when there is.
      return events && give && { events, give };
    }
    await stopReading();
    const waitMs = (inFlight.nextAttemptMs ?? 0) - now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: stop.soft });
    const give = await budget.take(owner, inFlight.bytes, stop.soft);
    try {
      const events = await sameBatch(inFlight);
      if (events !== undefined) return { events, give };
    } catch (error) {
      give();
      throw error;
    }
    give();
    return undefined;
  }

  /** Throws what is no refusal. */
  async function refused(error: unknown): Promise<undefined> {
    await stopReading();
    const waitMs = refusals.refused(error);
    await save();
    await sleep(waitMs, undefined, { signal: stop.soft });
  }

  async function save(): Promise<void> {
    await kept.save(stop.hard);
    due = false;
  }

  await kept.save(stop.soft);
  const sink = deps.openSink(subscription);
  const sender = createBatchSender(deps, { subscription, question, sink, kept, work, stop });
  try {
    while (!stop.soft.aborted) {
      const held = await nextBatch().catch(refused);
      if (held === undefined) continue;
      const sent = await sender.send(held.events).finally(held.give);
      if (sent === 'rights' || sent === 'rests') return sent;
      due = sent === 'delivered';
    }
    return 'stopped';
  } catch (error) {
    if (stop.soft.aborted) return 'stopped';
    if (error instanceof TailEnded && error.reason === 'rights') return 'rights';
    if (error instanceof Superseded) due = false;
    throw error;
  } finally {
    await stopReading();
    if (due) await save().catch((error: unknown) => deps.logger.warn({ err: error, subscription: id }, LEFT));
    await sink.close();
  }
}

/** What is being sent, and how its room is given back. */
interface HeldBatch {
  readonly events: readonly TailEvent[];
  readonly give: () => void;
}

const LEFT = 'that a batch was delivered could not be recorded: it is sent once more, under the same id';

/** Whether something takes longer than a delivery may wait to be recorded. */
async function isLate(coming: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, RECORD_WITHIN_MS, true);
  try {
    return await Promise.race([coming.then(() => false), promise]);
  } finally {
    clearTimeout(timer);
  }
}
