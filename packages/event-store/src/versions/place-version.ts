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

const FIRST: Placement = { current: 1, supersedes: 0, joinChains: false, withdraw: -1 };

/** The first version of an event. */
export function firstVersion(): Placement {
  return FIRST;
}

export function placeVersion(state: EventState, version: NewVersion, block: number): Placement {
  const late = version.pending && !state.pending;
  const joinChains = state.hasChain;
  if (version.hasChain) state.hasChain = true;
  if (late) return { current: 0, supersedes: 0, joinChains, withdraw: -1 };
  const sameBlock = state.block === block && state.currentRow >= 0;
  const placement: Placement = sameBlock
    ? { current: 1, supersedes: 0, joinChains, withdraw: state.currentRow }
    : { current: 1, supersedes: state.currentOffset + 1, joinChains, withdraw: -1 };
  state.currentOffset = version.offset;
  state.pending = version.pending;
  return placement;
}
