/** An audit line whose message may go on in the lines behind it. */
import type { RawRecord } from '../../src/source.ts';

const MAX_LINES = 256;
const MAX_CHARACTERS = 256 * 1024;

export interface HeldLine<Entry> {
  /** Records held. */
  readonly size: number;
  open(entry: Entry): void;
  /** Adds a line; answers all of them where they are as many as may be. */
  add(record: RawRecord): { readonly entry: Entry; readonly more: readonly RawRecord[] } | undefined;
  /** All lines, which are forgotten. */
  take(): { readonly entry: Entry; readonly more: readonly RawRecord[] } | undefined;
}

export function createHeldLine<Entry>(): HeldLine<Entry> {
  let held: { readonly entry: Entry; readonly more: RawRecord[] } | undefined;
  let characters = 0;

  function take(): { readonly entry: Entry; readonly more: readonly RawRecord[] } | undefined {
    const taken = held;
    held = undefined;
    characters = 0;
    return taken;
  }

  return {
    get size() {
      return held === undefined ? 0 : held.more.length + 1;
    },
    open(entry) {
      held = { entry, more: [] };
    },
    add(record) {
      if (held === undefined) return undefined;
      held.more.push(record);
      characters += record.text.length;
      return held.more.length >= MAX_LINES || characters >= MAX_CHARACTERS ? take() : undefined;
    },
    take,
  };
}
