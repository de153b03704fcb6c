/** How far an export has come, as it is kept beside its definition. */
import { Type } from 'typebox';
import type { Static } from 'typebox';

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Position = Type.Object({ partition: Count, offset: Count });

/**
 * States: `running` → `done` | `failed` | `cancelled`, which are ends; without a record it waits for its turn. What is said of
 * events and files is of those that are durable, and where they are to be, so that whoever takes over goes on behind them.
 */
export const ExportRecord = Type.Object({
  state: Type.Enum(['running', 'done', 'failed', 'cancelled'] as const),
  startedMs: Count,
  endedMs: Type.Optional(Count),
  /** Events it is to have, counted in the snapshot before the first is written. */
  total: Type.Optional(Count),
  /** In whole files: events, bytes and their number. */
  events: Count,
  bytes: Count,
  files: Count,
  /** In whose ledgers the files are, in their order, and how many in each. */
  runs: Type.Array(Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{8}$' }), files: Count }), {
    maxItems: 10_000,
  }),
  /** Where it goes on: part of its plan, events of that part, and the place behind the last of them. */
  part: Count,
  partEvents: Count,
  after: Type.Optional(Type.Object({ timeMs: Type.Integer(), partition: Count, offset: Count })),
  first: Type.Optional(Position),
  last: Type.Optional(Position),
  /** Of the file that is being written. */
  writing: Type.Optional(Type.Object({ events: Count, bytes: Count })),
  /** Attempts since the last file, and what the last one failed of. */
  attempts: Count,
  failure: Type.Optional(
    Type.Object({ code: Type.String({ maxLength: 128 }), detail: Type.String({ maxLength: 4096 }) }),
  ),
});
export type ExportRecord = Static<typeof ExportRecord>;

export function newExportRecord(nowMs: number): ExportRecord {
  return {
    state: 'running',
    startedMs: nowMs,
    events: 0,
    bytes: 0,
    files: 0,
    runs: [],
    part: 0,
    partEvents: 0,
    attempts: 0,
  };
}

export function hasEnded(record: Pick<ExportRecord, 'state'> | undefined): boolean {
  return record !== undefined && record.state !== 'running';
}
