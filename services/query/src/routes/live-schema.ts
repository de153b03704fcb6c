/** What the OpenAPI document says of live events, and what their parameters are checked by. */
import { exampleEvent } from '@cadf-pipeline/service-kit';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { queryErrors } from '../errors.ts';
import { endText, eventText, openingText } from '../live/server-sent-events.ts';
import { selectionParameters, selectionProblems, strictQuery } from '../query-parameters.ts';
import { frameworkErrors } from '@cadf-pipeline/service-kit';

/** Beside the other parameters it has to fit into the head of a request, 16 KiB. */
const MAX_CURSOR = 8192;
const { filter, saved, source, tenant } = selectionParameters;

export const LiveQuery = Type.Object(
  {
    filter,
    tenant,
    source,
    saved,
    from: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'Begin with the events that are stored already and whose eventTime is at or after this time, in the order in which they were accepted; then everything that is accepted from then on, whatever its eventTime. RFC 3339 with a zone. Left out: from now on.',
        examples: ['2026-11-01T00:00:00Z'],
      }),
    ),
    cursor: Type.Optional(
      Type.String({
        maxLength: MAX_CURSOR,
        description:
          'Go on after the event, or the heartbeat, that had this id, with the same `filter`, `tenant` and `source`. Not together with `from`.',
      }),
    ),
  },
  strictQuery,
);
export type LiveQuery = Static<typeof LiveQuery>;

const CURSOR = 'q8Zt0nB3vYk1w7QmAAAAAAABm1x0b9cJ5o0c8yq2Xh4uQmY';
export const LiveHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      maxLength: MAX_CURSOR,
      description:
        'The last `id` that was received: a browser sends it by itself when it connects again. It wins over `cursor` and `from`.',
      examples: [CURSOR],
    }),
  ),
});
export type LiveHeaders = Static<typeof LiveHeaders>;

export const liveSchema = {
  tags: ['query'],
  summary: 'Follow events as they are accepted',
  description: `Server-sent events (WHATWG HTML, 9.2), one message for each event that passes: \`data\` is its CADF JSON as it was accepted, \`id\` the cursor to go on after it with nothing missed and nothing twice. All versions are given, each once it can be found by a query, in the order in which they were accepted. The first message has only an \`id\`: where the answer begins. Comments, and \`id\` without data where it moved on, come when nothing happens. Whose rights end is told so by a last message \`event: end\` with \`{code, detail, retryable}\` as data, within a second; the same when the server stops, and when the past takes more of the store to read than a query may (\`STORE_LIMIT_…\`). A reader that is slow gets everything at its pace; one that takes nothing for a minute is disconnected and goes on from its last \`id\`. Compressed with zstd or gzip, by \`Accept-Encoding\`. Of a saved query its filter, tenant and source are taken.`,
  querystring: LiveQuery,
  headers: LiveHeaders,
  problems: [
    ...selectionProblems,
    queryErrors.QUERY_CURSOR_INVALID,
    queryErrors.QUERY_STREAM_NOT_ACCEPTABLE,
    queryErrors.QUERY_TOO_MANY_LIVE,
  ],
  response: {
    200: {
      description: 'The events, without an end',
      content: {
        'text/event-stream': {
          schema: { type: 'string', description: 'Messages, each ended by an empty line' },
          example:
            openingText(CURSOR) +
            eventText(CURSOR, JSON.stringify(exampleEvent)) +
            endText(CURSOR, frameworkErrors.SHUTTING_DOWN),
        },
      },
    },
  },
};
