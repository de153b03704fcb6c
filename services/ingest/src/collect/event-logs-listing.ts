/** The events of a log as it lists them: which are new, how many there are of each severity. */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { listingCut } from '../cimi/listing-cut.ts';
import { createLocalClock } from '../normalize/local-clock.ts';
import { fold, textOf } from '../../sources/cimi/document.ts';
import { readTime } from '../../sources/cimi/times.ts';
import { readSeverity } from './event-logs-counts.ts';
import type { Severity } from './event-logs-counts.ts';
import { eventKey, readEventMark } from './event-logs-marks.ts';
import type { CollectedDocument, PollContext } from './poll-context.ts';

export interface NewEvent {
  /** Of its mark. */
  readonly key: string;
  readonly document: CollectedDocument;
  /** Undefined where it tells none that can be read. */
  readonly timeMs: number | undefined;
  readonly severity: Severity | undefined;
  readonly isAccess: boolean;
}

export interface Listing {
  /** In the order in which accesses precede what they caused: by time, of the same time accesses first. */
  readonly fresh: readonly NewEvent[];
  /** Of all that were listed. */
  readonly severities: readonly (Severity | undefined)[];
  readonly keys: ReadonlySet<string>;
  readonly newestMs: number | undefined;
  /** All that it has was listed and could be read. */
  readonly isWhole: boolean;
  /** Events behind those that were read may be older. */
  readonly isCut: boolean;
  /** What ended it before its end, after there was something new. */
  readonly failure: Error | undefined;
}

export interface ListingQuery {
  readonly events: URL;
  /** Of its events' marks. */
  readonly prefix: string;
  /** Events from then on are asked for. */
  readonly sinceMs: number | undefined;
  /** Unknown events before it are not new. */
  readonly floorMs: number | undefined;
  readonly maxFresh: number;
}

const MAX_FRESH_CHARACTERS = 33_554_432;
const NO_CLOCK = createLocalClock();

/** Throws `CimiFailure` where a page cannot be read. */
export async function listEvents(context: PollContext, query: ListingQuery): Promise<Listing> {
  const { client, discovery, remembered, signal } = context;
  const { events, prefix, sinceMs, floorMs = -Infinity, maxFresh } = query;
  const fresh = new Map<string, NewEvent>();
  const severities: (Severity | undefined)[] = [];
  const keys = new Set<string>();
  let newestMs: number | undefined;
  let characters = 0;
  let isWhole = true;
  const pages = client.pages(
    events,
    {
      plural: 'events',
      required: ['timestamp'],
      isKnown: (url) => remembered.get(eventKey(prefix, url.href)) !== undefined,
      ...(sinceMs === undefined ? {} : { since: { attribute: 'timestamp', time: new Date(sinceMs) } }),
    },
    discovery,
    signal,
  );
  let isCut = false;
  let failure: Error | undefined;
  try {
    for await (const { items, refused, cut } of pages) {
      for (const refusal of refused) {
        // Purged since it was listed: the summary does not count it either.
        if (refusal.code === 'CIMI_GONE') continue;
        context.trouble(refusal);
        isWhole = false;
      }
      for (const { url, value, text } of items) {
        const members = fold(value);
        const key = eventKey(prefix, url?.href ?? JSON.stringify(value));
        const timeMs = readTime(members.get('timestamp') ?? members.get('created'), NO_CLOCK)?.epochMs;
        const mark = remembered.get(key);
        const known = mark === undefined ? undefined : readEventMark(mark);
        keys.add(key);
        newestMs = maxOf(newestMs, timeMs ?? known?.timeMs);
        // A provider may give the id of a purged event to another one.
        const isKnown = known !== undefined && (timeMs === undefined || timeMs === known.timeMs);
        const severity = isKnown ? known.severity : readSeverity(members.get('severity'));
        // Not asked for: it was before the cursor, and is not remembered any more.
        if (!isKnown && timeMs !== undefined && sinceMs !== undefined && timeMs < sinceMs) continue;
        severities.push(severity);
        if (isKnown || (timeMs !== undefined && timeMs < floorMs)) continue;
        characters += text.length;
        fresh.set(key, {
          key,
          document: { text, position: (url ?? events).href },
          timeMs,
          severity,
          isAccess: isAccess(members.get('type')),
        });
      }
      const isTooMuch = fresh.size >= maxFresh || characters >= MAX_FRESH_CHARACTERS;
      const end = cut ?? (isTooMuch ? 'endless' : undefined);
      if (end === undefined) continue;
      context.trouble(listingCut(events, end));
      isCut = true;
      break;
    }
  } catch (error) {
    // What was read is not read again when the next poll goes on.
    if (!(error instanceof Error) || fresh.size === 0) throw error;
    failure = error;
  }
  isCut ||= failure !== undefined;
  return {
    fresh: inOrder(fresh),
    severities,
    keys,
    newestMs,
    isWhole: isWhole && !isCut,
    isCut,
    failure,
  };
}

/** Whether the provider advertised a filter and then refused it. */
export function isFilterRefused(error: unknown): boolean {
  return error instanceof CimiFailure && error.code === 'CIMI_STATUS' && !error.retryable;
}

function inOrder(fresh: ReadonlyMap<string, NewEvent>): readonly NewEvent[] {
  return [...fresh.values()].toSorted(
    (a, b) => (a.timeMs ?? Infinity) - (b.timeMs ?? Infinity) || Number(b.isAccess) - Number(a.isAccess) || 0,
  );
}

function isAccess(type: unknown): boolean {
  return /(?:^|\/)access$/i.test(textOf(type)?.slice(-64) ?? '');
}

function maxOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
