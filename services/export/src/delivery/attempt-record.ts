/** One attempt to deliver a batch, as it is kept in the log: what was tried and what the receiver said. */
import { jsonRecord } from '@cadf-pipeline/shared-work';
import { Type } from 'typebox';
import type { Static } from 'typebox';

/** What the receiver said. */
export const AnswerRecord = Type.Object({
  status: Type.Optional(Type.Integer()),
  text: Type.Optional(Type.String()),
});

export const AttemptRecord = Type.Object({
  /** Id of the batch. */
  batch: Type.String(),
  /** From 1. */
  attempt: Type.Integer({ minimum: 1 }),
  /** When it began, milliseconds since 1970 UTC. */
  atMs: Type.Number(),
  durationMs: Type.Number(),
  events: Type.Integer({ minimum: 0 }),
  outcome: Type.Union([Type.Literal('delivered'), Type.Literal('failed'), Type.Literal('ended')]),
  /** Why it was not delivered. */
  reason: Type.Optional(Type.String()),
  answer: Type.Optional(AnswerRecord),
  test: Type.Boolean(),
});
export type AttemptRecord = Static<typeof AttemptRecord>;

/** The log is for information: a record that cannot be read is left out of it. */
export const { encode: encodeAttempt, decode: decodeAttempt } = jsonRecord(AttemptRecord);
