/** Reading events back: page by page, or the whole result as one stream. */
import type { operations } from '../api.generated.ts';
import { notOfThisInterface, readJson } from '../http/read-json.ts';
import { queryOf, unreachable } from '../http/requester.ts';
import type { Requester } from '../http/requester.ts';
import { readLines } from './read-lines.ts';

type GetEvents = NonNullable<operations['getEvents']['parameters']['query']>;

/** A CADF event as JSON has it. */
export type CadfEvent = Readonly<Record<string, unknown>>;

/** What selects events; `docs/query.md` has the filter language. Parameters of a saved query are `'param.<name>'`. */
export type Selection = Pick<
  GetEvents,
  'filter' | 'from' | 'to' | 'tenant' | 'source' | 'versions' | 'saved'
> &
  Readonly<Record<`param.${string}`, string | readonly string[]>>;

export type EventsQuestion = Selection &
  Pick<GetEvents, 'order' | 'fields' | 'cursor'> & {
    /** Events of one page, 1 to 10,000. Default 1,000. */
    readonly pageSize?: number;
  };

/** Called with `signal`: aborts, with its reason thrown. */
export interface Abortable {
  readonly signal?: AbortSignal;
}

const PATH = '/cadf/v1/events';
const DEFAULT_PAGE = 1000;

/** All events of a question, page by page, of one snapshot. A page that fails in a way that may pass is asked again. */
export async function* queryEvents(
  requester: Requester,
  { pageSize = DEFAULT_PAGE, ...question }: EventsQuestion,
  { signal }: Abortable,
): AsyncGenerator<CadfEvent, void, undefined> {
  let path: string | undefined = PATH + queryOf({ ...question, limit: pageSize });
  while (path !== undefined) {
    const page: EventsPage = await readPage(requester, path, signal);
    yield* page.events;
    path = page.next;
  }
}

/**
 * All events of a question as texts, one stream of one request: the fastest way to take a large result along, byte for
 * byte as it was accepted. A connection that breaks is an error: what was given so far is not the whole.
 */
export async function* streamEvents(
  requester: Requester,
  question: Omit<EventsQuestion, 'pageSize' | 'cursor'>,
  { signal }: Abortable,
): AsyncGenerator<string, void, undefined> {
  const headers = { accept: 'application/x-ndjson' };
  const asking = signal === undefined ? { headers } : { headers, signal };
  const path = PATH + queryOf({ ...question, limit: 'all' });
  const response = await requester.get(path, asking, (answer) => answer);
  if (response.body === null) return;
  try {
    yield* readLines(response.body);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw unreachable('The answer broke off', error);
  }
}

interface EventsPage {
  readonly events: readonly CadfEvent[];
  readonly next?: string;
}

function readPage(requester: Requester, path: string, signal?: AbortSignal): Promise<EventsPage> {
  const headers = { accept: 'application/json' };
  return requester.get(path, signal === undefined ? { headers } : { headers, signal }, async (response) => {
    const page = await readJson(response);
    if (!isEventsPage(page)) throw notOfThisInterface(path);
    return page;
  });
}

function isEventsPage(value: unknown): value is EventsPage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'events' in value &&
    Array.isArray(value.events) &&
    (!('next' in value) || (typeof value.next === 'string' && value.next.startsWith('/')))
  );
}
