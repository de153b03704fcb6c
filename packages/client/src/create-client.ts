/** The client of the pipeline's HTTP interface. */
import type { operations } from './api.generated.ts';
import { notOfThisInterface, readJson } from './http/read-json.ts';
import { createRequester, queryOf } from './http/requester.ts';
import type { ClientOptions } from './http/requester.ts';
import { queryEvents, streamEvents } from './query/query-events.ts';
import type { Abortable, CadfEvent, EventsQuestion, Selection } from './query/query-events.ts';
import { createSubmitter } from './submit/submitter.ts';
import type { Submitter, SubmitterOptions } from './submit/submitter-contract.ts';
import { subscribe } from './subscribe/subscribe.ts';
import type { SubscribeOptions, Subscription } from './subscribe/subscribe.ts';

type Count = operations['getCount']['responses'][200]['content']['application/json'];

/** All of it throws ClientError; reads that fail in a way that may pass are tried again (`attempts`). */
export interface Client {
  /** Events of a question, page by page, all of one snapshot. */
  events(question?: EventsQuestion, options?: Abortable): AsyncIterable<CadfEvent>;
  /** The whole result as texts in one stream: the fastest, and byte for byte. A break is an error, not an end. */
  eventTexts(
    question?: Omit<EventsQuestion, 'pageSize' | 'cursor'>,
    options?: Abortable,
  ): AsyncIterable<string>;
  /** How many events a question finds, exactly. */
  count(selection?: Selection, options?: Abortable): Promise<number>;
  /** One event by its CADF id. Throws QUERY_EVENT_NOT_FOUND; QUERY_EVENT_AMBIGUOUS where `source` must say which. */
  event(id: string, options?: Abortable & { readonly source?: string }): Promise<CadfEvent>;
  /** Sends events in batches, in the order in which they are added, until the service has them. */
  submitter(options?: SubmitterOptions): Submitter;
  /** Events as they happen, and on from any place. */
  subscribe(options?: SubscribeOptions): Subscription;
}

/** Throws TypeError for a URL that is not http(s). Connects to nothing yet. */
export function createClient(options: ClientOptions): Client {
  const requester = createRequester(options);

  function read(path: string, { signal }: Abortable): Promise<unknown> {
    const headers = { accept: 'application/json' };
    return requester.get(path, signal === undefined ? { headers } : { headers, signal }, readJson);
  }

  return {
    events: (question = {}, asking = {}) => queryEvents(requester, question, asking),
    eventTexts: (question = {}, asking = {}) => streamEvents(requester, question, asking),
    async count(selection = {}, asking = {}) {
      const answer = await read(`/cadf/v1/count${queryOf(selection)}`, asking);
      if (!isCount(answer)) throw notOfThisInterface('/cadf/v1/count');
      return answer.count;
    },
    async event(id, { source, ...asking } = {}) {
      const path = `/cadf/v1/events/${encodeURIComponent(id)}${queryOf({ source })}`;
      const event = await read(path, asking);
      if (typeof event !== 'object' || event === null) throw notOfThisInterface(path);
      return event as CadfEvent;
    },
    submitter: (given = {}) => createSubmitter(requester, given),
    subscribe: (given = {}) => subscribe(requester, given),
  };
}

function isCount(value: unknown): value is Count {
  return typeof value === 'object' && value !== null && 'count' in value && typeof value.count === 'number';
}
