/** Readings by what their filters need (`anchorsOf`). */
import { anchorKeys, rawNames, seeAnchorKeys } from '@cadf-pipeline/event-filter';
import type { Anchor, RawValue } from '@cadf-pipeline/event-filter';
import type { Slot } from './indexed-reading.ts';

/** The readings that need one of several values at one path. */
interface AnchorEntry {
  /** Keys of a parsed event. */
  readonly read: (event: unknown) => readonly string[];
  /** Looks up a value that may stand at the path. */
  readonly see: (value: RawValue) => void;
  /** Under which its values stand in the text of an event; undefined where that cannot be said. */
  readonly names: readonly string[] | undefined;
  readonly slots: Map<string, Set<Slot>>;
}

export interface FilterBucket {
  add(slot: Slot): void;
  remove(slot: Slot): void;
  readonly isEmpty: boolean;
  readonly hasAnchors: boolean;
  /** Whether the text of an event says enough. */
  readonly isTextEnough: boolean;
  /** Finds those whose filters need nothing that can be looked up. */
  findOthers(): void;
  /** Finds those that a value under a name of the text may be for. */
  findByText(name: string, value: RawValue): void;
  findByEvent(event: unknown): void;
}

export interface FilterBucketDependencies {
  /** Called with each one that is found, maybe more than once. */
  readonly found: (slot: Slot) => void;
  /** One more, or one less, kind of anchors looks for these names. */
  readonly useNames: (names: readonly string[], change: 1 | -1) => void;
}

export function createFilterBucket({ found, useNames }: FilterBucketDependencies): FilterBucket {
  const others = new Set<Slot>();
  const anchored = new Map<string, AnchorEntry>();
  /** Lists, since they are gone through for each value that is found. */
  const byName = new Map<string, AnchorEntry[]>();
  let unnamed = 0;

  function makeEntry(anchor: Anchor): AnchorEntry {
    const slots = new Map<string, Set<Slot>>();
    const see = seeAnchorKeys(anchor, (key) => {
      const those = slots.get(key);
      if (those !== undefined) for (const slot of those) found(slot);
    });
    const entry = { read: anchorKeys(anchor), see, names: rawNames(anchor.path), slots };
    if (entry.names === undefined) unnamed += 1;
    else useNames(entry.names, 1);
    for (const name of entry.names ?? []) {
      const those = byName.get(name);
      if (those === undefined) byName.set(name, [entry]);
      else those.push(entry);
    }
    return entry;
  }

  function letGo(entry: AnchorEntry): void {
    if (entry.names === undefined) unnamed -= 1;
    else useNames(entry.names, -1);
    for (const name of entry.names ?? []) {
      const left = (byName.get(name) ?? []).filter((each) => each !== entry);
      if (left.length > 0) byName.set(name, left);
      else byName.delete(name);
    }
  }

  return {
    add(slot) {
      const { anchors } = slot.reading;
      if (anchors === undefined) others.add(slot);
      for (const anchor of anchors ?? []) {
        const kind = nameOf(anchor);
        const entry = anchored.get(kind) ?? makeEntry(anchor);
        anchored.set(kind, entry);
        for (const key of anchor.keys) {
          const those = entry.slots.get(key);
          if (those === undefined) entry.slots.set(key, new Set([slot]));
          else those.add(slot);
        }
      }
    },
    remove(slot) {
      others.delete(slot);
      for (const anchor of slot.reading.anchors ?? []) {
        const kind = nameOf(anchor);
        const entry = anchored.get(kind);
        if (entry === undefined) continue;
        for (const key of anchor.keys) {
          const those = entry.slots.get(key);
          those?.delete(slot);
          if (those?.size === 0) entry.slots.delete(key);
        }
        if (entry.slots.size > 0) continue;
        anchored.delete(kind);
        letGo(entry);
      }
    },
    get isEmpty() {
      return anchored.size === 0 && others.size === 0;
    },
    get hasAnchors() {
      return anchored.size > 0;
    },
    get isTextEnough() {
      return unnamed === 0;
    },
    findOthers() {
      for (const slot of others) found(slot);
    },
    findByText(name, value) {
      const entries = byName.get(name);
      if (entries !== undefined) for (const entry of entries) entry.see(value);
    },
    findByEvent(event) {
      for (const { read, slots } of anchored.values())
        for (const key of read(event)) for (const slot of slots.get(key) ?? []) found(slot);
    },
  };
}

/** Of the kind of an anchor. */
function nameOf({ path, how, chars }: Anchor): string {
  return JSON.stringify([how, chars, ...path]);
}
