/** Which part of the list is asked for: `offset` and `limit`. */
import { readUint, unusable } from './form.ts';
import type { Form } from './form.ts';

export interface PageWindow {
  readonly offset: number;
  readonly limit: number;
}

export const DEFAULT_LIMIT = 10;
/** How far a list reaches, as `max_result_window` of Hermes has it by default. Further on by `time`. */
export const MAX_WINDOW = 20_000;

/** Throws QUERY_HERMES_PARAMETER_INVALID. */
export function readWindow(form: Form): PageWindow {
  const offset = readUint(form, 'offset') ?? 0;
  // 0 asks for the default, too.
  const limit = (readUint(form, 'limit') ?? DEFAULT_LIMIT) || DEFAULT_LIMIT;
  if (offset + limit > MAX_WINDOW)
    throw unusable(`offset ${offset} plus limit ${limit} exceeds the maximum of ${MAX_WINDOW}`);
  return { offset, limit };
}
