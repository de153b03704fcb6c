/** How far a subscription has come: what a record of the progress topic says, beside the claim of its owner. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { StoredPlace } from '@cadf-pipeline/control-state';
import { AnswerRecord } from './attempt-record.ts';

const Count = Type.Integer({ minimum: 0 });
/** Milliseconds since 1970 UTC. */
const Ms = Type.Number();

export const InFlight = Type.Object({
  /** Names the batch wherever it is sent and however often. */
  id: Type.String({ minLength: 1, maxLength: 100 }),
  /** Where the batch ends; it begins at the place of the record. */
  upto: StoredPlace,
  /** Digest of what was asked for when its events were chosen: asked otherwise they would be others. */
  question: Type.String(),
  /** Digest of where it goes: a mark says something of that receiver only. */
  target: Type.String(),
  mark: Type.Optional(Type.String({ maxLength: 4096 })),
  /** Number of the attempt that is under way or comes next, from 1; of no attempt that was begun before. */
  attempt: Type.Integer({ minimum: 1 }),
  /** How many attempts are known to have failed: the schedule goes by it. */
  failures: Count,
  firstAttemptMs: Ms,
  /** Left out: at once. */
  nextAttemptMs: Type.Optional(Ms),
  events: Type.Integer({ minimum: 1 }),
  /** Of their texts. */
  bytes: Count,
  /** When the first of its events was received, and the last. */
  oldestMs: Ms,
  newestMs: Type.Optional(Ms),
});
export type InFlight = Static<typeof InFlight>;

export const ProgressRecord = Type.Object({
  /** Of the definition; progress of an older one does not count. */
  generation: Count,
  /** Everything before it was delivered. */
  place: StoredPlace,
  inFlight: Type.Optional(InFlight),
  /** `parked`: the schedule of retries is over, `ended`: the receiver wants no more; both until they are resumed. */
  state: Type.Union([Type.Literal('active'), Type.Literal('parked'), Type.Literal('ended')]),
  /** Of the definition: the last resume that was heeded. */
  resumed: Count,
  /** Events of this generation, repetitions not counted. */
  delivered: Count,
  lastDeliveredMs: Type.Optional(Ms),
  /** When the last event that was delivered was received. */
  uptoMs: Type.Optional(Ms),
  /** Read from the store, of what was accepted a while ago; left out: not known yet. */
  catchingUp: Type.Optional(Type.Boolean()),
  /** The store does not read on for it; left out: it does. */
  refused: Type.Optional(
    Type.Object({
      sinceMs: Ms,
      /** One sentence, of the store. */
      reason: Type.String({ maxLength: 1000 }),
      /** In a row. */
      failures: Type.Integer({ minimum: 1 }),
      nextMs: Ms,
    }),
  ),
  lastFailure: Type.Optional(
    Type.Object({ atMs: Ms, reason: Type.String(), answer: Type.Optional(AnswerRecord) }),
  ),
});
export type ProgressRecord = Static<typeof ProgressRecord>;
