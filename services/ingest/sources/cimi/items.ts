/** The items of a collection, however the server lists them (DSP0263 and what servers make of it). */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { fold, listOf } from './document.ts';
import type { Folded } from './document.ts';

/** Members of a collection that are about it. */
const OF_A_COLLECTION = new Set(['operations', 'operation', 'acl', 'properties', 'cimi', 'aggregations']);

/**
 * Objects, and references written as texts: those under the plural of the item type, the type, or what servers write
 * instead (`jobs`, `Job`, `resources`, `entries`), else the only list of objects. `type`: folded, as `job`; may be empty.
 */
export function itemsOf(members: Folded, type: string): readonly unknown[] {
  for (const key of [`${type}s`, type, 'resources', 'entries', 'entry']) {
    const list = members.get(key);
    if (key === '' || typeof list !== 'object' || list === null) continue;
    return key === 'entries' || key === 'entry' ? entriesOf(list, type) : listOf(list, type);
  }
  const lists = [...members].filter(([key, list]) => !OF_A_COLLECTION.has(key) && isListOfObjects(list));
  const [only] = lists;
  return lists.length === 1 && only !== undefined ? listOf(only[1], type) : [];
}

/** Entries may hold what they are of, told in full, under the name of its type. */
function entriesOf(list: object, type: string): readonly unknown[] {
  return listOf(list, 'entry').map((entry) => {
    const inner = fold(entry).get(type);
    return fold(inner).size > 1 ? inner : entry;
  });
}

export function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMembers);
}
