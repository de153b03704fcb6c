/** Events of a log by severity: as its summary counts them, and as they were read (DSP0263, EventLog). */
import { fold, textOf } from '../../sources/cimi/document.ts';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type Counts = Readonly<Record<Severity, number>>;

export const NO_COUNTS: Counts = { low: 0, medium: 0, high: 0, critical: 0 };

/** Undefined where there is no number among them; of severities that are left out there is none. */
export function readCounts(summary: unknown): Counts | undefined {
  const members = fold(summary);
  const numbers = SEVERITIES.map((severity) => {
    const count = Number(textOf(members.get(severity)) ?? 'none');
    return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
  });
  if (numbers.every((count) => count === undefined)) return undefined;
  return combine((_severity, index) => numbers[index] ?? 0);
}

/** Of an event; undefined where it has none, or a word that a summary does not count by. */
export function readSeverity(written: unknown): Severity | undefined {
  const word = textOf(written)?.toLowerCase();
  return SEVERITIES.find((severity) => severity === word);
}

export function plus(a: Counts, b: Counts): Counts {
  return combine((severity) => a[severity] + b[severity]);
}

/** What `a` has over `b`; nothing where it has less. */
export function surplus(a: Counts, b: Counts): Counts {
  return combine((severity) => Math.max(0, a[severity] - b[severity]));
}

export function countOf(severities: readonly (Severity | undefined)[]): Counts {
  return combine((severity) => severities.filter((one) => one === severity).length);
}

export function isNone(counts: Counts): boolean {
  return SEVERITIES.every((severity) => counts[severity] === 0);
}

/** `low 3, high 1`. */
export function spell(counts: Counts): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => `${severity} ${counts[severity]}`,
  );
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function combine(count: (severity: Severity, index: number) => number): Counts {
  const [low, medium, high, critical] = [0, 1, 2, 3].map((index) => count(SEVERITIES[index] ?? 'low', index));
  return { low: low ?? 0, medium: medium ?? 0, high: high ?? 0, critical: critical ?? 0 };
}
