/** `GET /cadf/v1/timeline`: events by time. */
import type { EventQuery, EventStore, Scope, TimeSpan } from '@cadf-pipeline/event-store';
import { principalOf, ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { callerGone } from '../caller-gone.ts';
import { queryErrors } from '../errors.ts';
import { readColumnField } from '../field-parameter.ts';
import { readSelection } from '../query-parameters.ts';
import type { SavedQueries } from '../saved-query/saved-queries.ts';
import {
  automaticInterval,
  bucketStarts,
  intervalNames,
  isIntervalName,
  maxBuckets,
  shortestInterval,
} from '../timeline/buckets.ts';
import type { IntervalName } from '../timeline/buckets.ts';
import { openZone } from '../timeline/zone.ts';
import type { Zone } from '../timeline/zone.ts';
import { timelineSchema } from './timeline-schema.ts';
import type { TimelineAnswer, TimelineQuery } from './timeline-schema.ts';

const DEFAULT_TOP = 5;
/** What the store holds of times. */
const LEAST_MS = Date.UTC(1900, 0, 1);
const GREATEST_MS = Date.UTC(2300, 0, 1);

export function timelineRoutes(
  app: FastifyInstance,
  { saved, store }: { readonly saved: SavedQueries; readonly store: EventStore },
): void {
  app.get<{ Querystring: TimelineQuery }>(
    '/cadf/v1/timeline',
    { config: { role: 'query' }, schema: timelineSchema },
    async (request, reply): Promise<TimelineAnswer> => {
      const signal = callerGone(reply);
      const { by, interval: wanted = 'auto', top = DEFAULT_TOP, zone: zoneName = 'UTC' } = request.query;
      const { asked, bound } = saved.fill(principalOf(request), request.query);
      const scope = scopeOf(principalOf(request), asked.tenant);
      const query = readSelection(asked, bound);
      const zone = readZone(zoneName);
      const field = by === undefined ? undefined : { field: readColumnField(by), top };
      if (wanted !== 'auto' && !isIntervalName(wanted)) throw noInterval(wanted);
      const span = await spanOf(store, scope, query, signal);
      if (span === undefined) {
        const interval = wanted === 'auto' ? '1h' : wanted;
        return { interval, zone: zoneName, total: 0, buckets: [], ...(by !== undefined && emptySeries(by)) };
      }
      const toMs = span.lastMs + 1;
      const interval = wanted === 'auto' ? automaticInterval(span.firstMs, toMs) : wanted;
      const { endMs, starts } = startsOf(interval, span.firstMs, toMs, zone);
      const timeline = await store.timeline(
        scope,
        // The end is a bucket of its own, dropped below: an event may have come since the span was asked.
        { ...query, starts: [...starts, endMs], ...(field && { by: field }) },
        signal,
      );
      const within = (counts: readonly number[]): number[] => counts.slice(0, -1);
      const counts = within(timeline.counts);
      return {
        interval,
        zone: zoneName,
        total: sum(counts),
        buckets: counts.map((count, index) => ({ start: zone.write(starts[index] ?? 0), count })),
        end: zone.write(endMs),
        ...(by !== undefined && {
          by,
          series: timeline.series.map(({ value, counts: own }) => ({
            value,
            total: sum(within(own)),
            counts: within(own),
          })),
          other: within(timeline.other ?? []),
          absent: within(timeline.absent ?? []),
        }),
      };
    },
  );
}

function emptySeries(by: string): Pick<TimelineAnswer, 'by' | 'series' | 'other' | 'absent'> {
  return { by, series: [], other: [], absent: [] };
}

/** The time asked for; where an end is open, that of the events found. Undefined: there are none. */
async function spanOf(
  store: EventStore,
  scope: Scope,
  query: EventQuery,
  signal: AbortSignal,
): Promise<TimeSpan | undefined> {
  const fromMs = query.fromMs === undefined ? undefined : Math.max(LEAST_MS, query.fromMs);
  const toMs = query.toMs === undefined ? undefined : Math.min(GREATEST_MS, query.toMs);
  if (fromMs !== undefined && toMs !== undefined)
    return fromMs < toMs ? { firstMs: fromMs, lastMs: toMs - 1 } : undefined;
  const found = await store.timeSpan(scope, query, signal);
  if (found === undefined) return undefined;
  return { firstMs: fromMs ?? found.firstMs, lastMs: toMs === undefined ? found.lastMs : toMs - 1 };
}

function startsOf(
  interval: IntervalName,
  fromMs: number,
  toMs: number,
  zone: Zone,
): { readonly starts: readonly number[]; readonly endMs: number } {
  const found = bucketStarts(interval, fromMs, toMs, zone);
  if (found !== undefined) return found;
  const fitting = shortestInterval(fromMs, toMs, maxBuckets) ?? 'auto';
  throw new ProblemError(queryErrors.QUERY_INTERVAL_INVALID, {
    detail: `${interval} from ${zone.write(fromMs)} to ${zone.write(toMs)} gives more than ${maxBuckets} buckets: take ${fitting} or longer, or less time.`,
    members: { interval: fitting, limit: maxBuckets },
  });
}

function readZone(name: string): Zone {
  const zone = openZone(name);
  if (zone !== undefined) return zone;
  throw new ProblemError(queryErrors.QUERY_INTERVAL_INVALID, {
    detail: `There is no time zone ${JSON.stringify(name)}: use a name such as Europe/Berlin, an offset such as +05:30, or UTC.`,
  });
}

function noInterval(name: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_INTERVAL_INVALID, {
    detail: `There is no interval ${JSON.stringify(name)}: use auto, ${intervalNames.join(', ')}. Months are M, minutes m.`,
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
