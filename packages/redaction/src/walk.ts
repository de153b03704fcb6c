/** What one pass over an event has at hand. */
import type { Edit } from './edits.ts';
import type { MemberNames } from './member-names.ts';
import type { RemovedValues } from './removed-values.ts';
import type { Action } from './rule-tree.ts';

export interface WalkOptions {
  readonly hash: (text: string) => string;
  readonly removed: RemovedValues;
  /** Indexes of the rules that changed something. */
  readonly applied: Set<number>;
  /** Acts on every address in the event. */
  readonly everyAddress: Action | undefined;
  /** Second pass: look for copies of what was removed. */
  readonly scrub: boolean;
  /** Names of members that have a copy in them and cannot change. */
  readonly stuck: Set<string>;
}

/** Of the event's text, or of a JSON text within it. */
export interface Walk {
  readonly text: string;
  readonly edits: Edit[];
  readonly options: WalkOptions;
  readonly embedded: number;
  /** Set by the reading of a value whose member has to go. */
  isGone: boolean;
  /** Made when the first member is renamed. */
  names: MemberNames | undefined;
}
