/** How far a subscription has come, as it is shown: what was delivered, seen from what the owner wants and may now. */
import type { TailCursors } from '@cadf-pipeline/event-tail';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { fromStoredPlace } from '../delivery/stored-place.ts';
import type { DeliveryFailure, DeliveryStatus } from './delivery-view.ts';
import { waitingReason } from './waiting-reason.ts';
import type { WaitingFacts } from './waiting-reason.ts';

const Instant = Type.String({ description: 'RFC 3339, ms' });

/** What the receiver said. */
export const Answer = Type.Object(
  {
    status: Type.Optional(Type.Integer({ description: 'HTTP status' })),
    text: Type.Optional(Type.String({ description: 'The beginning of what it said' })),
  },
  { description: 'What the receiver said' },
);

export const DeliveryState = Type.Object(
  {
    state: Type.Enum(['active', 'paused', 'waiting', 'parked', 'ended'] as const, {
      description:
        '`active`: delivers. `paused`: its owner or an administrator wants nothing delivered. `waiting`: it cannot be delivered now, `reason` says why (such as the key of its owner being revoked or changed, or no process to deliver it); goes on by itself when it can. `parked`: the receiver failed for the whole schedule; nothing is lost, resume it. `ended`: the receiver wants no more (HTTP 410).',
    }),
    reason: Type.Optional(
      Type.String({ description: 'Of `waiting`: why nothing is delivered, and how to mend it' }),
    ),
    cursor: Type.Optional(
      Type.String({ description: 'Where it goes on: a stream or another subscription can start from there' }),
    ),
    delivered: Type.Integer({ description: 'Events delivered since it was made or replayed' }),
    lastDelivered: Type.Optional(Instant),
    catchingUp: Type.Optional(
      Type.Boolean({
        description: 'Whether it still reads what was accepted a while ago; left out: nothing was read yet',
      }),
    ),
    oldestUndelivered: Type.Optional(
      Type.String({
        description:
          'RFC 3339, ms: when the first event of the batch in delivery was received; none: no batch is',
      }),
    ),
    behindSeconds: Type.Optional(
      Type.Number({
        description:
          'How far it is behind: the age of the oldest event in delivery; while it catches up without one, of the last that was delivered; 0: it has all. Left out where that is not known',
      }),
    ),
    lastFailure: Type.Optional(
      Type.Object(
        {
          at: Instant,
          reason: Type.String({ description: 'What went wrong and how to mend it' }),
          answer: Type.Optional(Answer),
        },
        { description: 'Of the last attempt that failed' },
      ),
    ),
    nextAttempt: Type.Optional(
      Type.String({
        description: 'RFC 3339, ms: when the batch that failed is sent again, or the store is asked again',
      }),
    ),
  },
  { description: 'How far it has come' },
);
export type DeliveryStateView = Static<typeof DeliveryState>;

export interface DeliveryStateFacts extends Omit<WaitingFacts, 'status'> {
  readonly written: DeliveryStatus | undefined;
  /** The cursor of a place. */
  readonly issue: TailCursors['issue'];
}

export function deliveryState({ issue, written, ...facts }: DeliveryStateFacts): DeliveryStateView {
  const { question, subscription } = facts;
  const { entity } = subscription;
  // What was written before a replay tells nothing of what comes after it.
  const status = written?.generation === entity.generation ? written : undefined;
  const { reason, state } = stateOf({ ...facts, status });
  const place = status?.place ?? fromStoredPlace(entity.start);
  const nextMs =
    state === 'active' ? status?.nextAttemptMs : state === 'waiting' ? status?.refused?.nextMs : undefined;
  const behindMs = status && behindOf(status, state, facts.nowMs);
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(question === undefined ? {} : { cursor: issue(question, place) }),
    delivered: status?.delivered ?? 0,
    ...(status?.lastDeliveredMs === undefined ? {} : { lastDelivered: toInstant(status.lastDeliveredMs) }),
    ...(status?.catchingUp === undefined ? {} : { catchingUp: status.catchingUp }),
    ...(status?.oldestMs === undefined ? {} : { oldestUndelivered: toInstant(status.oldestMs) }),
    ...(behindMs === undefined ? {} : { behindSeconds: Math.max(0, behindMs) / 1000 }),
    ...(status?.lastFailure === undefined ? {} : { lastFailure: toFailure(status.lastFailure) }),
    ...(nextMs === undefined ? {} : { nextAttempt: toInstant(nextMs) }),
  };
}

function stateOf(facts: WaitingFacts): Pick<DeliveryStateView, 'reason' | 'state'> {
  const { status, subscription } = facts;
  const { paused, resumed } = subscription.entity;
  // An owner that resumed it knew of what had stopped it before.
  const stopped = status?.resumed === resumed ? status.state : 'active';
  if (stopped === 'ended') return { state: 'ended' };
  if (paused) return { state: 'paused' };
  if (stopped === 'parked') return { state: 'parked' };
  const reason = waitingReason(facts);
  return reason === undefined ? { state: 'active' } : { state: 'waiting', reason };
}

function behindOf(
  { catchingUp, oldestMs, uptoMs }: DeliveryStatus,
  state: DeliveryStateView['state'],
  nowMs: number,
): number | undefined {
  if (oldestMs !== undefined) return nowMs - oldestMs;
  // Of one that stands still it is not known what comes next.
  if (state !== 'active') return undefined;
  if (catchingUp === false) return 0;
  return uptoMs === undefined ? undefined : nowMs - uptoMs;
}

function toFailure({ answer, atMs, reason }: DeliveryFailure): NonNullable<DeliveryStateView['lastFailure']> {
  return { at: toInstant(atMs), reason, ...(answer === undefined ? {} : { answer }) };
}

export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
