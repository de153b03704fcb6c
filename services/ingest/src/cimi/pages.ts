/** A collection, page by page: asked in the ways the provider advertises, whole otherwise, and never without end. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { fold, foldName, referenceOf, textOf } from '../../sources/cimi/document.ts';
import { CimiFailure } from './cimi-failure.ts';
import { collectionCount, collectionItems } from './collection-items.ts';
import type { CimiDiscovery } from './discover.ts';
import type { CimiText, GetDocument } from './get-document.ts';
import { createItemText } from './item-text.ts';
import { resolveHref } from './resolve-href.ts';

export interface PagesQuery {
  /** Key of the items in the standard, for `$expand`: `jobs`. */
  readonly plural: string;
  /** An item without one of these is asked for by itself: `['state']`. Empty: items are taken as they are. */
  readonly required: readonly string[];
  /** Items from this time on, where the provider filters; `attribute` as the standard writes it. */
  readonly since?: { readonly attribute: string; readonly time: Date };
  /** What is known well enough: it is not asked for by itself, `value` stays what the collection has of it. */
  readonly isKnown?: (url: URL) => boolean;
}

export interface CimiItem {
  /** Of its `id`, else of the reference to it; undefined where it has neither, or where it is no address of the provider. */
  readonly url: URL | undefined;
  readonly value: unknown;
  /** As a document of its own: fetched by itself, or the collection with this item alone (XML: its element). */
  readonly text: string;
}

export interface CimiPage {
  readonly items: readonly CimiItem[];
  /** Of the whole collection after the filter, where the provider says it. */
  readonly count: number | undefined;
  /** Items that could not be had: gone since, or outside of the origin. */
  readonly refused: readonly CimiFailure[];
  /** On the last page, when it is not the collection's end. `short`: the provider lists fewer items than it counts. */
  readonly cut?: 'endless' | 'short';
}

export interface PageLimits {
  readonly pageSize: number;
  readonly maxPages: number;
  readonly maxItems: number;
}

export interface PagesContext {
  readonly get: GetDocument;
  readonly discovery: CimiDiscovery;
  readonly origin: string;
  readonly limits: PageLimits;
}

/** Throws `CimiFailure` where a page cannot be read. Each item once, by its id; at most `maxItems`. */
export async function* pagesOf(
  collection: URL,
  query: PagesQuery,
  context: PagesContext,
  signal?: AbortSignal,
): AsyncGenerator<CimiPage> {
  const { get, discovery, limits } = context;
  const isPaged = discovery.capabilities.has('firstparameter');
  const seen = new Set<string>();
  let first = 1;
  let taken = 0;
  for (let page = 1; ; page++) {
    const document = await get(addressOf(collection, query, context, isPaged ? first : undefined), signal);
    const count = collectionCount(document);
    const listed = collectionItems(document);
    const fresh = listed.filter((item) => {
      const key = referenceIn(item);
      if (key === undefined) return true;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    const room = limits.maxItems - taken;
    const { items, refused } = await wholeItems(document, fresh.slice(0, room), query, context, signal);
    taken += Math.min(fresh.length, room);
    first += listed.length;
    // A count that is lower than what was listed already is wrong: then the end is where nothing new comes.
    const isCounted = count !== undefined && first === count + 1;
    const isEnd = listed.length === 0 || fresh.length === 0 || !isPaged || isCounted;
    const isEndless =
      fresh.length > room || (!isEnd && (page >= limits.maxPages || taken >= limits.maxItems));
    const isShort = isEnd && count !== undefined && first <= count;
    const cut = isEndless ? 'endless' : isShort ? 'short' : undefined;
    yield { items, count, refused, ...(cut === undefined ? {} : { cut }) };
    if (isEnd || isEndless) return;
  }
}

function addressOf(
  collection: URL,
  { plural, since, required }: PagesQuery,
  { discovery: { capabilities }, limits }: PagesContext,
  first: number | undefined,
): URL {
  const url = new URL(collection);
  const has = (name: string): boolean => capabilities.has(name);
  if (since !== undefined && has('filterparameter'))
    url.searchParams.append('$filter', `${since.attribute}>=${since.time.toISOString()}`);
  if (since !== undefined && has('orderbyparameter'))
    url.searchParams.append('$orderby', `${since.attribute}:asc`);
  if (required.length > 0 && has('expandparameter')) url.searchParams.append('$expand', plural);
  if (first !== undefined) {
    url.searchParams.append('$first', String(first));
    url.searchParams.append('$last', String(first + limits.pageSize - 1));
  }
  // Servers look for the names as the standard writes them.
  url.search = url.search.replaceAll('%24', '$');
  return url;
}

async function wholeItems(
  document: CimiText,
  listed: readonly unknown[],
  { required, isKnown = () => false }: PagesQuery,
  { get, discovery, origin }: PagesContext,
  signal: AbortSignal | undefined,
): Promise<{ readonly items: readonly CimiItem[]; readonly refused: readonly CimiFailure[] }> {
  const items: CimiItem[] = [];
  const refused: CimiFailure[] = [];
  const textOfItem = createItemText(document, collectionItems(document));
  for (const value of listed) {
    const members = fold(value);
    const isWhole = required.every((name) => members.has(foldName(name)));
    try {
      const href = referenceIn(value);
      const url = href === undefined ? undefined : addressIn(href, discovery.base, origin, isWhole);
      if (isWhole || url === undefined || isKnown(url)) {
        items.push({ url, value, text: textOfItem(value) });
      } else {
        const fetched = await get(url, signal);
        items.push({ url, value: fetched.value, text: fetched.text });
      }
    } catch (error) {
      const isOfItem = error instanceof CimiFailure && !error.retryable && error.code !== 'CIMI_NOT_ALLOWED';
      if (!isOfItem) throw error;
      refused.push(error);
    }
  }
  return { items, refused };
}

/** What is there whole is taken whatever its id is: a URN, the name that the provider has on its own side. */
function addressIn(href: string, base: URL, origin: string, isWhole: boolean): URL | undefined {
  try {
    return resolveHref(href, base, origin);
  } catch (error) {
    if (isWhole && error instanceof CimiFailure) return undefined;
    throw error;
  }
}

/** Its id, else where it points; of an entry that holds only the reference of its item, where that points. */
function referenceIn(item: unknown): string | undefined {
  const own = textOf(fold(item).get('id')) ?? referenceOf(item);
  if (own !== undefined) return own;
  const inner = [...fold(item).values()].filter(isMembers).flatMap((member) => referenceOf(member) ?? []);
  return inner.length === 1 ? inner[0] : undefined;
}
