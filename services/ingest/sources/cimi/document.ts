/** A CIMI document, JSON or XML, as one form: what the mapping reads, whatever dialect it is in. */
import { checkJsonDepth, isMembers } from '@cadf-pipeline/cadf-model';
import { hasMoreValues } from './json-size.ts';
import { readXml } from './xml-document.ts';

/** Members by their names in lower case without `-` and `_`; the first of two that differ by these only. */
export type Folded = ReadonlyMap<string, unknown>;

export interface CimiDocument {
  /** The root: an object. */
  readonly value: unknown;
  /** Local name of the root element; undefined for JSON. */
  readonly rootName: string | undefined;
  readonly format: 'json' | 'xml';
  /** The text of an element of XML that a value was read from. */
  textOf(value: unknown): string | undefined;
}

export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const MAX_DEPTH = 64;
/** Ten times what is in a page of 8 MiB as servers write them: each becomes an object in memory. */
const MAX_VALUES = 500_000;

/** Never throws for what the text contains. */
export function readDocument(text: string): CimiDocument | Refusal {
  const start = text.trimStart();
  if (start.startsWith('<')) return readXml(start.trimEnd());
  if (!checkJsonDepth(start, MAX_DEPTH))
    return {
      code: 'CIMI_TOO_DEEP',
      detail: `The JSON is nested deeper than ${MAX_DEPTH}. Send one resource per record.`,
    };
  if (hasMoreValues(start, MAX_VALUES))
    return {
      code: 'CIMI_TOO_DEEP',
      detail: `The JSON has over ${MAX_VALUES} values. Send one page of a collection at a time.`,
    };
  try {
    return { value: JSON.parse(start), rootName: undefined, format: 'json', textOf: () => undefined };
  } catch (error) {
    return {
      code: 'CIMI_JSON_BROKEN',
      detail: `The JSON cannot be read: ${String(error).slice(0, 300)}. Send the document again, whole.`,
    };
  }
}

export function foldName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Of what is no object: no members. */
export function fold(value: unknown): Folded {
  const folded = new Map<string, unknown>();
  if (!isMembers(value)) return folded;
  for (const [name, member] of Object.entries(value)) {
    const key = foldName(name);
    if (!folded.has(key)) folded.set(key, member);
  }
  return folded;
}

/** Text, trimmed, of a text, number or truth value; undefined of an empty one, and of anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** Where a reference points: `"x"`, `{"href":"x"}`, `{"href":{…}}`, an object with an `id`, or a list of one of these. */
export function referenceOf(value: unknown, depth = 0): string | undefined {
  const text = textOf(value);
  if (text !== undefined || depth > 4) return text;
  if (Array.isArray(value)) return value.length === 1 ? referenceOf(value[0], depth + 1) : undefined;
  const folded = fold(value);
  return referenceOf(folded.get('href') ?? folded.get('id'), depth + 1);
}

/**
 * The elements of a list, however it is wrapped: `[…]`, one object alone, or `{"affectedResource":[…]}` as XML of CIMI 2
 * has it, where `singular` (folded) is the name inside.
 */
export function listOf(value: unknown, singular: string): readonly unknown[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value as readonly unknown[];
  const inner = fold(value).get(singular);
  return inner === undefined ? [value] : listOf(inner, singular);
}
