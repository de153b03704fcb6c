/**
 * Which version of an event is the merged one: the last by position whose outcome is final, or, while there is none, the
 * last. A row, once stored, is never changed: the version that takes another's place says so (`supersedes`).
 */
import type { VersionColumns } from '../row/event-block.ts';
import type { EventState } from './recent-keys.ts';

export interface NewVersion {
  readonly offset: number;
  readonly pending: boolean;
  readonly hasChain: boolean;
}

/** Where a new version stands. `state` is changed to hold it, but for `currentRow`, which the caller knows. */
export interface Placement extends VersionColumns {
  /** Row of the same block that lost its place to this one; -1: none. */
  readonly withdraw: number;
}

const FIRST: Placement = {
  hidden: false,
  pending: false,
  supersedes: 0,
  overrules: false,
  joinChains: false,
  withdraw: -1,
};
const FIRST_PENDING: Placement = { ...FIRST, pending: true };

/** The first version of an event. */
export function firstVersion(pending: boolean): Placement {
  return pending ? FIRST_PENDING : FIRST;
}

export function placeVersion(state: EventState, version: NewVersion, block: number): Placement {
  const { pending } = version;
  const placement = { ...FIRST, pending, joinChains: state.hasChain };
  if (version.hasChain) state.hasChain = true;
  // A pending version that comes after a final one changes nothing.
  if (pending && !state.pending) return { ...placement, hidden: true };
  const { currentOffset, currentRow } = state;
  const overrules = !state.pending;
  state.currentOffset = version.offset;
  state.pending = pending;
  if (state.block === block && currentRow >= 0) return { ...placement, withdraw: currentRow };
  return { ...placement, supersedes: currentOffset + 1, overrules };
}
