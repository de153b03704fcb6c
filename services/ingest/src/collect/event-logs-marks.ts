/**
 * What is remembered of a log. `log\n<url>`: how far it was read. `log-event\n<digest of url>\n<digest of event>`: that
 * an event was delivered, with its time and severity.
 */
import { digestOf } from '../normalize/event-draft.ts';
import { readCounts, SEVERITIES } from './event-logs-counts.ts';
import type { Counts, Severity } from './event-logs-counts.ts';
import type { Listing } from './event-logs-listing.ts';
import { numberIn, readMarkValue, textIn } from './mark-value.ts';
import type { Mark, PollContext } from './poll-context.ts';

/** Events that the provider counts and does not list. */
export interface Gap {
  readonly missing: Counts;
  /** By the provider. */
  readonly counted: Counts;
  readonly read: Counts;
  /** When it was found, milliseconds since 1970 UTC. */
  readonly foundMs: number;
  readonly isTold: boolean;
}

export interface LogState {
  /** Time of the newest event that was read. */
  readonly cursorMs?: number | undefined;
  /** Unknown events before it were delivered; which ones is not remembered any more. */
  readonly floorMs?: number | undefined;
  /** What its summary is expected to count: what it did at the last poll, and what was delivered since. */
  readonly accounted?: Counts | undefined;
  /** That is there, and was told or is to be. */
  readonly gap?: Gap | undefined;
  /** That was told to be too short for the polls. */
  readonly persistence?: string | undefined;
  /** The provider advertises filters, and refuses the one by time. */
  readonly isUnfiltered?: boolean | undefined;
  /** When all of it was looked through last for what was told late. */
  readonly searchedMs?: number | undefined;
}

export interface EventMark {
  readonly timeMs: number;
  readonly severity: Severity | undefined;
}

export const LOG_PREFIX = 'log\n';
/** Events are told late, and clocks differ. */
export const OVERLAP_MS = 600_000;

export function logKey(url: URL): string {
  return LOG_PREFIX + url.href;
}

export function eventPrefix(url: URL): string {
  return `log-event\n${digestOf(url.href).slice(0, 16)}\n`;
}

/** `name`: its URL, or what it says where it has none. */
export function eventKey(prefix: string, name: string): string {
  return prefix + digestOf(name).slice(0, 24);
}

export function readLogState(remembered: PollContext['remembered'], url: URL): LogState {
  const members = readMarkValue(remembered.get(logKey(url)));
  const gap = readMarkMembers(members['gap']);
  const missing = readCounts(gap['missing']);
  const counted = readCounts(gap['counted']);
  const read = readCounts(gap['read']);
  const foundMs = numberIn(gap, 'foundMs');
  return {
    cursorMs: numberIn(members, 'cursorMs'),
    floorMs: numberIn(members, 'floorMs'),
    accounted: readCounts(members['accounted']),
    ...(missing === undefined || counted === undefined || read === undefined || foundMs === undefined
      ? {}
      : { gap: { missing, counted, read, foundMs, isTold: gap['isTold'] === true } }),
    persistence: textIn(members, 'persistence'),
    isUnfiltered: members['isUnfiltered'] === true,
    searchedMs: numberIn(members, 'searchedMs'),
  };
}

export function logMark(url: URL, state: LogState): Mark {
  return { key: logKey(url), value: JSON.stringify(state) };
}

export function readEventMark(value: string): EventMark {
  const [time = '', severity = ''] = value.split(',', 2);
  return { timeMs: Number(time) || 0, severity: SEVERITIES.find((one) => one === severity) };
}

export function writeEventMark({ timeMs, severity }: EventMark): string {
  return `${timeMs},${severity ?? ''}`;
}

export interface Forgetting {
  readonly listing: Pick<Listing, 'isWhole' | 'keys'>;
  /** What is asked for begins there; undefined where all is listed. */
  readonly windowMs: number | undefined;
  readonly maxMarks: number;
}

/** Marks of what is not listed any more, is before what is asked for, or is the oldest of too many; where they begin. */
export function forget(
  remembered: PollContext['remembered'],
  url: URL,
  { listing, windowMs, maxMarks }: Forgetting,
): { readonly marks: readonly Mark[]; readonly floorMs: number } {
  const known = [...remembered.entries(eventPrefix(url))].map(([key, value]) => ({
    key,
    timeMs: readEventMark(value).timeMs,
  }));
  const isListed = ({ key }: { readonly key: string }): boolean =>
    windowMs !== undefined || !listing.isWhole || listing.keys.has(key);
  const kept = known.filter(isListed);
  const times = listing.isWhole ? kept.map(({ timeMs }) => timeMs).toSorted((a, b) => b - a) : [];
  const [newestMs = 0] = times;
  // What is told late is new, however many there are.
  const oldestMs = times.length > maxMarks ? Math.min(times[maxMarks - 1] ?? 0, newestMs - OVERLAP_MS) : 0;
  const floorMs = Math.max(oldestMs, windowMs ?? 0);
  const marks = known
    .filter((mark) => mark.timeMs < floorMs || !isListed(mark))
    .map(({ key }) => ({ key, value: null }));
  return { marks, floorMs };
}

function readMarkMembers(value: unknown): Readonly<Record<string, unknown>> {
  return readMarkValue(JSON.stringify(value));
}
