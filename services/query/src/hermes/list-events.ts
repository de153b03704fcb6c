/** `GET /v1/events`. */
import { setImmediate as rest } from 'node:timers/promises';
import type { EventStore } from '@cadf-pipeline/event-store';
import { eventCondition } from './event-condition.ts';
import { toListItem } from './event-form.ts';
import type { Form } from './form.ts';
import { readWindow } from './page-window.ts';
import type { PageWindow } from './page-window.ts';
import type { Reach } from './reach.ts';
import { readOrder } from './sort-order.ts';
import { readTimeRange } from './time-range.ts';

export interface EventList {
  readonly window: PageWindow;
  /** How many events the filters find, on whatever page. */
  readonly total: number;
  /** JSON texts. */
  readonly events: readonly string[];
}

/** Events made into answers at a time, so that others are served in between. */
const AT_ONCE = 500;

/** Throws QUERY_HERMES_PARAMETER_INVALID. */
export async function listEvents(
  store: EventStore,
  { scope }: Reach,
  form: Form,
  signal: AbortSignal,
): Promise<EventList> {
  const window = readWindow(form);
  const orderBy = readOrder(form);
  const where = eventCondition(form);
  const query = { ...readTimeRange(form), ...(where === undefined ? {} : { where }) };
  const [total, found] = await Promise.all([
    store.count(scope, query, signal),
    store.list(scope, { ...query, orderBy, skip: window.offset, limit: window.limit }, signal),
  ]);
  const withDetails = wantsDetails(form);
  const events: string[] = [];
  for (const { text } of found) {
    events.push(JSON.stringify(toListItem(text, withDetails)));
    if (events.length % AT_ONCE === 0) await rest();
  }
  return { window, total, events };
}

/** Hermes takes `details` whatever its value; it is documented as a boolean. */
function wantsDetails(form: Form): boolean {
  return form.has('details') && !/^(?:false|0|no)$/i.test(form.get('details') ?? '');
}
