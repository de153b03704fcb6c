/** Which events a subscription is about. */
import type { Subscription } from '@cadf-pipeline/control-state';
import { parseFilter } from '@cadf-pipeline/event-filter';
import { questionOf } from '@cadf-pipeline/event-tail';
import type { FollowOptions } from '@cadf-pipeline/event-tail';

export interface AskedEvents {
  /** As the tail is asked. */
  readonly asked: Pick<FollowOptions, 'filter' | 'source' | 'tenant'>;
  /** What cursors are issued for. */
  readonly question: string;
}

/** Undefined where its filter cannot be read: it was checked when it came in, so by a version that reads more. */
export function askedEvents({
  filter: text,
  source,
  tenant,
}: Pick<Subscription, 'filter' | 'source' | 'tenant'>): AskedEvents | undefined {
  const parsed = text === undefined ? undefined : parseFilter(text);
  if (parsed?.ok === false) return undefined;
  const asked = {
    ...(parsed === undefined ? {} : { filter: parsed.filter }),
    ...(source === undefined ? {} : { source }),
    ...(tenant === undefined ? {} : { tenant }),
  };
  return { asked, question: questionOf(asked) };
}
