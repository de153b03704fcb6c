/** Lists of texts kept as one text: the engine stores and merges those several times faster than arrays. */
import { toBinary } from '../native/binary-string.ts';
import { SEPARATOR } from './references.ts';

/**
 * The tenants of an event: U+001F before, between and after them, '' for none, so that one is in the list where its
 * `tenantNeedle` is in the text. Binary strings.
 */
export function tenantSet(tenants: readonly string[]): string {
  if (tenants.length === 0) return '';
  return SEPARATOR + tenants.map((tenant) => escapeItem(toBinary(tenant)) + SEPARATOR).join('');
}

/** What is in the text of a `tenantSet` when the tenant is in the list. A text, not a binary string. */
export function tenantNeedle(tenant: string): string {
  return SEPARATOR + escapeItem(tenant) + SEPARATOR;
}

/** The tenants again; of a text, not of a binary string. */
export function readTenantSet(set: string): string[] {
  return readTagList(set.slice(1));
}

/** Each tag, and U+001F behind it. Binary strings. */
export function tagList(tags: readonly string[]): string {
  let list = '';
  for (const tag of tags) list += escapeItem(tag) + SEPARATOR;
  return list;
}

export function readTagList(list: string): string[] {
  return list
    .split(SEPARATOR)
    .slice(0, -1)
    .map((tag) => tag.replaceAll('\x1e_', SEPARATOR).replaceAll('\x1e^', '\x1e'));
}

/** Several short texts as one; U+001F in them, which nobody means, becomes a blank. Binary strings. */
export function joinTexts(...texts: readonly string[]): string {
  return texts.map((text) => toBinary(text).replaceAll(SEPARATOR, ' ')).join(SEPARATOR);
}

/** An item as it stands in a list. */
export function escapeItem(text: string): string {
  if (!text.includes(SEPARATOR) && !text.includes('\x1e')) return text;
  return text.replaceAll('\x1e', '\x1e^').replaceAll(SEPARATOR, '\x1e_');
}
