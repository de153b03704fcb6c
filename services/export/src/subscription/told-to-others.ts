/**
 * What became of a delivery, for others than the owner: without what the receiver wrote. In that the path of the URL may
 * stand, and with it a token.
 */
import type { SinkAnswer } from '../sinks/sink.ts';
import { withoutLocation } from '../webhook/answer-outcome.ts';

export function toldToOthers<Said extends { readonly reason?: string; readonly answer?: SinkAnswer }>(
  said: Said,
): Said {
  const { answer, reason } = said;
  return {
    ...said,
    ...(reason === undefined ? {} : { reason: withoutLocation(reason) }),
    ...(answer?.status === undefined ? {} : { answer: { status: answer.status } }),
  };
}
