/** What became of deliveries, and one on request to try the way. */
import type { IdParams } from '@cadf-pipeline/control-state';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { exportErrors } from '../errors.ts';
import { Answer, toInstant } from '../subscription/delivery-state.ts';
import type { DeliveryAttempt } from '../subscription/delivery-view.ts';
import type { SubscriptionDeps, Subscriptions } from '../subscription/subscriptions.ts';
import { createTestLimit } from '../subscription/test-limit.ts';
import { toldToOthers } from '../subscription/told-to-others.ts';
import { OWNING, SEEING, SubscriptionParams, SUBSCRIPTIONS_PATH } from './subscriptions.ts';

/** Attempts that are remembered of one subscription. */
const MAX_ATTEMPTS = 100;
const TEST_TIMEOUT_MS = 20_000;

const Outcome = Type.Enum(['delivered', 'failed', 'ended'] as const, {
  description: '`delivered`; `failed`: tried again; `ended`: the receiver wants no more',
});
const outcomeMembers = {
  outcome: Outcome,
  reason: Type.Optional(Type.String({ description: 'What went wrong and how to mend it' })),
  answer: Type.Optional(Answer),
  durationMs: Type.Number({ description: 'Milliseconds' }),
};

const AttemptView = Type.Object({
  batch: Type.String({ description: 'Id of the batch (`webhook-id`), the same in all attempts' }),
  attempt: Type.Integer({ description: 'From 1' }),
  at: Type.String({ description: 'RFC 3339, ms: when it began' }),
  events: Type.Integer({ description: 'Events of the batch' }),
  ...outcomeMembers,
  test: Type.Boolean({ description: 'Whether it was sent on request' }),
});
const attemptExample = {
  batch: 'msg_2f1d0c8e5a374a57',
  attempt: 2,
  at: '2026-11-01T12:34:56.789Z',
  events: 100,
  outcome: 'failed',
  reason: 'The receiver answered 503, not 200 to 299.',
  answer: { status: 503, text: 'busy' },
  durationMs: 41,
  test: false,
} as const;
const Deliveries = Type.Object(
  { deliveries: Type.Array(AttemptView) },
  { description: 'Attempts, the newest first', examples: [{ deliveries: [attemptExample] }] },
);
const DeliveriesQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_ATTEMPTS,
        description: `Most attempts; default ${MAX_ATTEMPTS}`,
        examples: [20],
      }),
    ),
    outcome: Type.Optional({ ...Outcome, description: 'Only those that ended so', examples: ['failed'] }),
  },
  { additionalProperties: false },
);
type DeliveriesQuery = Static<typeof DeliveriesQuery>;

const Tested = Type.Object(
  { batch: AttemptView.properties.batch, ...outcomeMembers },
  {
    description: 'What came of it',
    examples: [
      {
        batch: 'msg_9b3c5d7e1f204a68',
        outcome: 'delivered',
        answer: { status: 204, text: '' },
        durationMs: 18.2,
      },
    ],
  },
);

export function subscriptionDeliveryRoutes(
  app: FastifyInstance,
  { delivery, now }: Pick<SubscriptionDeps, 'delivery' | 'now'>,
  subscriptions: Subscriptions,
): void {
  const tags = ['subscriptions'];
  const limits = createTestLimit(now);

  app.get<{ Params: IdParams; Querystring: DeliveriesQuery }>(
    `${SUBSCRIPTIONS_PATH}/:id/deliveries`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Read the delivery log of a subscription',
        description: `The last ${MAX_ATTEMPTS} attempts at most. What the receiver wrote, its owner alone is shown.`,
        params: SubscriptionParams,
        querystring: DeliveriesQuery,
        problems: [exportErrors.SUBSCRIPTION_NOT_FOUND],
        response: { 200: Deliveries },
      },
    },
    (request) => {
      const { limit = MAX_ATTEMPTS, outcome } = request.query;
      const { entity } = subscriptions.current(request, 'see');
      const attempts = delivery.attempts(entity.id, limit, outcome);
      const mine = subscriptions.isOwn(principalOf(request), entity);
      return { deliveries: (mine ? attempts : attempts.map(toldToOthers)).map(toView) };
    },
  );

  app.post<{ Params: IdParams }>(
    `${SUBSCRIPTIONS_PATH}/:id/test`,
    {
      ...OWNING,
      schema: {
        tags,
        summary: 'Send a test to the receiver',
        description:
          'One made-up event, marked as a test, signed and sent as all others are, once, whatever the state of the subscription; the answer says what the receiver said. Only its owner may.',
        params: SubscriptionParams,
        problems: [
          exportErrors.SUBSCRIPTION_NOT_FOUND,
          exportErrors.SUBSCRIPTION_NOT_YOURS,
          exportErrors.SUBSCRIPTION_TEST_THROTTLED,
        ],
        response: { 200: Tested },
      },
    },
    async (request) => {
      const { entity } = subscriptions.current(request, 'own');
      const waitSeconds = limits.take(principalOf(request).id);
      if (waitSeconds > 0)
        throw new ProblemError(exportErrors.SUBSCRIPTION_TEST_THROTTLED, { retryAfterSeconds: waitSeconds });
      const { batch, durationMs, result } = await delivery.test(entity, AbortSignal.timeout(TEST_TIMEOUT_MS));
      return {
        batch,
        outcome: result.outcome,
        ...('reason' in result ? { reason: result.reason } : {}),
        ...(result.answer === undefined ? {} : { answer: result.answer }),
        durationMs,
      };
    },
  );
}

function toView({ atMs, ...attempt }: DeliveryAttempt): Static<typeof AttemptView> {
  return { ...attempt, at: toInstant(atMs) };
}
