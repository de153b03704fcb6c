/**
 * Query strings, read strictly: an unknown, repeated or unusable parameter is an error that names it. An audit
 * query that silently ignored a misspelt bound would answer another question than the one asked.
 */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import type { EventQuery } from '@cadf-pipeline/event-store';
import { ProblemError } from '@cadf-pipeline/service-kit';
import { queryErrors } from './errors.ts';

export type Parameters<Name extends string> = { readonly [K in Name]?: string };

/** The parameters of a request as text. Throws QUERY_PARAMETER_UNKNOWN and QUERY_PARAMETER_INVALID. */
export function readParameters<const Name extends string>(
  query: unknown,
  names: readonly Name[],
): Parameters<Name> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(query ?? {})) {
    if (!names.some((known) => known === name))
      throw new ProblemError(queryErrors.QUERY_PARAMETER_UNKNOWN, {
        detail: `"${name.slice(0, 60)}" is not a parameter here. Known: ${names.join(', ')}.`,
      });
    if (typeof value !== 'string') throw invalid(name, 'is given more than once', 'give it once');
    found[name] = value;
  }
  // Only names of the list were let through.
  return found as Parameters<Name>;
}

function invalid(name: string, what: string, mend: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_PARAMETER_INVALID, { detail: `"${name}" ${what}: ${mend}.` });
}

/** `value` if it is one of `allowed`, `fallback` if it is absent. */
export function readChoice<const T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
  fallback: T,
): T {
  if (value === undefined) return fallback;
  const choice = allowed.find((candidate) => candidate === value);
  if (choice === undefined) throw invalid(name, `is "${value.slice(0, 60)}"`, `use ${allowed.join(' or ')}`);
  return choice;
}

/** A whole number within bounds, both inclusive. */
export function readInteger(
  name: string,
  value: string | undefined,
  bounds: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  if (value === undefined) return bounds.fallback;
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= bounds.min && number <= bounds.max))
    throw invalid(
      name,
      `is "${value.slice(0, 60)}"`,
      `use a whole number from ${bounds.min} to ${bounds.max}`,
    );
  return number;
}

/** A point in time, ms since 1970 UTC. All timestamp forms of the model are read; a zone is needed. */
export function readTime(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  // A plus sign that was not percent-encoded arrives as a blank: before an offset it can only have been a plus.
  const text = value.replace(/ (?=\d{2}:?\d{2}$)/, '+');
  const time = parseTimestamp(text);
  if (time === undefined || time.zone === 'assumed-utc')
    throw invalid(
      name,
      `is "${value.slice(0, 60)}"`,
      'use a time with its zone, such as 2026-11-01T00:00:00Z or 2026-11-01T02:00:00%2B02:00',
    );
  return time.epochMs;
}

/** The parameters every reading route shares. */
export const SELECTION_PARAMETERS = ['from', 'to', 'tenant', 'versions'] as const;

/** `from` (inclusive) and `to` (exclusive) of eventTime, `tenant`, `versions`. */
export function readSelection(parameters: Parameters<(typeof SELECTION_PARAMETERS)[number]>): EventQuery {
  const fromMs = readTime('from', parameters.from);
  const toMs = readTime('to', parameters.to);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw invalid('from', 'is after "to"', 'exchange them');
  return {
    versions: readChoice('versions', parameters.versions, ['merged', 'all'], 'merged'),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(parameters.tenant === undefined ? {} : { tenant: parameters.tenant }),
  };
}
