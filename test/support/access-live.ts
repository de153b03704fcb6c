/** What each reader of the access matrix is sent of live events, from the time of the events of the matrix on. */
import { TENANT, WINDOW } from './access.ts';
import type { Ask } from './access.ts';
import { ALL_VERSIONS, ONLY_A } from './access-events.ts';
import type { QueryRow } from './access-queries.ts';
import { labelOf, mapped } from './access-readers.ts';
import type { Shown, Verdicts } from './access-readers.ts';

const ROUTE = 'GET /cadf/v1/events/stream';
const FROM = WINDOW.slice(0, WINDOW.indexOf('&'));
/** What the system adds meanwhile is of today. */
const FILTER = `filter=${encodeURIComponent('eventTime < 2020-06-01T00:01:00Z')}`;
/** One version of those that have two is no version of tenant a alone. */
const VERSIONS_OF_A: Verdicts = mapped(ONLY_A, (verdict) => verdict.replace('final', 'pending final'));

export function liveAccess(): readonly QueryRow[] {
  return [
    { what: 'from a time on', query: '', expected: ALL_VERSIONS },
    { what: 'of tenant a', query: `&tenant=${TENANT.a}`, expected: VERSIONS_OF_A },
  ].map(({ expected, query, what }) => ({
    route: ROUTE,
    what,
    expected,
    run: async (ask, caller) => read(ask, caller, query),
  }));
}

async function read(ask: Ask, caller: Parameters<Ask>[0], query: string): Promise<string> {
  const answer = await ask(caller, `${ROUTE}?${FROM}&${FILTER}${query}`, { enough: isQuiet });
  if (answer.status !== 200) return answer.verdict;
  const events = answer.text
    .split('\n')
    .flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6)) as Shown] : []));
  return ['200', ...events.map(labelOf)].join(' ');
}

/** Two heartbeats since the last event: what is stored has been sent. */
function isQuiet(text: string): boolean {
  return text.slice(text.lastIndexOf('\ndata: ') + 1).split('\n:\n').length > 2;
}
