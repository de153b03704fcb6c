/** `time=gte:2017-05-01T00:00:00,lt:2017-06-01T00:00:00`: which event times are asked for. */
import { parseTimestamp } from '@cadf-pipeline/cadf-model';
import { unusable } from './form.ts';
import type { Form } from './form.ts';

/** From inclusive, to exclusive, ms since 1970 UTC. */
export interface TimeRange {
  readonly fromMs?: number;
  readonly toMs?: number;
}

const OPERATORS: ReadonlySet<string> = new Set(['lt', 'lte', 'gt', 'gte']);
/** With a zone (`Z`, `+02:00`, `+0200`) or, being UTC, without. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:(\.)\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/;
/** What the column of times holds: 1900 to 2299. */
const LEAST_MS = Date.UTC(1900, 0, 1);
const GREATEST_MS = Date.UTC(2300, 0, 1) - 1;

/**
 * Times are compared in milliseconds. One without a fraction stands for its whole second where that makes the
 * difference: `lte` takes what is in it, `gt` does not. So reads the store of Hermes (Elasticsearch, range queries:
 * missing date components), and clients ask for one second by `gte` and `lte` of the same time.
 * Throws QUERY_HERMES_PARAMETER_INVALID.
 */
export function readTimeRange(form: Form): TimeRange {
  const text = (form.get('time') ?? '').trim();
  if (text === '') return {};
  const seen = new Set<string>();
  let from = -Infinity;
  let to = Infinity;
  for (const element of text.split(',').map((part) => part.trim())) {
    const { operator, value } = readElement(element);
    if (seen.has(operator)) throw unusable(`time operator ${operator} can only occur once`);
    seen.add(operator);
    const { firstMs, lastMs } = readTime(value);
    if (operator === 'gte') from = Math.max(from, firstMs);
    else if (operator === 'gt') from = Math.max(from, lastMs + 1);
    else if (operator === 'lt') to = Math.min(to, firstMs);
    else to = Math.min(to, lastMs + 1);
  }
  return {
    ...(from === -Infinity ? {} : { fromMs: clamp(from) }),
    ...(to === Infinity ? {} : { toMs: clamp(to) }),
  };
}

function readElement(element: string): { readonly operator: string; readonly value: string } {
  if (element === '') throw unusable('Invalid time parameter: an element is empty');
  const colon = element.indexOf(':');
  const operator = colon < 0 ? element : element.slice(0, colon);
  if (operator === '') throw unusable('Invalid time parameter: operator cannot be empty');
  if (!OPERATORS.has(operator))
    throw unusable(`time operator ${operator.slice(0, 40)} is not valid. Must be lt, lte, gt or gte`);
  const value = colon < 0 ? '' : element.slice(colon + 1).trim();
  if (value === '') throw unusable(`time operator ${operator} missing :<timestamp>`);
  return { operator, value };
}

/** The milliseconds that a time stands for. */
function readTime(value: string): { readonly firstMs: number; readonly lastMs: number } {
  // A plus sign that was not percent-encoded arrives as a blank.
  const text = value.replace(/ (?=\d{2}:?\d{2}$)/, '+');
  const match = TIMESTAMP.exec(text);
  const [, fraction, zone] = match ?? [];
  const time = match === null ? undefined : parseTimestamp(zone === undefined ? `${text}Z` : text);
  if (time === undefined) throw unusable(`invalid time format: ${value.slice(0, 60)}`);
  return { firstMs: time.epochMs, lastMs: time.epochMs + (fraction === undefined ? 999 : 0) };
}

function clamp(ms: number): number {
  return Math.min(GREATEST_MS, Math.max(LEAST_MS, ms));
}
