/** Keeps with an event which address its record came from: a relay's, or that of the machine itself. */
import type { Outcome } from '../source.ts';

/**
 * The event with the tag `//record/sender?value=ADDRESS` where the record that decided it has an address. A tag, not a
 * step of the reporter chain: it holds no time, so that a record sent again stays a duplicate.
 */
export function withSender(outcome: Outcome): Outcome {
  const address = outcome.records[0]?.address;
  if (outcome.kind !== 'event' || address === undefined) return outcome;
  const { event } = outcome;
  const tag = `//record/sender?value=${encodeURIComponent(address)}`;
  return { ...outcome, event: { ...event, tags: [...(event.tags ?? []), tag] } };
}
