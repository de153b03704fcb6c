/**
 * Records that belong to the start of a machine and come before it in the log: what it was given (RESOURCE start and
 * open), its labels (MACHINE_ID), a container's first process (CONTROL init). They wait here for the start record.
 *
 * A group is the waiting records of one machine. It leaves when its start comes (`take`), or when it is told that the
 * start will not come: the machine stops, the log has gone on for WINDOW_MS, or there are more records than are kept.
 * Nothing here depends on the time of arrival, so reading the same records again gives the same groups.
 */
import type { Entry } from './to-event.ts';

/** A guest restored from a large file takes minutes from its first record to its start. Time of the log, not of arrival. */
const WINDOW_MS = 15 * 60_000;
/** An event holds its whole group: characters of records in one group, far below what the stream takes as one record. */
const MAX_GROUP_CHARACTERS = 256 * 1024;
const MAX_PER_GROUP = 256;
const MAX_RECORDS = 1024;

export interface HeldRecords {
  readonly size: number;
  /** Adds a record to its machine's group; answers the groups that had to leave for it. */
  add(machine: string, entry: Entry): readonly (readonly Entry[])[];
  /** The records of a machine's group that `wanted` accepts (all by default), removed; empty when there are none. */
  take(machine: string, wanted?: (entry: Entry) => boolean): readonly Entry[];
  /** Removes and answers the groups whose start is not to be expected any more at this time of the log. */
  expire(timeMs: number): readonly (readonly Entry[])[];
  /** Removes and answers all groups, oldest first. */
  clear(): readonly (readonly Entry[])[];
}

export function createHeldRecords(): HeldRecords {
  // Insertion order is the order of first records, so the oldest group is the first.
  const groups = new Map<string, Entry[]>();
  let size = 0;

  function take(machine: string, wanted: (entry: Entry) => boolean = () => true): readonly Entry[] {
    const group = groups.get(machine) ?? [];
    const taken = group.filter(wanted);
    const rest = group.filter((entry) => !taken.includes(entry));
    if (rest.length === 0) groups.delete(machine);
    else groups.set(machine, rest);
    size -= taken.length;
    return taken;
  }

  function isFull(group: readonly Entry[] | undefined, entry: Entry): boolean {
    if (group === undefined) return false;
    const characters = group.reduce((sum, { record }) => sum + record.text.length, entry.record.text.length);
    return group.length >= MAX_PER_GROUP || characters > MAX_GROUP_CHARACTERS;
  }

  function oldest(): string | undefined {
    return groups.keys().next().value;
  }

  return {
    get size() {
      return size;
    },
    add(machine, entry) {
      const leaving: (readonly Entry[])[] = [];
      if (isFull(groups.get(machine), entry)) leaving.push(take(machine));
      for (let first = oldest(); size >= MAX_RECORDS && first !== undefined; first = oldest()) {
        leaving.push(take(first));
      }
      const group = groups.get(machine);
      if (group === undefined) groups.set(machine, [entry]);
      else group.push(entry);
      size += 1;
      return leaving;
    },
    take,
    expire(timeMs) {
      const leaving: (readonly Entry[])[] = [];
      for (const [machine, group] of groups) {
        const first = group[0];
        if (first !== undefined && first.line.time.epochMs + WINDOW_MS >= timeMs) break;
        leaving.push(take(machine));
      }
      return leaving;
    },
    clear() {
      const all = [...groups.values()];
      groups.clear();
      size = 0;
      return all;
    },
  };
}
