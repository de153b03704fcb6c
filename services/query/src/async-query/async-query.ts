/** An asynchronous query as it is kept, also over a restart. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { EventsBody } from '../event-query/parameters.ts';
import { Frame } from './result-file.ts';

export const AsyncQueryRecord = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
  /** Id of the principal; nobody else sees it. */
  owner: Type.String(),
  /** The scope it was asked with, as JSON: who no longer has it sees it no longer. */
  scope: Type.String(),
  parameters: EventsBody,
  /** Milliseconds since 1970 UTC. */
  createdMs: Type.Integer(),
  startedMs: Type.Optional(Type.Integer()),
  endedMs: Type.Optional(Type.Integer()),
  /**
   * `queued` → `running` → `done` | `failed` | `cancelled`; `cancelled` also from `queued`. The last three are ends. A
   * query that had not ended when its process did is `failed` with QUERY_INTERRUPTED.
   */
  status: Type.Enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  /** Why it failed. */
  failure: Type.Optional(Type.Object({ code: Type.String(), title: Type.String(), detail: Type.String() })),
  events: Type.Integer({ minimum: 0 }),
  frames: Type.Array(Frame),
  /** With a limit that was reached: where the query itself goes on. */
  cursor: Type.Optional(Type.String()),
});
export type AsyncQueryRecord = Static<typeof AsyncQueryRecord>;

export function hasEnded({ status }: Pick<AsyncQueryRecord, 'status'>): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled';
}

/** Of its result on disk. */
export function bytesOf({ frames }: Pick<AsyncQueryRecord, 'frames'>): number {
  return frames.reduce((sum, { bytes }) => sum + bytes, 0);
}
