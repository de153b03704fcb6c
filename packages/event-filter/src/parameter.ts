/** What a parameter of a filter template may be, and reading a value for one. */
import { parseRange } from './cidr.ts';
import { maxListItems } from './filter.ts';
import type { FilterValue } from './filter.ts';
import { literalMs, parseBare } from './literal.ts';

/**
 * - `text`: compared, a beginning (`^=`) or words (`~`);
 * - `number`, `boolean`, `time` (xs:date or xs:dateTime, without zone UTC): compared;
 * - `cidr`: an address or a range of addresses, in `in cidr(…)`;
 * - `taxonomy`: a path of a taxonomy, for `within`.
 */
export const parameterTypes = ['text', 'number', 'boolean', 'time', 'cidr', 'taxonomy'] as const;
export type ParameterType = (typeof parameterTypes)[number];

export interface ParameterDeclaration {
  readonly type: ParameterType;
  /** Several values: it stands behind `in` or `in cidr` instead of the list. Default false. */
  readonly list?: boolean | undefined;
}

/** Values of their type; exactly one where it is no list. */
export interface FilterParameter extends ParameterDeclaration {
  readonly values: readonly FilterValue[];
}

/** Characters of a text. */
export const maxParameterLength = 1024;

const TAXONOMY_PATH = /^[^\s/]{1,200}(?:\/{1,2}[^\s/]{1,200}){0,31}\/?$/;

/**
 * Reads what was given for a parameter: a value or, for a list, a value or an array of them. Text is read as what the
 * type wants, so a query string will do. Answers a sentence that says what is wrong otherwise.
 */
export function readParameter(declaration: ParameterDeclaration, given: unknown): FilterParameter | string {
  const { list = false, type } = declaration;
  const items: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (!list && Array.isArray(given)) return 'is one value, and several were given';
  if (items.length === 0) return 'is a list without items';
  if (items.length > maxListItems) return `is a list of more than ${maxListItems} items`;
  const values: FilterValue[] = [];
  for (const item of items) {
    const value = readValue(type, item);
    if (typeof value === 'string') return value;
    values.push(value);
  }
  return { type, list, values };
}

function readValue(type: ParameterType, item: unknown): FilterValue | string {
  switch (type) {
    case 'number':
      return readNumber(item);
    case 'boolean': {
      const boolean = item === true || item === 'true';
      return boolean || item === false || item === 'false'
        ? { kind: 'boolean', boolean }
        : 'is to be true or false';
    }
    case 'time': {
      const ms = typeof item === 'string' && item.length <= 64 ? literalMs(item) : undefined;
      return ms === undefined || typeof item !== 'string'
        ? 'is to be a date (2026-11-01) or a time (2026-11-01T10:00:00Z)'
        : { kind: 'time', text: item, ms };
    }
    default:
      return readText(type, item);
  }
}

function readNumber(item: unknown): FilterValue | string {
  const text = typeof item === 'number' ? String(item) : item;
  const value = typeof text === 'string' && text.length <= 400 ? parseBare(text) : undefined;
  if (typeof value === 'object' && value.kind === 'number') return value;
  return 'is to be a number, whole ones below 2^53';
}

function readText(type: 'text' | 'cidr' | 'taxonomy', item: unknown): FilterValue | string {
  if (typeof item !== 'string') return 'is to be a text';
  if (item.length > maxParameterLength) return `is longer than ${maxParameterLength} characters`;
  if (!item.isWellFormed()) return 'holds half a surrogate pair: it is no Unicode text';
  if (type === 'cidr' && parseRange(item) === undefined)
    return "is to be an address or a range such as '10.0.0.0/8' or '2001:db8::/32'";
  if (type === 'taxonomy' && !TAXONOMY_PATH.test(item))
    return 'is to be a path of a taxonomy such as authenticate or data/security/account';
  return { kind: 'string', text: item };
}
