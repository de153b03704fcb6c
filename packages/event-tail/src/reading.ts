/**
 * One reading, from its place on.
 *
 * States: *history* (behind what the tail has in memory: from the store, up to the cut of the tail), *catching up* (from
 * the ring of what was released last), *attached* (events come as they are released, and wait for the caller). One whose
 * caller takes less than comes is let go, forgets what waits, and catches up from where it was; where the ring does not
 * reach back so far, from history.
 */
import type { EventStore } from '@cadf-pipeline/event-store';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createAttachedReading } from './attached-reading.ts';
import type { HistoryTurns } from './history-turns.ts';
import { TailEnded } from './interface.ts';
import type { FollowOptions, TailBatch } from './interface.ts';
import type { LiveTail } from './live-tail.ts';
import { createMatcher } from './matcher.ts';
import type { Matcher } from './matcher.ts';
import { createOutage } from './outage.ts';
import type { TailLogger } from './outage.ts';
import { readHistory } from './read-history.ts';
import { createReadingProgress } from './reading-progress.ts';
import type { ReadingProgress } from './reading-progress.ts';
import type { TailedEvent } from './tailed-event.ts';
import { createWake } from './wake.ts';

export interface ReadingDependencies {
  readonly tail: LiveTail;
  readonly store: EventStore;
  readonly turns: HistoryTurns;
  readonly logger: TailLogger;
}

/** What every state of a reading works with. */
interface Reading extends ReadingDependencies {
  readonly options: FollowOptions;
  readonly matcher: Matcher;
  readonly progress: ReadingProgress;
  readonly room: { readonly events: number; readonly bytes: number };
  readonly placeEveryMs: number;
  /** Aborts when the caller wants no more, or the tail is closed. */
  readonly signal: AbortSignal;
}

const MAX_EVENTS = 500;
const MAX_BYTES = 1024 * 1024;
const PLACE_EVERY_MS = 10_000;
/** Events of the ring looked at before others have their turn in the process. */
const LOOKS_AT_ONCE = 500;

export async function* readOn(deps: ReadingDependencies, options: FollowOptions): AsyncGenerator<TailBatch> {
  const { tail, logger } = deps;
  const signal = AbortSignal.any([options.signal, tail.closed]);
  const matcher = createMatcher(options);
  const progress = createReadingProgress(options);
  const room = { events: options.maxEvents ?? MAX_EVENTS, bytes: options.maxBytes ?? MAX_BYTES };
  const { placeEveryMs = PLACE_EVERY_MS } = options;
  const reading: Reading = { ...deps, options, matcher, placeEveryMs, progress, room, signal };
  const outage = createOutage('events cannot be read from the store for a subscription', logger, signal);
  let told = progress.place();
  matcher.refresh();
  while (!progress.isDone()) {
    await tail.ready(signal);
    const isNear = !signal.aborted && tail.ring.holdsFrom(progress.next, progress.isWanted);
    const batches = isNear
      ? readLive(reading)
      : readHistory({ ...reading, outage }, options, new Map(tail.cuts()));
    for await (const batch of batches) {
      told = batch.place;
      yield batch;
    }
    if (tail.closed.aborted) throw new TailEnded('closed', 'the process stops: go on from the last place');
    if (signal.aborted) return;
  }
  const place = progress.place();
  if ([...place.next].some(([partition, next]) => told.next.get(partition) !== next))
    yield progress.batch([], progress.next, true);
}

/** Ends when the reading has fallen behind the ring, is done, or is to end. */
async function* readLive(reading: Reading): AsyncGenerator<TailBatch> {
  const { tail, progress, signal } = reading;
  let from: number | undefined = tail.ring.first;
  while (from !== undefined) {
    const end: number = yield* catchUp(reading, from);
    if (signal.aborted || progress.isDone()) return;
    if (!tail.ring.holdsFrom(progress.next, progress.isWanted)) return;
    from = yield* readAttached(reading, end);
  }
}

/** From the ring until its end, or until it does not hold any more what comes next. Answers how far it came. */
async function* catchUp(reading: Reading, from: number): AsyncGenerator<TailBatch, number> {
  const { tail, progress, matcher, signal } = reading;
  const { ring } = tail;
  let at = from;
  while (at < ring.next && at >= ring.first && !signal.aborted) {
    matcher.refresh();
    const before = new Map(progress.next);
    const events: TailedEvent[] = [];
    let bytes = 0;
    for (const end = Math.min(ring.next, at + LOOKS_AT_ONCE); at < end; at++) {
      const event = ring.at(at);
      if (event === undefined || !progress.isAhead(event)) continue;
      if (matcher.passes(event)) {
        const isRoom = events.length < reading.room.events && bytes + event.text.length <= reading.room.bytes;
        if (events.length > 0 && !isRoom) break;
        bytes += event.text.length;
        events.push(event);
      }
      progress.pass(event);
    }
    if (events.length > 0) yield progress.batch(events, before, true);
    else await nextTurn();
  }
  return at;
}

/**
 * Everything before the event numbered `from` was looked at. Answers the number to go on from where more was released
 * meanwhile, or the reading was let go and the ring may still hold what it was not given.
 */
async function* readAttached(reading: Reading, from: number): AsyncGenerator<TailBatch, number | undefined> {
  const { tail, progress, matcher, options, placeEveryMs, signal } = reading;
  const wake = createWake();
  matcher.refresh();
  // From here to `attach` nothing may be awaited.
  if (from !== tail.ring.next) return from;
  progress.passTo(tail.cuts());
  const attached = createAttachedReading(options, { matcher, progress, wake, budget: tail.budget });
  tail.attach(attached);
  try {
    let toldMs = performance.now();
    while (!signal.aborted) {
      const { version } = matcher;
      matcher.refresh();
      if (matcher.version !== version) tail.attach(attached);
      const before = new Map(progress.next);
      const events = attached.take(reading.room);
      if (!attached.isAttached) return attached.behindFrom;
      if (attached.isEmpty) progress.passTo(tail.cuts());
      if (events.length > 0 || performance.now() - toldMs >= placeEveryMs) {
        yield progress.batch(events, before, true);
        toldMs = performance.now();
        continue;
      }
      if (progress.isDone()) return undefined;
      await wake.wait(signal, Math.max(1, placeEveryMs - (performance.now() - toldMs)));
    }
    return undefined;
  } finally {
    tail.detach(attached);
    attached.letGo();
  }
}
