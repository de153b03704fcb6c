/** Logs and meters that only the resources themselves name, as machines do by `eventLog` and `meters`. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { listingCut } from '../cimi/listing-cut.ts';
import { resolveHref } from '../cimi/resolve-href.ts';
import { fold, foldName, listOf, referenceOf } from '../../sources/cimi/document.ts';
import { numberIn, readMarkValue } from './mark-value.ts';
import type { PollContext } from './poll-context.ts';

/** Whose listings are looked through. */
const COLLECTIONS = ['machines', 'systems'];
const EVERY_MS = 300_000;
const MAX_REFERENCES = 2000;

/**
 * What the listings of machines and systems show of a member, such as `eventLog`; resources are not asked for by
 * themselves. Empty when they were looked through less than five minutes ago.
 */
export async function referencedByResources(
  context: PollContext,
  member: 'eventLog' | 'meters',
): Promise<readonly URL[]> {
  const { polledMs, remembered } = context;
  const key = `scan\n${member}`;
  const lastMs = numberIn(readMarkValue(remembered.get(key)), 'at');
  if (lastMs !== undefined && polledMs - lastMs < EVERY_MS) return [];
  const found = new Map<string, URL>();
  for (const collection of COLLECTIONS) {
    try {
      await lookThrough(context, collection, member, found);
    } catch (error) {
      if (!(error instanceof CimiFailure)) throw error;
      context.trouble(error);
    }
  }
  await context.deliver([], [{ key, value: JSON.stringify({ at: polledMs }) }]);
  return [...found.values()];
}

async function lookThrough(
  context: PollContext,
  collection: string,
  member: string,
  found: Map<string, URL>,
): Promise<void> {
  const { client, discovery, signal } = context;
  const address = discovery.collections.get(collection);
  if (address === undefined) return;
  for await (const { items, cut } of client.pages(
    address,
    { plural: collection, required: [] },
    discovery,
    signal,
  )) {
    for (const href of items.flatMap(({ value }) => hrefsOf(fold(value).get(foldName(member)), member)))
      add(context, href, found);
    const end = cut ?? (found.size >= MAX_REFERENCES ? 'endless' : undefined);
    if (end === undefined) continue;
    context.trouble(listingCut(address, end));
    return;
  }
}

function add(context: PollContext, href: string, found: Map<string, URL>): void {
  const { base } = context.discovery;
  try {
    const url = resolveHref(href, base, base.origin);
    found.set(url.href, url);
  } catch (error) {
    if (!(error instanceof CimiFailure)) throw error;
    context.trouble(error);
  }
}

/** Of one reference, a list of them as some servers have it, or what is there whole. */
function hrefsOf(value: unknown, member: string): string[] {
  const singular = foldName(member).replace(/s$/, '');
  return listOf(value, singular).flatMap((one) =>
    isMembers(one) || typeof one === 'string' ? (referenceOf(one) ?? []) : [],
  );
}
