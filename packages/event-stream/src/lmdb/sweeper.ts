import { compactPartition } from './compaction.ts';
import type { FrameStore } from './frame-store.ts';
import type { GroupOffsets } from './group-offsets.ts';
import { applyRetention } from './retention.ts';
import type { TailCache } from './tail-cache.ts';
import type { PartitionState, TopicState } from './topic-state.ts';

/** A compact partition is compacted by itself when it has this many records more than after the last time, … */
const MIN_NEW_RECORDS = 1_000;
/** … and this share of what was left then. */
const MIN_NEW_SHARE = 0.5;

export interface SweeperOptions {
  readonly store: FrameStore;
  readonly tail: TailCache;
  readonly topics: () => readonly TopicState[];
  /** What groups have committed: the topics' `keepFor` holds retention back by it. */
  readonly groups: GroupOffsets;
  readonly now: () => number;
  /** Milliseconds between sweeps; 0: only on demand. */
  readonly intervalMs: number;
  readonly tombstoneRetentionMs: number;
  /** Called with the bytes a sweep removed. */
  readonly removed: (bytes: number) => void;
}

export interface Sweeper {
  /** Applies retention, and compaction whether it is due or not, now. Answers the bytes removed. */
  sweep(): Promise<number>;
  /** As `sweep` in the background, compaction only where it is due; joins one that is under way. */
  nudge(): void;
  lastError(): unknown;
  stop(): Promise<void>;
}

/** Removes what retention and compaction say, one sweep at a time, in bounded steps. */
export function createSweeper(options: SweeperOptions): Sweeper {
  const { store, tail, now } = options;
  let running: Promise<number> | undefined;
  let failure: unknown;
  let stopped = false;

  async function run(all: boolean): Promise<number> {
    let bytes = 0;
    for (const topic of options.topics()) {
      if (stopped) break;
      if (topic.settings.cleanup === 'delete')
        bytes += await applyRetention(store, tail, topic, options.groups, now());
      else
        for (const partition of topic.partitions)
          if (all || isDue(partition))
            bytes += await compactPartition(store, tail, topic, partition, {
              nowMs: now(),
              tombstoneRetentionMs: options.tombstoneRetentionMs,
            });
    }
    options.removed(bytes);
    return bytes;
  }

  async function start(all: boolean): Promise<number> {
    while (running !== undefined) await running.catch(() => 0);
    running = run(all);
    try {
      const bytes = await running;
      failure = undefined;
      return bytes;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      running = undefined;
    }
  }

  function nudge(): void {
    // The next sweep tries again; until then health() tells.
    if (running === undefined && !stopped) start(false).catch(() => 0);
  }

  const timer = options.intervalMs > 0 ? setInterval(nudge, options.intervalMs) : undefined;
  timer?.unref();
  return {
    sweep: () => start(true),
    nudge,
    lastError: () => failure,
    async stop() {
      stopped = true;
      clearInterval(timer);
      while (running !== undefined) await running.catch(() => 0);
    },
  };
}

function isDue(partition: PartitionState): boolean {
  const fresh = partition.next - partition.compactedTo;
  return fresh >= MIN_NEW_RECORDS && fresh >= partition.compactedRecords * MIN_NEW_SHARE;
}
