/**
 * One log, read once: its new events are delivered, and what its summary counts is held against what was read.
 *
 * The summary is asked for before and after the events. Where both agree, nothing came or went meanwhile, and
 * - a log that is listed whole has to list as many of each severity as its summary counts;
 * - of a log that is asked from a time on, the summary has to count what it did before, and what was delivered since.
 * What it counts over that is looked for at once in a second reading, of all there is; what is missing then is a gap. A
 * summary that counts less than was read is a purge: from then on less is expected, and it is no gap.
 */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { fold } from '../../sources/cimi/document.ts';
import { countOf, isNone, plus, readCounts, SEVERITIES, surplus } from './event-logs-counts.ts';
import type { Counts } from './event-logs-counts.ts';
import { isFilterRefused, listEvents } from './event-logs-listing.ts';
import type { Listing, NewEvent } from './event-logs-listing.ts';
import {
  eventPrefix,
  forget,
  logMark,
  OVERLAP_MS,
  readLogState,
  writeEventMark,
} from './event-logs-marks.ts';
import type { LogState } from './event-logs-marks.ts';
import { gapEvent } from './event-logs-told.ts';
import type { Mark, PollContext } from './poll-context.ts';

export interface ReadableLog {
  readonly url: URL;
  readonly events: URL;
  /** Of its summary, asked for before its events; undefined where it has none. */
  readonly counts: Counts | undefined;
}

export interface LogBounds {
  /** New events that are taken. */
  readonly maxFresh: number;
  /** Events that are remembered. */
  readonly maxMarks: number;
}

const SEARCH_EVERY_MS = 3_600_000;
const MAX_SEARCHED = 10_000;
const BATCH_DOCUMENTS = 500;
const BATCH_CHARACTERS = 1_048_576;

interface Reading {
  readonly listing: Listing;
  /** Where the log was asked from; undefined: all of it. */
  readonly sinceMs: number | undefined;
  readonly state: LogState;
}

/** Answers how many events were delivered. Throws `CimiFailure` where the log cannot be read. */
export async function readLog(context: PollContext, log: ReadableLog, bounds: LogBounds): Promise<number> {
  let state = await tellGap(context, log, readLogState(context.remembered, log.url));
  let delivered = 0;
  let before = log.counts;
  for (const isSecond of [false, true]) {
    const maxFresh = bounds.maxFresh - delivered;
    const reading =
      isSecond && isToBeSearched(context, state, before)
        ? await readOnce(context, log, { ...state, floorMs: 0, searchedMs: context.polledMs }, maxFresh, true)
        : await readOnce(context, log, state, maxFresh);
    delivered += reading.listing.fresh.length;
    const after = before === undefined ? undefined : await countsOf(context, log);
    const judged = judge(reading, before, after, context.polledMs);
    const isDoubtful = judged.gap !== undefined && !judged.gap.isTold;
    // Not told before it is looked for again.
    state = isDoubtful && !isSecond ? reading.state : judged;
    const windowMs = isFiltered(context, state) ? windowOf(state) : undefined;
    const { marks, floorMs } = forget(context.remembered, log.url, {
      listing: reading.listing,
      windowMs,
      maxMarks: bounds.maxMarks,
    });
    state = { ...state, floorMs: Math.max(floorMs, state.floorMs ?? 0) };
    await context.deliver([], [...marks, logMark(log.url, state)]);
    if (!isDoubtful) break;
    before = after;
  }
  await tellGap(context, log, state);
  return delivered;
}

/** What was found and not told before the process ended is told first, as it was found. */
async function tellGap(context: PollContext, { url }: ReadableLog, state: LogState): Promise<LogState> {
  const { gap } = state;
  if (gap === undefined || gap.isTold) return state;
  await context.tell(gapEvent(context.source, url, gap));
  const told = { ...state, gap: { ...gap, isTold: true } };
  await context.deliver([], [logMark(url, told)]);
  return told;
}

async function readOnce(
  context: PollContext,
  log: ReadableLog,
  before: LogState,
  maxFresh: number,
  isSearch = false,
): Promise<Reading> {
  const { capabilities } = context.discovery;
  let state = before;
  let sinceMs = isFiltered(context, state) && !isSearch ? windowOf(state) : undefined;
  const list = (): Promise<Listing> =>
    listEvents(context, {
      events: log.events,
      prefix: eventPrefix(log.url),
      sinceMs,
      floorMs: state.floorMs,
      maxFresh,
    });
  let listing: Listing;
  try {
    listing = await list();
  } catch (error) {
    if (sinceMs === undefined || !isFilterRefused(error)) throw error;
    sinceMs = undefined;
    state = { ...state, isUnfiltered: true };
    listing = await list();
  }
  // Of a listing that is cut, only what is ordered by time has nothing older behind it.
  const isForward = !listing.isCut || (sinceMs !== undefined && capabilities.has('orderbyparameter'));
  const newestMs = Math.min(listing.newestMs ?? -Infinity, context.polledMs);
  const cursorMs = isForward ? Math.max(newestMs, state.cursorMs ?? -Infinity) : state.cursorMs;
  const accounted =
    sinceMs === undefined && listing.isWhole
      ? surplus(countOf(listing.severities), countOf(listing.fresh.map(({ severity }) => severity)))
      : state.accounted;
  const read = await deliver(context, log, listing.fresh, { ...state, accounted });
  if (listing.failure !== undefined) throw listing.failure;
  return {
    listing,
    sinceMs,
    state: { ...read, cursorMs: cursorMs === -Infinity ? undefined : cursorMs },
  };
}

/** In pieces, each with what it adds to what the summary is expected to count. */
async function deliver(
  context: PollContext,
  { url }: ReadableLog,
  fresh: readonly NewEvent[],
  before: LogState,
): Promise<LogState> {
  let state = before;
  let batch: NewEvent[] = [];
  let characters = 0;
  for (const [index, event] of fresh.entries()) {
    batch.push(event);
    characters += event.document.text.length;
    const isLast = index === fresh.length - 1;
    if (!isLast && batch.length < BATCH_DOCUMENTS && characters < BATCH_CHARACTERS) continue;
    const counts = countOf(batch.map(({ severity }) => severity));
    const { accounted } = state;
    state = { ...state, accounted: accounted === undefined ? undefined : plus(accounted, counts) };
    await context.deliver(
      batch.map(({ document }) => document),
      [
        ...batch.map(({ key, timeMs = context.polledMs, severity }): Mark => ({
          key,
          value: writeEventMark({ timeMs, severity }),
        })),
        logMark(url, state),
      ],
    );
    batch = [];
    characters = 0;
  }
  return state;
}

/** The state with what the summary says: a new gap where it counts more than there is. */
function judge(
  { listing, sinceMs, state }: Reading,
  before: Counts | undefined,
  after: Counts | undefined,
  polledMs: number,
): LogState {
  if (before === undefined || after === undefined || !listing.isWhole) return state;
  if (!isNone(surplus(before, after)) || !isNone(surplus(after, before))) return state;
  const read = sinceMs === undefined ? countOf(listing.severities) : (state.accounted ?? after);
  const missing = surplus(after, read);
  const { gap, ...rest } = state;
  if (isNone(missing)) return { ...rest, accounted: after };
  // A list that is whole goes on lacking what it lacked.
  if (sinceMs === undefined && gap !== undefined && isNone(surplus(missing, gap.missing)))
    return { ...rest, accounted: after, gap: { ...gap, missing } };
  return {
    ...rest,
    accounted: after,
    gap: { missing, counted: after, read, foundMs: polledMs, isTold: false },
  };
}

function isFiltered({ discovery }: PollContext, { isUnfiltered }: LogState): boolean {
  return discovery.capabilities.has('filterparameter') && isUnfiltered !== true;
}

/**
 * What is missing of a filtered log may be told later than the overlap allows for: all of it is looked through, and what
 * is not remembered is delivered, most of it once more.
 */
function isToBeSearched(context: PollContext, state: LogState, counts: Counts | undefined): boolean {
  const events = SEVERITIES.reduce((sum, severity) => sum + (counts?.[severity] ?? 0), 0);
  const lastMs = state.searchedMs ?? -Infinity;
  return isFiltered(context, state) && events <= MAX_SEARCHED && context.polledMs - lastMs >= SEARCH_EVERY_MS;
}

function windowOf({ cursorMs }: LogState): number | undefined {
  return cursorMs === undefined ? undefined : cursorMs - OVERLAP_MS;
}

async function countsOf(
  { client, discovery, signal }: PollContext,
  { url }: ReadableLog,
): Promise<Counts | undefined> {
  try {
    const { value } = await client.get(url.href, discovery, signal);
    return readCounts(fold(value).get('summary'));
  } catch (error) {
    // Deleted meanwhile: what was read of it stays.
    if (error instanceof CimiFailure && error.code === 'CIMI_GONE') return undefined;
    throw error;
  }
}
