/** What of the store an export holds. */
import { parseFilter, sqlCondition } from '@cadf-pipeline/event-filter';
import type { CountQuery, EventStore, Scope } from '@cadf-pipeline/event-store';
import type { ExportJob } from '@cadf-pipeline/control-state';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { exportErrors } from '../errors.ts';

/** The snapshot is a part of it. */
export type ExportQuestion = CountQuery & Required<Pick<CountQuery, 'asOf'>>;

/** Files of one part hold its events alone. */
export interface ExportPart {
  readonly question: ExportQuestion;
  readonly count: number;
  /** Where files are laid out by source and day: which; the day as YYYYMMDD. */
  readonly of?: { readonly source: string; readonly day: string };
}

const DAY_MS = 86_400_000;
/** As many files may be in a manifest. */
const MAX_PARTS = 10_000;

/** Throws EXPORT_FILTER_INVALID: the filter is of a version that reads more. */
export function questionOf(job: ExportJob): ExportQuestion {
  const { asOf, filter, fromMs, since, source, toMs, versions } = job;
  const parsed = filter === undefined ? undefined : parseFilter(filter);
  if (parsed?.ok === false)
    throw new ProblemError(exportErrors.EXPORT_FILTER_INVALID, {
      detail: `Column ${parsed.fault.column}: ${parsed.fault.message}.`,
    });
  return {
    asOf: toPositions(asOf),
    ...(since === undefined ? {} : { since: toPositions(since) }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(source === undefined ? {} : { source }),
    ...(versions === undefined ? {} : { versions }),
    ...(parsed === undefined ? {} : { where: sqlCondition(parsed.filter) }),
  };
}

/** The same each time while nothing is deleted from the store. */
export async function planParts(
  store: Pick<EventStore, 'count' | 'sourceDays'>,
  scope: Scope,
  job: ExportJob,
  signal: AbortSignal,
): Promise<readonly ExportPart[]> {
  const question = questionOf(job);
  const { destination } = job;
  if (destination.type !== 's3' || destination.layout !== 'event-day')
    return [{ question, count: await store.count(scope, question, signal) }];
  const days = await store.sourceDays(scope, question, MAX_PARTS, signal);
  return days.map(({ count, fromMs, source }) => ({
    question: {
      ...question,
      source,
      fromMs: Math.max(fromMs, question.fromMs ?? -Infinity),
      toMs: Math.min(fromMs + DAY_MS, question.toMs ?? Infinity),
    },
    count,
    of: { source, day: new Date(fromMs).toISOString().slice(0, 10).replaceAll('-', '') },
  }));
}

export function toPositions(positions: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(Object.entries(positions).map(([partition, next]) => [Number(partition), next]));
}

export function fromPositions(positions: ReadonlyMap<number, number>): Record<string, number> {
  return Object.fromEntries([...positions].map(([partition, next]) => [String(partition), next]));
}
