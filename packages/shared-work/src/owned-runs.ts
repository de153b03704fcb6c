/**
 * The runs of this process: of the items in the partitions that the group gave to it. A change of a definition ends the
 * run of that item and begins it anew.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Superseded } from './interface.ts';
import type { WorkLogger } from './interface.ts';
import type { RunSlots } from './run-slots.ts';
import { createRunStop } from './run-stop.ts';
import type { RunStop } from './run-stop.ts';

export interface OwnedRuns<End> {
  /** These partitions, and no others, are this process's from now on. */
  own(partitions: ReadonlySet<number>): void;
  /** Lets all of them go; what is under way may take `graceMs`. Resolves when nothing is done any more. */
  disown(graceMs: number): Promise<void>;
  /** Looks at the definition of an item again. */
  changed(id: string): void;
  /** Takes an item that is being done over once more; false: it is not. */
  renew(id: string): boolean;
  /** Items of this process, whether or not there is anything to do. */
  owned(): readonly string[];
  /** How the run of an item ended; undefined: it has not. */
  end(id: string): End | undefined;
}

export interface OwnedRunsOptions<End> {
  readonly noun: string;
  readonly ids: () => Iterable<string>;
  /** What decides how it runs, as text; undefined: nothing is to be done. */
  readonly definition: (id: string) => string | undefined;
  readonly partitionOf: (id: string) => number;
  readonly run: (id: string, stop: RunStop) => Promise<End>;
  readonly slots: RunSlots;
  readonly logger: WorkLogger;
}

interface Run<End> {
  readonly definition: string;
  readonly stop: RunStop;
  readonly done: Promise<void>;
  /** It will not go on by itself. */
  over: boolean;
  end?: End;
}

/** What is under way when a definition changed may end so long after. */
const CHANGE_GRACE_MS = 500;
const AGAIN_FIRST_MS = 1000;
const AGAIN_LAST_MS = 30_000;

export function createOwnedRuns<End>(options: OwnedRunsOptions<End>): OwnedRuns<End> {
  const { definition, ids, logger, noun, partitionOf, run, slots } = options;
  const runs = new Map<string, Run<End>>();
  /** Changes of one item, one after the other. */
  const changing = new Map<string, Promise<void>>();
  let partitions: ReadonlySet<number> = new Set();

  /** What is to be done, as it is now. */
  function wanted(id: string): string | undefined {
    return partitions.has(partitionOf(id)) ? definition(id) : undefined;
  }

  function apply(id: string): void {
    // At once: what is not allowed any more must not be done while an earlier change is still being applied.
    endOutdated(id);
    const after = changing.get(id) ?? Promise.resolve();
    const mine = after.then(async () => {
      endOutdated(id);
      const current = runs.get(id);
      if (current?.stop.soft.aborted === true) {
        await current.done;
        runs.delete(id);
      }
      const asked = wanted(id);
      if (asked !== undefined && !runs.has(id)) begin(id, asked);
    });
    changing.set(id, mine);
    void mine.finally(() => {
      if (changing.get(id) === mine) changing.delete(id);
    });
  }

  function endOutdated(id: string): void {
    const current = runs.get(id);
    if (current !== undefined && wanted(id) !== current.definition) current.stop.stop(CHANGE_GRACE_MS);
  }

  function begin(id: string, asked: string): void {
    const stop = createRunStop(noun);
    const mine: Run<End> = {
      definition: asked,
      stop,
      over: false,
      done: keepRunning(id, stop, (end) => (mine.end = end)).finally(() => {
        mine.over = true;
        stop.ended();
      }),
    };
    runs.set(id, mine);
  }

  /** Begins again what was superseded or failed, for as long as it is this process's. */
  async function keepRunning(id: string, stop: RunStop, ended: (end: End) => void): Promise<void> {
    for (let failures = 0; !stop.soft.aborted; failures++) {
      let begun = performance.now();
      try {
        const free = await slots.take(id, stop.soft);
        begun = performance.now();
        ended(await run(id, stop).finally(free));
        return;
      } catch (error) {
        if (stop.soft.aborted) return;
        const about = { [noun]: id };
        if (error instanceof Superseded) logger.info(about, 'shared work was taken over by another process');
        else logger.error({ err: error, ...about }, 'shared work broke off, starting it again');
      }
      if (performance.now() - begun > AGAIN_LAST_MS) failures = 0;
      const pauseMs = Math.min(AGAIN_FIRST_MS * 2 ** failures, AGAIN_LAST_MS);
      await sleep(pauseMs, undefined, { signal: stop.soft }).catch(() => undefined);
    }
  }

  return {
    own(given) {
      partitions = given;
      // In order: the first ones get the slots.
      for (const id of [...new Set([...runs.keys(), ...ids()])].toSorted()) apply(id);
    },
    async disown(graceMs) {
      partitions = new Set();
      for (const { stop } of runs.values()) stop.stop(graceMs);
      await Promise.all(changing.values());
      await Promise.all([...runs.values()].map(({ done }) => done));
      runs.clear();
    },
    changed: apply,
    renew(id) {
      const current = runs.get(id);
      if (current === undefined || current.over) return false;
      current.stop.stop(CHANGE_GRACE_MS);
      apply(id);
      return true;
    },
    owned: () => [...ids()].filter((id) => partitions.has(partitionOf(id))),
    end: (id) => runs.get(id)?.end,
  };
}
