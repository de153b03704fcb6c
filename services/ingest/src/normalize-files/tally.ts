/** Counts how records ended. */
import type { Outcome } from '../source.ts';

export interface Tally {
  /** Records read. Each is in an event (its first or a further record), ignored, or a dead letter. */
  records: number;
  /** Events printed. */
  events: number;
  /** Records that are part of an event besides its first. */
  folded: number;
  ignored: number;
  /** Of the events: those whose operation no rule knows. */
  unmapped: number;
  deadLettered: number;
  /** `event`, `ignored` or `dead-letter` → rule or code → outcomes. */
  readonly byRule: ReadonlyMap<Outcome['kind'], Map<string, number>>;
}

export function newTally(): Tally {
  return {
    records: 0,
    events: 0,
    folded: 0,
    ignored: 0,
    unmapped: 0,
    deadLettered: 0,
    byRule: new Map([
      ['event', new Map()],
      ['ignored', new Map()],
      ['dead-letter', new Map()],
    ]),
  };
}

export function addOutcome(tally: Tally, outcome: Outcome): void {
  const { length } = outcome.records;
  tally.records += length;
  const rule = outcome.kind === 'dead-letter' ? outcome.code : outcome.rule;
  const rules = tally.byRule.get(outcome.kind);
  rules?.set(rule, (rules.get(rule) ?? 0) + length);
  switch (outcome.kind) {
    case 'event':
      tally.events += 1;
      tally.folded += Math.max(0, length - 1);
      if (outcome.rule.startsWith('unmapped')) tally.unmapped += 1;
      return;
    case 'ignored':
      tally.ignored += length;
      return;
    case 'dead-letter':
      tally.deadLettered += length;
  }
}

/** `{records, events, ignored, unmapped, deadLettered, folded}`: records = events + folded + ignored + deadLettered. */
export function jsonSummary(tally: Tally): string {
  const { deadLettered, events, folded, ignored, records, unmapped } = tally;
  return `${JSON.stringify({ records, events, ignored, unmapped, deadLettered, folded })}\n`;
}

/** The same for people: a line per outcome, and below it one per rule, most frequent first. */
export function textSummary(tally: Tally): string {
  const { deadLettered, events, folded, ignored, records, unmapped } = tally;
  const lines = [
    `${records} records: ${events} events${folded === 0 ? '' : ` (+ ${folded} records folded into them)`}, ${ignored} ignored, ${deadLettered} dead-lettered; ${unmapped} events unmapped`,
  ];
  for (const [kind, rules] of tally.byRule) {
    const sorted = [...rules].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    for (const [rule, count] of sorted)
      lines.push(`  ${String(count).padStart(9)}  ${kind.padEnd(11)} ${rule}`);
  }
  return `${lines.join('\n')}\n`;
}
