/** The items of a collection, however the server lists them (DSP0263 and what servers make of it). */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { fold, foldName, listOf, textOf } from '../../sources/cimi/document.ts';
import type { CimiDocument } from '../../sources/cimi/document.ts';

/** Members of a collection that are about it. */
const OF_A_COLLECTION = new Set(['operations', 'operation', 'acl', 'properties', 'cimi', 'aggregations']);

/** Objects, and references written as texts. Under the plural of the type, the type, or what servers write instead. */
export function collectionItems({ value, rootName }: CimiDocument): readonly unknown[] {
  const members = fold(value);
  const uri = textOf(members.get('resourceuri')) ?? textOf(members.get('resourcetype')) ?? rootName ?? '';
  const type = foldName(uri.slice(uri.lastIndexOf('/') + 1)).replace(/collection$/, '');
  for (const key of [plural(type), type, 'resources', 'entries', 'entry']) {
    const list = members.get(key);
    if (key !== '' && typeof list === 'object' && list !== null) return listOf(list, type);
  }
  const lists = [...members].filter(([key, list]) => !OF_A_COLLECTION.has(key) && isListOfObjects(list));
  const [only] = lists;
  return lists.length === 1 && only !== undefined ? listOf(only[1], type) : [];
}

/** `count`: of all that match, not of those listed. */
export function collectionCount({ value }: CimiDocument): number | undefined {
  const count = Number(textOf(fold(value).get('count')) ?? 'none');
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

function plural(type: string): string {
  return type === 'resourcemetadata' ? type : `${type}s`;
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMembers);
}
