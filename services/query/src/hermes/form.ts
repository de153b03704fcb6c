/**
 * Query parameters as Hermes reads them (sapcc/hermes pkg/api/events.go): of a repeated one the first counts, an empty
 * one is as if it were not there, unknown ones are passed over.
 */
import { ProblemError } from '@cadf-pipeline/service-kit';
import { queryErrors } from '../errors.ts';

/** Parameters by name; none is ''. */
export type Form = ReadonlyMap<string, string>;

/** Older names, by the names of today. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['observer_type', 'source'],
  ['target_type', 'resource_type'],
  ['target_id', 'resource_name'],
  ['initiator_id', 'user_name'],
  ['action', 'event_type'],
]);

/** Characters of one value: all of a request have to fit into its head, 16 KiB. */
const MAX_LENGTH = 512;
const LONGER: ReadonlyMap<string, number> = new Map([
  ['request_path', 2048],
  ['search', 1024],
]);
const MAX_UINT32 = 2 ** 32 - 1;

/** Throws QUERY_HERMES_PARAMETER_INVALID. */
export function readForm(query: unknown): Form {
  if (typeof query !== 'object' || query === null) return new Map();
  const form = new Map<string, string>();
  for (const [name, given] of Object.entries(query)) {
    const first: unknown = Array.isArray(given) ? given[0] : given;
    const value = String(first ?? '');
    if (value.length > maxLengthOf(name))
      throw unusable(`${name.slice(0, 40)} is longer than ${maxLengthOf(name)} characters`);
    if (value !== '') form.set(name, value);
  }
  return form;
}

export function maxLengthOf(name: string): number {
  return LONGER.get(name) ?? MAX_LENGTH;
}

/** A filter's values: under its name of today, and under its older one. */
export function filterValues(form: Form, name: string): readonly string[] {
  const names = [name, ALIASES.get(name) ?? ''];
  return names.flatMap((known) => form.get(known) ?? []);
}

/** A number of 32 bits; undefined where there is none. Throws QUERY_HERMES_PARAMETER_INVALID. */
export function readUint(form: Form, name: string): number | undefined {
  const text = form.get(name);
  if (text === undefined) return undefined;
  const number = /^\d{1,20}$/.test(text) ? Number(text) : Infinity;
  if (number > MAX_UINT32) throw unusable(`Invalid ${name} value`);
  return number;
}

export function unusable(detail: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_HERMES_PARAMETER_INVALID, { detail });
}
