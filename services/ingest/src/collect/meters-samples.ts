/**
 * The samples of one meter, read once. Remembered: `meter\n<url>`, the times of the newest samples that were delivered.
 * Samples that a listing has at one time are delivered together; one that comes later than the others of its
 * millisecond is taken for one of them.
 */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { listingCut } from '../cimi/listing-cut.ts';
import type { CimiItem } from '../cimi/pages.ts';
import { createLocalClock } from '../normalize/local-clock.ts';
import { fold, listOf, textOf } from '../../sources/cimi/document.ts';
import type { Folded } from '../../sources/cimi/document.ts';
import { readTime } from '../../sources/cimi/times.ts';
import { readMarkValue } from './mark-value.ts';
import { sampleDocument } from './meters-document.ts';
import type { CollectedSample } from './meters-document.ts';
import type { CollectedDocument, Mark, PollContext } from './poll-context.ts';

export interface Meter {
  readonly url: URL;
  readonly members: Folded;
  readonly samples: URL;
}

export const METER_PREFIX = 'meter\n';

/** Samples are told late, and clocks differ. */
const OVERLAP_MS = 600_000;
const MAX_TIMES = 128;
const BATCH = 500;
/** However seldom a meter says that it samples. */
const MAX_INTERVAL_MS = 3_600_000;
const NO_CLOCK = createLocalClock();

/** Newest first. */
type Times = readonly number[];

/** Answers how many were delivered. Throws `CimiFailure` where a page cannot be read. */
export async function readSamples(context: PollContext, meter: Meter, maxSamples: number): Promise<number> {
  const { client, discovery, polledMs, remembered, signal } = context;
  const times = readTimes(remembered.get(METER_PREFIX + meter.url.href));
  if (isNoneDue(meter.members, times, polledMs)) return 0;
  const floorMs = floorOf(times);
  const known = new Set(times);
  const fresh = new Map<number, CollectedDocument[]>();
  let count = 0;
  let hasUnusable = false;
  const query = {
    plural: 'samples',
    required: ['timestamp'],
    ...(floorMs === undefined ? {} : { since: { attribute: 'timestamp', time: new Date(floorMs) } }),
  };
  let isAscending = true;
  let lastMs = -Infinity;
  try {
    for await (const page of client.pages(meter.samples, query, discovery, signal)) {
      for (const refusal of page.refused) if (refusal.code !== 'CIMI_GONE') context.trouble(refusal);
      for (const sample of page.items.flatMap(samplesIn)) {
        const timeMs = readTime(fold(sample.value).get('timestamp'), NO_CLOCK)?.epochMs;
        isAscending &&= timeMs === undefined || timeMs >= lastMs;
        lastMs = timeMs ?? lastMs;
        // What is ahead of its time is taken when that has come.
        if (timeMs === undefined || timeMs > polledMs + OVERLAP_MS) hasUnusable = true;
        else if (timeMs >= (floorMs ?? timeMs) && !known.has(timeMs)) {
          const document = sampleDocument(meter.url, meter.members, sample);
          const others = fresh.get(timeMs);
          if (others === undefined) fresh.set(timeMs, [document]);
          else others.push(document);
          count++;
        }
      }
      const cut = page.cut ?? (count >= maxSamples ? 'endless' : undefined);
      if (cut === undefined) continue;
      context.trouble(listingCut(meter.samples, cut));
      break;
    }
  } catch (error) {
    // What comes behind it is newer only when it is in order: else it is read again, whole.
    if (isAscending && fresh.size > 0) await deliver(context, meter.url, fresh, times);
    throw error;
  }
  if (hasUnusable)
    context.trouble(
      new CimiFailure(
        'CIMI_DOCUMENT',
        `${meter.samples.pathname} has samples without a time, or with one that is yet to come. They are left; look at the clock of the provider.`,
      ),
    );
  await deliver(context, meter.url, fresh, times);
  return count;
}

/** `times`: null forgets the meter. */
export function meterMark(url: URL, times: Times | null): Mark {
  return { key: METER_PREFIX + url.href, value: times === null ? null : JSON.stringify({ times }) };
}

/** The oldest first, so that what a later poll finds to be new is what was not delivered. */
async function deliver(
  context: PollContext,
  url: URL,
  fresh: ReadonlyMap<number, readonly CollectedDocument[]>,
  before: Times,
): Promise<void> {
  let times = before;
  const ordered = [...fresh].toSorted(([a], [b]) => a - b);
  for (let start = 0; start < ordered.length; start += BATCH) {
    const batch = ordered.slice(start, start + BATCH);
    times = [...times, ...batch.map(([timeMs]) => timeMs)].toSorted((a, b) => b - a).slice(0, MAX_TIMES);
    await context.deliver(
      batch.flatMap(([, documents]) => documents),
      [meterMark(url, times)],
    );
  }
  // A meter that only a resource names is looked at again, though it has no samples yet.
  if (ordered.length === 0) await context.deliver([], [meterMark(url, times)]);
}

/** Unknown samples before it were delivered. */
function floorOf(times: Times): number | undefined {
  const [newestMs] = times;
  if (newestMs === undefined) return undefined;
  const oldestMs = times.length < MAX_TIMES ? undefined : times.at(-1);
  return Math.max(newestMs - OVERLAP_MS, oldestMs ?? -Infinity);
}

function isNoneDue(members: Folded, [newestMs]: Times, polledMs: number): boolean {
  const seconds = Number(textOf(members.get('sampleinterval')) ?? 'none');
  if (newestMs === undefined || !(seconds > 0)) return false;
  const sinceMs = polledMs - newestMs;
  return sinceMs >= 0 && sinceMs < Math.min(seconds * 1000, MAX_INTERVAL_MS);
}

/** 1.0 wrote a sample as `<Sample><sample timestamp="…" value="…"/></Sample>`. */
function samplesIn({ value, text }: CimiItem): readonly CollectedSample[] {
  const members = fold(value);
  const nested = members.has('timestamp') ? [] : listOf(members.get('sample'), 'sample');
  if (nested.length > 0) return nested.map((one) => ({ value: one, json: undefined }));
  return [{ value, json: text.startsWith('{') ? text : undefined }];
}

function readTimes(value: string | undefined): Times {
  const { times } = readMarkValue(value);
  return Array.isArray(times) ? times.filter((time): time is number => Number.isFinite(time)) : [];
}
