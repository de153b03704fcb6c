/** What a name of VMware's means in words of CADF. */
import type { EventOutcome } from '../../src/normalize/event-draft.ts';
import type { TargetKind } from './target-kinds.ts';

export interface Operation {
  readonly action: string;
  /** What the operation is about; undefined: whatever the record names. */
  readonly kind?: TargetKind | undefined;
  readonly outcome: EventOutcome;
  /** Stable name of the mapping rule. */
  readonly rule: string;
  /** Seen without anybody who did it: a monitor event. */
  readonly isState?: boolean;
  /** Alarms, health, statistics: ignored unless asked for. */
  readonly isNoise?: boolean;
  /** The product did it on its own, whoever is named. */
  readonly isAutomatic?: boolean;
}

const FAILED =
  /fail(?!over)|error|cannot|unable|noaccess|badusername|nopermission|denied|violat|crashed|reject|timed?out|abort|conflict/i;
/** Words that end like something going on, and are none. */
const NOT_GOING_ON = /(?:Missing|missing|Warning|Recording|Replaying|String|Setting)$/;

/** Outcome by name: one of a failure, one of something still going on, else success. */
export function outcomeOfName(name: string): EventOutcome {
  if (FAILED.test(name)) return 'failure';
  const base = name.endsWith('Event') ? name.slice(0, -5) : name;
  if ((base.endsWith('ing') && !NOT_GOING_ON.test(base)) || base.includes('Being')) return 'pending';
  return base.endsWith('Begin') || base.endsWith('InProgress') ? 'pending' : 'success';
}
