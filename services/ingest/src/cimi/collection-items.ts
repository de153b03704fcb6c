/** What a collection of a provider lists, and how many there are. */
import { fold, foldName, textOf } from '../../sources/cimi/document.ts';
import type { CimiDocument } from '../../sources/cimi/document.ts';
import { itemsOf } from '../../sources/cimi/items.ts';

/** Of a document that is a collection: its own type, or the name of its root, tells what its items are. */
export function collectionItems({ value, rootName }: CimiDocument): readonly unknown[] {
  const members = fold(value);
  const uri = textOf(members.get('resourceuri')) ?? textOf(members.get('resourcetype')) ?? rootName ?? '';
  return itemsOf(members, foldName(uri.slice(uri.lastIndexOf('/') + 1)).replace(/collection$/, ''));
}

/** `count`: of all that match, not of those listed. */
export function collectionCount({ value }: CimiDocument): number | undefined {
  const count = Number(textOf(fold(value).get('count')) ?? 'none');
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
