/** A query for events as asked by a caller: its parameters read, its scope, and where to go on. */
import type { EventPlace, EventQuery, Scope } from '@cadf-pipeline/event-store';
import { ProblemError, scopeOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import { printFilter } from '@cadf-pipeline/event-filter';
import type { FilledParameters } from '../asked-parameters.ts';
import { queryErrors } from '../errors.ts';
import type { PageCursor, PageCursors } from '../page-cursor.ts';
import { readSelection } from '../query-parameters.ts';
import { readFields } from './fields.ts';
import type { Field } from './fields.ts';
import { DEFAULT_PAGE } from './parameters.ts';

export interface EventQuestion {
  readonly scope: Scope;
  readonly query: EventQuery & { readonly order: 'asc' | 'desc' };
  readonly limit: number | 'all';
  /** Undefined: whole events. */
  readonly fields: readonly Field[] | undefined;
  /** From the cursor; undefined: from the beginning, as of now. */
  readonly from: PageCursor | undefined;
  /** The cursor of what comes after a place of the same snapshot. */
  cursorAfter(place: EventPlace, asOf: ReadonlyMap<number, number>): string;
}

/** Throws the problems of its parts: QUERY_TIME_INVALID, QUERY_FILTER_INVALID, QUERY_CURSOR_INVALID, … */
export function readQuestion(
  principal: Principal,
  { asked, bound }: FilledParameters,
  cursors: PageCursors,
): EventQuestion {
  const { cursor, fields, filter, limit = DEFAULT_PAGE, order = 'desc', tenant } = asked;
  const selection = readSelection(asked, bound);
  const scope = scopeOf(principal, tenant);
  const read = fields === undefined ? undefined : readFields(fields);
  // Everything but the size of the page, which may change from page to page.
  const where = bound === undefined ? filter : [printFilter(bound), filter];
  const text = JSON.stringify([scope, { ...selection, where }, order, read?.map(({ path }) => path)]);
  return {
    scope,
    query: { ...selection, order },
    limit,
    fields: read,
    from: cursor === undefined ? undefined : readCursor(cursors, cursor, text),
    cursorAfter: ({ timeMs, partition, offset }, asOf) =>
      cursors.issue(text, { after: { timeMs, partition, offset }, asOf }),
  };
}

function readCursor(cursors: PageCursors, text: string, question: string): PageCursor {
  const cursor = cursors.read(text, question);
  if (typeof cursor !== 'string') return cursor;
  throw new ProblemError(queryErrors.QUERY_CURSOR_INVALID, {
    detail:
      cursor === 'damaged'
        ? 'It was not issued by this service, or was changed.'
        : 'It was issued for other parameters or another key.',
  });
}
