/**
 * Samples of a provider's meters: those of its collection, and those that only a resource names. Each sample is handed
 * on within its meter, so that it is known what was measured, of what, and in which unit.
 */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import { listingCut } from '../cimi/listing-cut.ts';
import { resolveHref } from '../cimi/resolve-href.ts';
import { fold, referenceOf } from '../../sources/cimi/document.ts';
import { referencedByResources } from './meters-and-logs-of-resources.ts';
import { meterMark, METER_PREFIX, readSamples } from './meters-samples.ts';
import type { PollContext } from './poll-context.ts';

const MAX_METERS = 5000;
/** Of one poll. */
const MAX_SAMPLES = 100_000;
/** Meters that fail one behind the other, as those of a provider that is down do. */
const MAX_FAILURES = 3;

/** Throws `CimiFailure` where the meters cannot be listed, or one meter after the other cannot be read. */
export async function collectMeters(context: PollContext): Promise<void> {
  const { client, discovery, remembered, signal } = context;
  const seen = new Set<string>();
  const known = [...remembered.entries(METER_PREFIX)].map(([key]) => new URL(key.slice(METER_PREFIX.length)));
  let left = MAX_SAMPLES;
  let failures = 0;

  async function visit(url: URL, listed?: unknown): Promise<void> {
    if (seen.has(url.href) || seen.size >= MAX_METERS) return;
    seen.add(url.href);
    try {
      await visitMeter(url, listed);
      failures = 0;
    } catch (error) {
      if (!(error instanceof CimiFailure)) throw error;
      failures++;
      if (failures >= MAX_FAILURES && error.retryable) throw error;
      context.trouble(error);
    }
  }

  async function visitMeter(url: URL, listed: unknown): Promise<void> {
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
      for (const { url, value } of page.items) if (url !== undefined) await visit(url, value);
      const cut = page.cut ?? (seen.size >= MAX_METERS ? 'endless' : undefined);
      if (cut === undefined) continue;
      context.trouble(listingCut(meters, cut));
      break;
    }
  }
  for (const url of [...known, ...(await referencedByResources(context, 'meters'))]) await visit(url);
}
