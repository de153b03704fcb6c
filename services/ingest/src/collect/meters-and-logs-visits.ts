/**
 * Which logs or meters a poll reads, and in which order. One that cannot be read does not keep the others from being
 * read; a poll that ends early is followed by one that begins where it ended, so that each is read at some time.
 *
 * Remembered: `visit\n<kind>`, where the last poll ended early.
 */
import { CimiFailure } from '../cimi/cimi-failure.ts';
import type { PollContext } from './poll-context.ts';

export interface Visits {
  isFull(): boolean;
  /** As the provider lists them; what is remembered and before the beginning is left to `visit`. */
  visitListed(url: URL, read: () => Promise<void>): Promise<void>;
  /** Once in a poll. Throws what `read` throws, a `CimiFailure` only when too many fail. */
  visit(url: URL, read: () => Promise<void>): Promise<void>;
  /** All were visited. */
  end(): Promise<void>;
}

/** That fail one behind the other, as those of a provider that is down do. */
const MAX_FAILURES = 3;

export function createVisits(
  context: PollContext,
  kind: 'logs' | 'meters',
  known: readonly URL[],
  maxVisits: number,
): Visits {
  const key = `visit\n${kind}`;
  const remembered = new Set(known.map(({ href }) => href));
  const seen = new Set<string>();
  let beginning = context.remembered.get(key);
  let failures = 0;

  async function visit(url: URL, read: () => Promise<void>): Promise<void> {
    if (seen.has(url.href) || seen.size >= maxVisits) return;
    seen.add(url.href);
    try {
      await read();
      failures = 0;
    } catch (error) {
      const isOfOne = error instanceof CimiFailure && (++failures < MAX_FAILURES || !error.retryable);
      if (isOfOne) return context.trouble(error);
      await context.deliver([], [{ key, value: url.href }]);
      throw error;
    }
  }

  return {
    isFull: () => seen.size >= maxVisits,
    async visitListed(url, read) {
      if (beginning === url.href) beginning = undefined;
      if (beginning === undefined || !remembered.has(url.href)) await visit(url, read);
    },
    visit,
    end: () => context.deliver([], [{ key, value: null }]),
  };
}
