/** When something happened, and how sure that is. */

export interface EventTime {
  /** Milliseconds since 1970 UTC. */
  readonly epochMs: number;
  /**
   * What the record does not say and was taken from elsewhere: its `zone` (the setting `timezone` is missing, or the
   * hour occurs twice), its `year` (from the time of arrival), or the whole `time` (the record has none).
   */
  readonly guessed?: 'zone' | 'year' | 'time';
}

export function exactTime(epochMs: number): EventTime {
  return { epochMs };
}

export function guessedTime(epochMs: number, guessed: NonNullable<EventTime['guessed']>): EventTime {
  return { epochMs, guessed };
}

/** The year 2300: what CADF events are refused after. */
const END_OF_TIMES_MS = 10_413_792_000_000;

/** Whether an event can have this time: after 1970 and before the year 2300. */
export function isUsableTime({ epochMs }: EventTime): boolean {
  return Number.isFinite(epochMs) && epochMs >= 0 && epochMs < END_OF_TIMES_MS;
}
