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

const MAX_LENGTH = 8192;
const MAX_UINT32 = 2 ** 32 - 1;

/** Throws QUERY_HERMES_PARAMETER_INVALID. */
export function readForm(query: unknown): Form {
  if (typeof query !== 'object' || query === null) return new Map();
  const form = new Map<string, string>();
  for (const [name, given] of Object.entries(query)) {
    const first: unknown = Array.isArray(given) ? given[0] : given;
    const value = String(first ?? '');
    if (value.length > MAX_LENGTH)
      throw unusable(`${name.slice(0, 40)} is longer than ${MAX_LENGTH} characters`);
    if (value !== '') form.set(name, value);
  }
  return form;
}

/** A parameter by its name of today or its older one. Throws QUERY_HERMES_PARAMETER_INVALID when it has both. */
export function filterOf(form: Form, name: string): string | undefined {
  const alias = ALIASES.get(name);
  const value = form.get(name);
  const older = alias === undefined ? undefined : form.get(alias);
  if (value !== undefined && older !== undefined)
    throw unusable(`${name} and ${alias} are the same filter: give one of them`);
  return value ?? older;
}

/** Undefined where it is not there, or is no number of 32 bits. */
export function uintOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const number = Number(text);
  return number > MAX_UINT32 ? undefined : number;
}

export function unusable(detail: string): ProblemError {
  return new ProblemError(queryErrors.QUERY_HERMES_PARAMETER_INVALID, { detail });
}
