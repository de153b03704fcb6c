/** What a caller is shown of an asynchronous query. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { AsyncProgress } from './async-queries.ts';
import { bytesOf } from './async-query.ts';
import type { AsyncQueryRecord } from './async-query.ts';

const Instant = Type.String({ description: 'RFC 3339, ms' });

export const EXAMPLE_STATUS = {
  id: '0d0c9f1e-3f0e-4a58-9b43-6a8f6a5b8b0e',
  status: 'running',
  created: '2026-11-01T12:00:00.000Z',
  started: '2026-11-01T12:00:00.004Z',
  progress: { rowsRead: 4_100_000, rowsTotal: 10_000_000, seconds: 3.2 },
  events: 12,
  bytes: 2048,
};

export const AsyncStatus = Type.Object(
  {
    id: Type.String(),
    status: Type.Enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    created: Instant,
    started: Type.Optional(Instant),
    ended: Type.Optional(Instant),
    progress: Type.Object({
      rowsRead: Type.Integer({ description: 'How many of them were gone through, estimated while it runs' }),
      rowsTotal: Type.Integer({ description: 'Versions in the range of time that the key sees' }),
      seconds: Type.Number({ description: 'Since it began to run' }),
    }),
    events: Type.Integer({ description: 'Found so far' }),
    bytes: Type.Integer({ description: 'Of the result as kept' }),
    result: Type.Optional(Type.String({ description: 'Path of the result, once it is done' })),
    cursor: Type.Optional(
      Type.String({ description: 'Where `limit` was reached: the cursor with which the query goes on' }),
    ),
    failure: Type.Optional(
      Type.Object(
        { code: Type.String(), title: Type.String(), detail: Type.String() },
        { description: 'Why it failed' },
      ),
    ),
  },
  {
    description: 'An asynchronous query',
    examples: [EXAMPLE_STATUS],
  },
);
export type AsyncStatus = Static<typeof AsyncStatus>;

export function statusOf(record: AsyncQueryRecord, progress: AsyncProgress): AsyncStatus {
  const { createdMs, cursor, endedMs, events, failure, id, startedMs, status } = record;
  const at = (ms: number): string => new Date(ms).toISOString();
  return {
    id,
    status,
    created: at(createdMs),
    ...(startedMs === undefined ? {} : { started: at(startedMs) }),
    ...(endedMs === undefined ? {} : { ended: at(endedMs) }),
    progress,
    events,
    bytes: bytesOf(record),
    ...(status === 'done' ? { result: `/cadf/v1/queries/${id}/result` } : {}),
    ...(cursor === undefined ? {} : { cursor }),
    ...(failure === undefined ? {} : { failure }),
  };
}
