/**
 * Where a row's columns are not the event's whole truth, and the words that none of them has as they are: of texts with
 * escapes, of numbers written unusually, and where a reference stands beside a character of a word. Filters rely on both
 * (deploy/clickhouse/000004_odd_events.sql).
 */
import { isNumberHole } from '@cadf-pipeline/event-shape';
import { fromBinary, toBinary } from '../native/binary-string.ts';
import { SEPARATOR } from './references.ts';
import type { ShapePlan } from './shape-plan.ts';

export interface Oddities {
  /** The bits of the column `odd`. */
  readonly odd: number;
  /** Binary string. */
  readonly moreWords: string;
}

const ODD_COLUMNS = 1;
const ODD_WORDS = 2;
// eslint-disable-next-line no-control-regex -- references are marked by one
const GLUED = /[0-9A-Za-z\x80-\xff]\x1e|\x1e[^][0-9A-Za-z\x80-\xff]/;
const WORD = /[0-9A-Za-z\x80-\xff]+/g;

/** Of a row by its shape. `rest` and `path` as they are stored, `requestPath` as it is in the event; binary strings. */
export function odditiesOf(
  oddColumns: boolean,
  plan: ShapePlan,
  values: readonly string[],
  rest: string,
  path: string,
  requestPath: string,
): Oddities {
  const odd = oddColumns ? ODD_COLUMNS : 0;
  if (
    !rest.includes('\\') &&
    !GLUED.test(rest) &&
    !GLUED.test(path) &&
    !plan.numberHoles.some((hole) => isUnusual(values[hole] ?? ''))
  )
    return { odd, moreWords: '' };
  const leaves = values.map((raw, hole) => leafOf(plan, raw, hole));
  return { odd: odd | ODD_WORDS, moreWords: missingWords([...leaves, requestPath], rest + SEPARATOR + path) };
}

/** Of a row that keeps the whole text, in which names of members look like words. */
export function odditiesOfText(oddColumns: boolean, text: string, event: unknown): Oddities {
  const odd = (oddColumns ? ODD_COLUMNS : 0) | ODD_WORDS;
  const leaves: string[] = [];
  collectLeaves(event, leaves);
  return { odd, moreWords: missingWords(leaves, text) };
}

function isUnusual(raw: string): boolean {
  return String(Number(raw)) !== raw;
}

function leafOf(plan: ShapePlan, raw: string, hole: number): string {
  if (isNumberHole(plan.shape, hole)) return String(Number(raw));
  if (!raw.includes('\\')) return raw;
  return toBinary(String(JSON.parse(`"${fromBinary(raw)}"`)));
}

function collectLeaves(value: unknown, into: string[]): void {
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) collectLeaves(member, into);
  else if (value !== null && value !== undefined) into.push(toBinary(String(value)));
}

function missingWords(leaves: readonly string[], visible: string): string {
  const seen = new Set(visible.match(WORD));
  const missing: string[] = [];
  for (const leaf of leaves) {
    for (const word of leaf.match(WORD) ?? []) {
      if (seen.has(word)) continue;
      seen.add(word);
      missing.push(word);
    }
  }
  return missing.join(SEPARATOR);
}
