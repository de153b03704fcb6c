/**
 * Events of the stream that wait until the store holds them, and the order in which they are then released: that of
 * acceptance. An event waits behind earlier ones of other partitions that are not stored yet, but not for long: a
 * partition whose writer is away must not stop the others. Behind earlier ones of its own source it waits for as long as
 * they do: events of a source are given in order, whatever happens. A partition that is known to hold events which were
 * not read yet is waited for too.
 */
import type { BatchPlace } from '@cadf-pipeline/event-stream';
import { comesBefore } from './order-of-acceptance.ts';
import { outOfTurn } from './out-of-turn.ts';
import type { Stretch } from './interface.ts';
import type { TailedEvent } from './tailed-event.ts';
import { createWholeBatches, isBefore } from './whole-batches.ts';

/** An event that waits. */
export interface Waiting {
  readonly event: TailedEvent;
  /** The stream did not hold what came before it any more when it was read: the store may. */
  readonly afterGap: boolean;
  /** 0: not known to be stored; -1: passed over by the store; else since when it is known to be stored, ms. */
  storedMs: number;
}

/** The events of a partition that wait. */
export interface Lane {
  readonly partition: number;
  events: (Waiting | undefined)[];
  /** Index of the first one still there. */
  head: number;
  bytes: number;
  /** It is not read on: what comes after its last event is not known. */
  isPaused: boolean;
  /** The offset after the last one read. */
  next: number;
  /** The offset after the last one that the stream is known to hold. */
  end: number;
  /** When it was read or found to be behind, ms. */
  readMs: number;
  /** Offsets of which the store holds every event. */
  whole: Stretch | undefined;
}

export interface WaitingEvents {
  /** Begins a partition, everything before `cut` being released already; `hasEarlier`: there was something. */
  open(partition: number, cut: number, hasEarlier?: boolean): void;
  /** Whether nothing is to be released any more that comes before where a partition began. */
  isPastStart(): boolean;
  /** The stream holds events of these partitions up to before these offsets. */
  ends(ends: ReadonlyMap<number, number>): void;
  /** Everything of a partition before an offset was read and added. */
  read(partition: number, next: number): void;
  add(event: TailedEvent, batch: BatchPlace | undefined, afterGap: boolean): void;
  /** Too much of a partition waits, so that it is not read on for now; or it is read again. */
  paused(partition: number, isPaused: boolean): void;
  /** Per partition where something waits, the offset of the first. */
  unstored(): ReadonlyMap<number, number>;
  /**
   * What the store holds of a partition, ascending, from the first unstored one on. What waits before the last of them,
   * or before `handled`, and is not among them, was passed over.
   */
  stored(partition: number, offsets: readonly number[], handled: number): void;
  /** Whether the first event of a partition is known to be stored. */
  hasStored(): boolean;
  /** The store holds every event of a stretch of a partition, also those that are added later. */
  storedAll(partition: number, whole: Stretch): void;
  /** The next event in order, if its turn has come; the cut moves behind it. */
  release(): TailedEvent | undefined;
  /** Whether the cut moved over a gap since this was asked the last time. */
  passedGap(): boolean;
  /** Per partition the offset before which everything was released or passed over. */
  cuts(): ReadonlyMap<number, number>;
  /** Events and bytes of texts that wait. */
  held(partition: number): { readonly events: number; readonly bytes: number };
}

/** How long earlier events of other sources that are not stored yet are waited for, and any that are not seen yet. */
const PATIENCE_MS = 2_000;
/** How long events that the stream holds are waited for where nothing comes of a partition. */
const UNREAD_PATIENCE_MS = 30_000;

export function createWaitingEvents(now: () => number): WaitingEvents {
  const lanes = new Map<number, Lane>();
  const cuts = new Map<number, number>();
  const batches = createWholeBatches(PATIENCE_MS, now());
  /** What may be released out of turn, the next one last; undefined: to be found out. */
  let ready: Lane[] | undefined;
  let overGap = false;
  /** Partitions that have something before where they began, and no event yet. */
  const starting = new Set<number>();
  /** The last one of the first events of such partitions. */
  let startsAt: TailedEvent | undefined;

  function dropHead(lane: Lane, head: Waiting): void {
    lane.events[lane.head] = undefined;
    lane.head += 1;
    lane.bytes -= head.event.text.length;
    cuts.set(lane.partition, head.event.offset + 1);
    overGap ||= head.afterGap;
    if (lane.head > 1024 && lane.head * 2 > lane.events.length) {
      lane.events = lane.events.slice(lane.head);
      lane.head = 0;
    }
  }

  /** The first that was not passed over. */
  function headOf(lane: Lane): Waiting | undefined {
    for (;;) {
      const head = lane.events[lane.head];
      if (head === undefined || head.storedMs >= 0) return head;
      dropHead(lane, head);
    }
  }

  /** Where the next event is that has waited for long enough, and not behind one of its own source. */
  function nextOutOfTurn(nowMs: number): Lane | undefined {
    if (ready === undefined || ready.length === 0) {
      const isReady = ({ storedMs }: Waiting): boolean => storedMs > 0 && nowMs - storedMs >= PATIENCE_MS;
      const isOpen = (lane: Lane): boolean => lane.isPaused || isUnread(lane, nowMs);
      ready = outOfTurn([...lanes.values()], isReady, isOpen).toReversed();
    }
    return ready.pop();
  }

  function isUnread({ end, next, readMs }: Lane, nowMs: number): boolean {
    return next < end && nowMs - readMs < UNREAD_PATIENCE_MS;
  }

  return {
    open(partition, cut, hasEarlier = false) {
      if (hasEarlier) starting.add(partition);
      lanes.set(partition, {
        partition,
        events: [],
        head: 0,
        bytes: 0,
        isPaused: false,
        next: cut,
        end: cut,
        readMs: now(),
        whole: undefined,
      });
      cuts.set(partition, cut);
    },
    isPastStart() {
      if (starting.size > 0) return false;
      if (startsAt === undefined) return true;
      const nowMs = now();
      for (const lane of lanes.values()) {
        const head = headOf(lane);
        if (head === undefined ? isUnread(lane, nowMs) : comesBefore(head.event, startsAt)) return false;
      }
      return true;
    },
    ends(ends) {
      for (const [partition, end] of ends) {
        const lane = lanes.get(partition);
        if (lane === undefined || end <= lane.end) continue;
        if (lane.next >= lane.end) lane.readMs = now();
        lane.end = end;
        ready = undefined;
      }
    },
    read(partition, next) {
      const lane = lanes.get(partition);
      if (lane === undefined) return;
      lane.next = next;
      lane.readMs = now();
      ready = undefined;
    },
    add(event, batch, afterGap) {
      const lane = lanes.get(event.partition);
      if (lane === undefined) throw new Error(`partition ${event.partition} is not followed`);
      lane.events.push({ event, afterGap, storedMs: isWithin(event, lane.whole) ? Math.max(now(), 1) : 0 });
      lane.bytes += event.text.length;
      if (starting.delete(event.partition) && (startsAt === undefined || comesBefore(startsAt, event)))
        startsAt = event;
      ready = undefined;
      if (batch !== undefined) batches.see(batch, event.receivedMs, now());
    },
    paused(partition, isPaused) {
      const lane = lanes.get(partition);
      if (lane !== undefined) lane.isPaused = isPaused;
      ready = undefined;
    },
    unstored() {
      const first = new Map<number, number>();
      for (const { partition, events, head } of lanes.values()) {
        // Released from the front: what is stored and held back is skipped.
        for (let at = head; at < events.length; at++) {
          const waiting = events[at];
          if (waiting?.storedMs !== 0) continue;
          first.set(partition, waiting.event.offset);
          break;
        }
      }
      return first;
    },
    stored(partition, offsets, handled) {
      const lane = lanes.get(partition);
      if (lane === undefined) return;
      ready = undefined;
      const nowMs = Math.max(now(), 1);
      const end = Math.max(handled, (offsets.at(-1) ?? -1) + 1);
      let next = 0;
      for (let at = lane.head; at < lane.events.length; at++) {
        const waiting = lane.events[at];
        if (waiting === undefined || waiting.event.offset >= end) break;
        if (waiting.storedMs !== 0) continue;
        while ((offsets[next] ?? Infinity) < waiting.event.offset) next += 1;
        waiting.storedMs = offsets[next] === waiting.event.offset ? nowMs : -1;
      }
      // What was passed over at the front moves the cut at once.
      headOf(lane);
    },
    hasStored() {
      for (const lane of lanes.values()) if ((lane.events[lane.head]?.storedMs ?? 0) > 0) return true;
      return false;
    },
    storedAll(partition, whole) {
      const lane = lanes.get(partition);
      if (lane === undefined) return;
      const isNext = lane.whole !== undefined && lane.whole.next === whole.from;
      lane.whole = isNext ? { from: lane.whole?.from ?? whole.from, next: whole.next } : whole;
      const nowMs = Math.max(now(), 1);
      for (let at = lane.head; at < lane.events.length; at++) {
        const waiting = lane.events[at];
        if (waiting === undefined || waiting.event.offset >= whole.next) break;
        if (waiting.storedMs === 0 && isWithin(waiting.event, lane.whole)) waiting.storedMs = nowMs;
      }
    },
    release() {
      let least: Waiting | undefined;
      let leastStored: Waiting | undefined;
      let lane: Lane | undefined;
      let isUnreadBefore = false;
      const nowMs = now();
      for (const each of lanes.values()) {
        const head = headOf(each);
        if (head === undefined) isUnreadBefore ||= isUnread(each, nowMs);
        if (head === undefined) continue;
        if (least === undefined || comesBefore(head.event, least.event)) least = head;
        if (head.storedMs === 0) continue;
        if (leastStored === undefined || comesBefore(head.event, leastStored.event)) {
          leastStored = head;
          lane = each;
        }
      }
      if (leastStored === undefined || lane === undefined) return undefined;
      const missing = lanes.size === 1 ? undefined : batches.firstMissing(nowMs);
      const isNext =
        least === leastStored &&
        !isUnreadBefore &&
        (missing === undefined || !isBefore(missing, leastStored.event));
      if (isNext) ready = undefined;
      else if (nowMs - leastStored.storedMs < PATIENCE_MS) return undefined;
      else lane = nextOutOfTurn(nowMs);
      const given = lane && headOf(lane);
      if (lane === undefined || given === undefined) return undefined;
      dropHead(lane, given);
      return given.event;
    },
    passedGap() {
      const passed = overGap;
      overGap = false;
      return passed;
    },
    cuts: () => cuts,
    held(partition) {
      const lane = lanes.get(partition);
      return lane === undefined
        ? { events: 0, bytes: 0 }
        : { events: lane.events.length - lane.head, bytes: lane.bytes };
    },
  };
}

function isWithin({ offset }: TailedEvent, stretch: Stretch | undefined): boolean {
  return stretch !== undefined && offset >= stretch.from && offset < stretch.next;
}
