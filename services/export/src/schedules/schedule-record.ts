/** How far a schedule has come, as it is kept beside its definition. */
import { ExportPositions } from '@cadf-pipeline/control-state';
import { Type } from 'typebox';
import type { Static } from 'typebox';

export const ScheduleRecord = Type.Object({
  /** The last time that was dealt with, ms since 1970 UTC. */
  dueMs: Type.Optional(Type.Integer()),
  /** The export that was asked for then, and what was stored. */
  export: Type.Optional(Type.String()),
  asOf: Type.Optional(ExportPositions),
  /** Why nothing is asked for now. */
  problem: Type.Optional(Type.String({ maxLength: 4096 })),
});
export type ScheduleRecord = Static<typeof ScheduleRecord>;
