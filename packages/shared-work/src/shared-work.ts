/** One process of the group for each item, the others take over from it. The words are in interface.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { partitionOf } from '@cadf-pipeline/event-stream';
import type { Static, TObject } from 'typebox';
import type { SharedWork, SharedWorkOptions } from './interface.ts';
import { keptRecord } from './kept-record.ts';
import { createOwnedRuns } from './owned-runs.ts';
import { createRecordTopic } from './record-topic.ts';
import { createRunSlots } from './run-slots.ts';
import { createWorkInHand } from './work-in-hand.ts';

/**
 * Half the session timeout: a process that was paused (or cut off) for longer does nothing outside before the group has
 * confirmed that its items are still its own.
 */
const MAX_MEMBERSHIP_AGE_MS = 15_000;
const CERTAIN_EVERY_MS = 250;
const RESTART_MS = 1000;
/** A membership that has gone on for so long since it was started again is taken to be well. */
const WELL_AFTER_MS = 5000;
const SWEEP_EVERY_MS = 300_000;

export function createSharedWork<S extends TObject, End = void>(
  options: SharedWorkOptions<S, End>,
): SharedWork<Static<S>, End> {
  const { graceMs = 5000, group, logger, noun, now = Date.now, stream } = options;
  const { name: topic, partitions } = options.topic;
  const codec = keptRecord(options.record);
  const records = createRecordTopic({ stream, settings: options.topic, codec, noun, logger });
  const stopping = new AbortController();
  const owned = createOwnedRuns<End>({
    noun,
    ids: () => options.ids(),
    definition: (id) => options.definition(id),
    partitionOf: (id) => partitionOf(id, partitions),
    slots: createRunSlots(options.maxRuns ?? Infinity, options.ownerOf),
    logger,
    async run(id, stop) {
      // Not while another process may have it: the two would take it from each other.
      await certain(stop.soft);
      const work = createWorkInHand<Static<S>>({ id, noun, topic: records, certain, stop, now });
      return options.run(id, work, stop);
    },
  });
  let trouble: string | undefined;
  let following: Promise<void> = Promise.resolve();
  let sweeping: NodeJS.Timeout | undefined;
  /** Of which nothing was known at the last sweep. */
  let unknown: ReadonlySet<string> = new Set();

  /** What an earlier owner still writes hides what counts from who reads the topic anew: that is written once more. */
  records.onOlder((id) => {
    const record = records.get(id);
    if (record === undefined || !owned.owned().includes(id) || owned.renew(id)) return;
    quietly(records.write(id, record, stopping.signal), 'a record could not be restored', id);
  });

  function quietly(done: Promise<unknown>, message: string, id: string): void {
    done.catch((error: unknown) => {
      if (!stopping.signal.aborted) logger.warn({ err: error, [noun]: id }, message);
    });
  }

  async function certain(signal: AbortSignal): Promise<void> {
    while (stream.membershipAgeMs(topic, group) > MAX_MEMBERSHIP_AGE_MS)
      await sleep(CERTAIN_EVERY_MS, undefined, { signal });
  }

  async function take(given: readonly number[]): Promise<ReadonlyMap<number, number>> {
    // Also those of an assignment that was given up before it was begun.
    const next = await records.caughtUp(stopping.signal);
    owned.own(new Set(given));
    logger.info({ topic, partitions: given.length }, 'doing the shared work of these partitions');
    return next;
  }

  async function join(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      const well = setTimeout(() => (trouble = undefined), WELL_AFTER_MS);
      try {
        const batches = stream.consume(topic, {
          group,
          signal,
          startAt: take,
          revoked: () => owned.disown(graceMs),
        });
        // It is followed elsewhere: here it is read for the membership only.
        for await (const _ of batches) if (signal.aborted) break;
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error);
        if (!signal.aborted)
          logger.error({ err: error, topic }, 'the shared work stopped, starting it again');
      } finally {
        clearTimeout(well);
        await owned.disown(graceMs);
      }
      await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Forgets items that were deleted: not at once, since another process may hear of a new one later. */
  function sweep(): void {
    const known = new Set(options.ids());
    const gone = [...records.ids()].filter((id) => !known.has(id));
    for (const id of gone)
      if (unknown.has(id)) quietly(records.forget(id), 'a record could not be forgotten', id);
    unknown = new Set(gone);
  }

  return {
    get: (id) => records.get(id),
    changed: (id) => owned.changed(id),
    renew: (id) => owned.renew(id),
    owned: () => owned.owned(),
    end: (id) => owned.end(id),
    async start() {
      await records.start();
      following = join();
      sweeping = setInterval(sweep, options.sweepEveryMs ?? SWEEP_EVERY_MS);
    },
    trouble: () => trouble ?? records.trouble(),
    async stop() {
      clearInterval(sweeping);
      // Runs first: their records are written through what is stopped after them.
      await owned.disown(graceMs);
      stopping.abort(new Error('the process is stopping'));
      await following;
      await records.stop();
    },
  };
}
