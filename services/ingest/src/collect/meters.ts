/**
 * Samples of a provider's meters: those of its collection, and those that only a resource names. Each sample is handed
 * on within its meter, so that it is known what was measured, of what, and in which unit.
 */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { listingCut } from '../cimi/listing-cut.ts';
import { resolveHref } from '../cimi/resolve-href.ts';
import { fold, referenceOf } from '../../sources/cimi/document.ts';
import { referencedByResources } from './meters-and-logs-of-resources.ts';
import { createVisits } from './meters-and-logs-visits.ts';
import { meterMark, METER_PREFIX, readSamples } from './meters-samples.ts';
import type { PollContext } from './poll-context.ts';

const MAX_METERS = 5000;
/** Of one poll. */
const MAX_SAMPLES = 100_000;

/** Throws `CimiFailure` where the meters cannot be listed, or one meter after the other cannot be read. */
export async function collectMeters(context: PollContext): Promise<void> {
  const { client, discovery, remembered, signal } = context;
  const known = [...remembered.entries(METER_PREFIX)].map(([key]) => new URL(key.slice(METER_PREFIX.length)));
  const visits = createVisits(context, 'meters', known, MAX_METERS);
  let left = MAX_SAMPLES;

  /** `listed`: the meter as it was listed; undefined where it has to be asked for. */
  async function readOne(url: URL, listed?: unknown): Promise<void> {
    const isWhole = fold(listed).has('samples') && fold(listed).has('targetresource');
    const value = isWhole ? listed : await meterAt(url);
    if (value === undefined) return context.deliver([], [meterMark(url, null)]);
    const members = fold(value);
    const href = referenceOf(members.get('samples'));
    if (href === undefined)
      throw new CimiFailure('CIMI_DOCUMENT', `${url.pathname} does not say where its samples are.`);
    const samples = resolveHref(href, discovery.base, discovery.base.origin);
    if (left <= 0) return context.trouble(listingCut(samples, 'endless'));
    left -= await readSamples(context, { url, members, samples }, left);
  }

  /** Undefined where it is gone. */
  async function meterAt(url: URL): Promise<unknown> {
    try {
      return (await client.get(url.href, discovery, signal)).value;
    } catch (error) {
      if (error instanceof CimiFailure && error.code === 'CIMI_GONE') return undefined;
      throw error;
    }
  }

  const meters = discovery.collections.get('meters');
  if (meters !== undefined) {
    for await (const page of client.pages(meters, { plural: 'meters', required: [] }, discovery, signal)) {
      page.refused.forEach((refusal) => context.trouble(refusal));
      for (const { url, value } of page.items)
        if (url !== undefined) await visits.visitListed(url, () => readOne(url, value));
      const cut = page.cut ?? (visits.isFull() ? 'endless' : undefined);
      if (cut === undefined) continue;
      context.trouble(listingCut(meters, cut));
      break;
    }
  }
  const named = await referencedByResources(context, 'meters');
  for (const url of [...known, ...named]) await visits.visit(url, () => readOne(url));
  await visits.end();
}
