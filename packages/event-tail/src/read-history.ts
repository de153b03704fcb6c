/** A reading as long as it is behind: from the store, up to where the tail is. */
import { sqlCondition } from '@cadf-pipeline/event-filter';
import { StoreError } from '@cadf-pipeline/event-store';
import type { AcceptedBlock, AcceptedQuery, EventStore } from '@cadf-pipeline/event-store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryTurn, HistoryTurns } from './history-turns.ts';
import { TailEnded } from './interface.ts';
import type { FollowOptions, Positions, TailBatch } from './interface.ts';
import type { Matcher } from './matcher.ts';
import type { Outage } from './outage.ts';
import type { ReadingProgress } from './reading-progress.ts';
import { TailedEvent } from './tailed-event.ts';

export interface HistoryDependencies {
  readonly store: EventStore;
  readonly turns: HistoryTurns;
  readonly outage: Outage;
  readonly matcher: Matcher;
  readonly progress: ReadingProgress;
  readonly room: { readonly events: number; readonly bytes: number };
  /** A place is told at least so often. */
  readonly placeEveryMs: number;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** A limit may be that of all queries together: it is tried so often, with such a pause, before it is taken for its own. */
const MAX_REFUSALS = 3;
const REFUSED_AGAIN_MS = 250;
/** Memory is held by others most of the time: merging and large answers pass. The pause doubles, 16 s in all. */
const MAX_REFUSALS_OF_MEMORY = 7;
/** One that finds nothing leaves its turn to others after so long. */
const TURN_MS = 5_000;

/** Part of what is to be read: up to where, and since when the events are. */
interface Stretch {
  readonly upto: Positions;
  readonly fromMs?: number;
}

/** Gives everything before the cuts. Throws TailEnded `rights` and `refused`: what else fails is tried again. */
export async function* readHistory(
  deps: HistoryDependencies,
  options: FollowOptions,
  cuts: Positions,
): AsyncGenerator<TailBatch> {
  for (const stretch of stretchesOf(options, deps.progress, cuts)) {
    if (stretch.upto.size > 0) yield* readStretch(deps, options, stretch);
    if (deps.signal.aborted) return;
    deps.progress.passTo(stretch.upto);
  }
}

/** What is filled in from the past, then the rest. */
function stretchesOf(
  { from: { backfill } }: FollowOptions,
  progress: ReadingProgress,
  cuts: Positions,
): readonly Stretch[] {
  const upto = ends(cuts, (partition, cut) => progress.endOf(partition, cut), progress.next);
  if (backfill === undefined) return [{ upto }];
  const until = ends(
    upto,
    (partition, end) => Math.min(end, backfill.until.get(partition) ?? 0),
    progress.next,
  );
  return until.size === 0 ? [{ upto }] : [{ upto: until, fromMs: backfill.fromMs }, { upto }];
}

/** Of the partitions where there is something to read. */
function ends(
  cuts: Positions,
  endOf: (partition: number, cut: number) => number,
  next: Positions,
): Positions {
  const found = [...cuts].map(([partition, cut]) => [partition, endOf(partition, cut)] as const);
  return new Map(found.filter(([partition, end]) => end > (next.get(partition) ?? 0)));
}

async function* readStretch(
  deps: HistoryDependencies,
  options: FollowOptions,
  stretch: Stretch,
): AsyncGenerator<TailBatch> {
  const { turns, outage, matcher, signal } = deps;
  const clock = { toldMs: performance.now() };
  let refusals = 0;
  for (;;) {
    // The one who has the turn reads until another wants it, the rights change, or the store fails.
    let blocks: AsyncIterator<AcceptedBlock> | undefined;
    let failure: Error | undefined;
    const turn = await turns.take(signal, () => void blocks?.return?.().catch(() => undefined));
    if (turn === undefined) return;
    const beganMs = performance.now();
    try {
      matcher.refresh();
      const { version } = matcher;
      blocks = open(deps, options, stretch);
      for (;;) {
        const block = await nextBlock(blocks);
        if (block instanceof Error) {
          failure = block;
          break;
        }
        if (block === undefined) return;
        outage.over();
        refusals = 0;
        if ((yield* giveBlock(deps, { turn, beganMs, clock, version }, block)) === 'again') break;
        if (signal.aborted) return;
      }
    } finally {
      turn.end();
      await blocks?.return?.().catch(() => undefined);
    }
    if (signal.aborted) return;
    // Others have the turn meanwhile.
    if (failure !== undefined && isRefusal(failure)) {
      refusals += 1;
      const isOfMemory = failure.code === 'STORE_LIMIT_MEMORY';
      if (refusals >= (isOfMemory ? MAX_REFUSALS_OF_MEMORY : MAX_REFUSALS))
        throw new TailEnded('refused', failure.message, { cause: failure });
      const pauseMs = REFUSED_AGAIN_MS * (isOfMemory ? 2 ** (refusals - 1) : 1);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    } else if (failure !== undefined) await outage.failed(failure);
    if (signal.aborted) return;
  }
}

function open(
  { store, matcher, progress, signal }: HistoryDependencies,
  { filter, tenant, source }: FollowOptions,
  { upto, fromMs }: Stretch,
): AsyncIterator<AcceptedBlock> {
  const from = new Map([...upto.keys()].map((partition) => [partition, progress.next.get(partition) ?? 0]));
  const left = new Map([...upto].filter(([partition, end]) => end > (from.get(partition) ?? 0)));
  const query: AcceptedQuery = {
    from,
    upto: left,
    ...(filter === undefined ? {} : { where: sqlCondition(filter) }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(source === undefined ? {} : { source }),
  };
  return store.accepted(matcher.refresh(), query, signal)[Symbol.asyncIterator]();
}

/** Undefined: there are no more. */
async function nextBlock(blocks: AsyncIterator<AcceptedBlock>): Promise<AcceptedBlock | Error | undefined> {
  try {
    const result = await blocks.next();
    return result.done === true ? undefined : result.value;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Asked again it is refused again, as a rule. */
function isRefusal(failure: Error): failure is StoreError {
  return failure instanceof StoreError && failure.code.startsWith('STORE_LIMIT_');
}

/** What is known of the turn a block is given in. */
interface Given {
  readonly turn: HistoryTurn;
  /** Since when it is held, as `performance.now()` says it. */
  readonly beganMs: number;
  /** When a place was told last. */
  readonly clock: { toldMs: number };
  /** Of the rights it was read with. */
  readonly version: number;
}

/** `again`: the rest of the block has to be read again. */
async function* giveBlock(
  deps: HistoryDependencies,
  given: Given,
  { events: block, reached }: AcceptedBlock,
): AsyncGenerator<TailBatch, 'again' | 'given'> {
  const { matcher, placeEveryMs, progress, room, signal } = deps;
  const { beganMs, clock, turn, version } = given;
  for (let at = 0; at < block.length;) {
    matcher.refresh();
    if (matcher.version !== version) return 'again';
    const before = new Map(progress.next);
    const events: TailedEvent[] = [];
    let bytes = 0;
    for (; at < block.length && events.length < room.events; at++) {
      const accepted = block[at];
      if (accepted === undefined) break;
      if (events.length > 0 && bytes + accepted.text.length > room.bytes) break;
      bytes += accepted.text.length;
      progress.pass(accepted);
      events.push(new TailedEvent(accepted));
    }
    turn.idle();
    yield progress.batch(events, before, false);
    clock.toldMs = performance.now();
    if (!turn.resume()) return 'again';
    if (signal.aborted) return 'given';
  }
  if (reached === undefined) return 'given';
  matcher.refresh();
  if (matcher.version !== version) return 'again';
  progress.passTo(reached);
  const isToBeTold = performance.now() - clock.toldMs >= placeEveryMs;
  if (!isToBeTold && performance.now() - beganMs < TURN_MS) return 'given';
  turn.idle();
  if (isToBeTold) {
    yield progress.batch([], progress.next, false);
    clock.toldMs = performance.now();
  }
  return turn.resume() ? 'given' : 'again';
}
