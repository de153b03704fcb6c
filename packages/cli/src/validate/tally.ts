import type { Checked } from './finding.ts';

/** Sums over all inputs. `valid` and `withErrors` sum to `events`. */
export interface Tally {
  files: number;
  events: number;
  valid: number;
  withErrors: number;
  warnings: number;
  errors: number;
  /** Files that could not be read to their end; what was read before counts. */
  unreadable: number;
}

export function newTally(): Tally {
  return { files: 0, events: 0, valid: 0, withErrors: 0, warnings: 0, errors: 0, unreadable: 0 };
}

export function addTo(tally: Tally, { events, valid, findings }: Checked): void {
  tally.events += events;
  tally.valid += valid;
  tally.withErrors += events - valid;
  for (const { severity } of findings) {
    if (severity === 'error') tally.errors++;
    else tally.warnings++;
  }
}
