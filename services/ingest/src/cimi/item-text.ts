/** One item of a collection as a document of its own: in the provider's words, within what tells its type. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { foldName, listOf } from '../../sources/cimi/document.ts';
import { elementSpans, valueSpan } from '../body/json-span.ts';
import type { CimiText } from './get-document.ts';

/** What tells of a collection is short; lists beside the items are not written around each of them. */
const MAX_MEMBER = 1024;
const MAX_MEMBERS = 20;

/**
 * Makes the texts of the items that `collectionItems` lists. JSON: what tells of the collection with the item alone
 * under its key; XML: the item's element.
 */
export function createItemText(document: CimiText, listed: readonly unknown[]): (item: unknown) => string {
  const { value, text } = document;
  const members = isMembers(value) ? Object.entries(value) : [];
  const isListed = (member: unknown): boolean =>
    typeof member === 'object' &&
    member !== null &&
    listed.length > 0 &&
    (member === listed[0] || listOf(member, '').includes(listed[0]));
  const key = members.find(([, member]) => isListed(member))?.[0] ?? 'entries';
  const own = members
    .filter(([name, member]) => name !== key && (typeof member !== 'object' || foldName(name) === 'parent'))
    .map(([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`)
    .filter((written) => written.length <= MAX_MEMBER)
    .slice(0, MAX_MEMBERS);
  const places = document.format === 'json' ? placesOf(document, key, listed) : new Map<unknown, string>();
  return (item) => {
    if (document.format === 'xml') {
      const element = item === value ? text : document.textOf(item);
      if (element !== undefined) return element;
    }
    const written = places.get(item) ?? JSON.stringify(item);
    return `{${[...own, `${JSON.stringify(key)}:[${written}]`].join(',')}}`;
  };
}

/** The text of each item as it stands: numbers keep their digits. */
function placesOf({ text, value }: CimiText, key: string, listed: readonly unknown[]): Map<unknown, string> {
  const places = new Map<unknown, string>();
  const list: unknown = isMembers(value) ? value[key] : undefined;
  if (!Array.isArray(list)) return places;
  const span = valueSpan(text, [key]);
  const spans = span === undefined ? [] : elementSpans(text, span.start);
  for (const [index, item] of listed.entries()) {
    const place = list[index] === item ? spans[index] : undefined;
    if (place !== undefined) places.set(item, text.slice(place.start, place.end));
  }
  return places;
}
