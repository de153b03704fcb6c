/**
 * The event logs of a provider: those of its collection, `events` of its entry point as some servers have it, and those
 * that only a resource names. Of each log its new events are delivered, and what is missing is told.
 */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { listingCut } from '../cimi/listing-cut.ts';
import { resolveHref } from '../cimi/resolve-href.ts';
import { fold, referenceOf, textOf } from '../../sources/cimi/document.ts';
import { readCounts } from './event-logs-counts.ts';
import { eventPrefix, LOG_PREFIX, logKey, logMark, readLogState } from './event-logs-marks.ts';
import { readLog } from './event-logs-read.ts';
import { persistenceEvent } from './event-logs-told.ts';
import { numberIn, readMarkValue } from './mark-value.ts';
import { referencedByResources } from './meters-and-logs-of-resources.ts';
import { createVisits } from './meters-and-logs-visits.ts';
import type { PollContext } from './poll-context.ts';

const MAX_LOGS = 1000;
/** Of one poll. */
const MAX_EVENTS = 100_000;
/** Of all logs, each having its part. */
const MAX_MARKS = 40_000;
const LAST_POLL = 'log-poll\nlast';
const HOUR_MS = 3_600_000;
const PERSISTENCE_MS: ReadonlyMap<string, number> = new Map([
  ['hourly', HOUR_MS],
  ['daily', 24 * HOUR_MS],
  ['weekly', 7 * 24 * HOUR_MS],
  ['monthly', 28 * 24 * HOUR_MS],
  ['yearly', 365 * 24 * HOUR_MS],
]);

/** Throws `CimiFailure` where the logs cannot be listed, or one log after the other cannot be read. */
export async function collectEventLogs(context: PollContext): Promise<void> {
  const { client, discovery, polledMs, remembered, signal } = context;
  const known = [...remembered.entries(LOG_PREFIX)].map(([key]) => new URL(key.slice(LOG_PREFIX.length)));
  const visits = createVisits(context, 'logs', known, MAX_LOGS);
  const maxMarks = Math.floor(MAX_MARKS / Math.max(1, known.length));
  const lastMs = numberIn(readMarkValue(remembered.get(LAST_POLL)), 'at');
  let left = MAX_EVENTS;

  /** `listed`: the log as it was listed; undefined where it has to be asked for. */
  async function readOne(url: URL, listed?: unknown): Promise<void> {
    const isWhole = fold(listed).has('events') && fold(listed).has('summary');
    const value = isWhole ? listed : await logAt(url);
    if (value === undefined) return forgetLog(context, url);
    const members = fold(value);
    const href = referenceOf(members.get('events'));
    if (href === undefined)
      throw new CimiFailure('CIMI_DOCUMENT', `${url.pathname} does not say where its events are.`);
    const events = resolveHref(href, discovery.base, discovery.base.origin);
    // Events of the log first: what it says of them may be wrong.
    await readUpTo({ url, events, counts: readCounts(members.get('summary')) });
    await tellPersistence(url, textOf(members.get('persistence')));
  }

  /** Undefined where it is gone. */
  async function logAt(url: URL): Promise<unknown> {
    try {
      return (await client.get(url.href, discovery, signal)).value;
    } catch (error) {
      if (error instanceof CimiFailure && error.code === 'CIMI_GONE') return undefined;
      throw error;
    }
  }

  async function readUpTo(log: Parameters<typeof readLog>[1]): Promise<void> {
    if (left <= 0) return context.trouble(listingCut(log.events, 'endless'));
    left -= await readLog(context, log, { maxFresh: left, maxMarks });
  }

  /** Once for a log, when events may have gone between two polls. */
  async function tellPersistence(url: URL, persistence = ''): Promise<void> {
    const persistenceMs = PERSISTENCE_MS.get(persistence.toLowerCase());
    const state = readLogState(remembered, url);
    if (persistenceMs === undefined || lastMs === undefined || state.persistence === persistence) return;
    const intervalMs = polledMs - lastMs;
    if (intervalMs <= persistenceMs) return;
    const short = { persistence, persistenceMs, intervalMs, foundMs: lastMs + persistenceMs };
    await context.tell(persistenceEvent(context.source, url, short));
    await context.deliver([], [logMark(url, { ...state, persistence })]);
  }

  const logs = discovery.collections.get('eventlogs');
  if (logs !== undefined) {
    for await (const page of client.pages(logs, { plural: 'eventLogs', required: [] }, discovery, signal)) {
      page.refused.forEach((refusal) => context.trouble(refusal));
      for (const { url, value } of page.items)
        if (url !== undefined) await visits.visitListed(url, () => readOne(url, value));
      const cut = page.cut ?? (visits.isFull() ? 'endless' : undefined);
      if (cut === undefined) continue;
      context.trouble(listingCut(logs, cut));
      break;
    }
  }
  const events = discovery.collections.get('events');
  if (events !== undefined)
    await visits.visit(events, () => readUpTo({ url: events, events, counts: undefined }));
  const named = await referencedByResources(context, 'eventLog');
  for (const url of [...known, ...named]) await visits.visit(url, () => readOne(url));
  await visits.end();
  await context.deliver([], [{ key: LAST_POLL, value: JSON.stringify({ at: polledMs }) }]);
}

async function forgetLog(context: PollContext, url: URL): Promise<void> {
  const keys = [...context.remembered.entries(eventPrefix(url))].map(([key]) => key);
  await context.deliver(
    [],
    [logKey(url), ...keys].map((key) => ({ key, value: null })),
  );
}
