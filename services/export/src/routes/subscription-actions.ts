/** What is done with a subscription: pause, resume, replay, another secret. */
import { IfMatch, MAX_WEBHOOK_SECRETS, taggedAnswer } from '@cadf-pipeline/control-state';
import type { ControlAction, IdParams, May, SealedSecret, Subscription } from '@cadf-pipeline/control-state';
import { ProblemError } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { exportErrors } from '../errors.ts';
import { GivenSecret, startMembers } from '../subscription/new-subscription.ts';
import { startPlace } from '../subscription/start-place.ts';
import { toldExample, ToldSubscription } from '../subscription/subscription-view.ts';
import type { SubscriptionDeps, Subscriptions } from '../subscription/subscriptions.ts';
import { readGiven } from '../subscription/target.ts';
import { makeWebhookSecret } from '../subscription/webhook-secret.ts';
import {
  BODY_LIMIT,
  ofOneProblems,
  OWNING,
  publicKeyOf,
  SEEING,
  SUBSCRIPTION_ANSWER,
  SubscriptionParams,
  SUBSCRIPTIONS_PATH,
} from './subscriptions.ts';

const DAY_SECONDS = 86_400;

const Replay = Type.Object(startMembers, {
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  examples: [{ from: '2026-11-01T00:00:00Z' }],
});
type Replay = Static<typeof Replay>;

const Rotation = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 7 * DAY_SECONDS,
        description: 'How long the secrets of before sign too; default 86,400',
      }),
    ),
    secret: Type.Optional(GivenSecret),
  },
  { additionalProperties: false },
);
type Rotation = Static<typeof Rotation>;
const RotationBody = Type.Union([Rotation, Type.Null()], { examples: [{ overlapSeconds: 3600 }] });

export function subscriptionActionRoutes(
  app: FastifyInstance,
  deps: SubscriptionDeps,
  subscriptions: Subscriptions,
): void {
  const { box, now } = deps;
  const tags = ['subscriptions'];

  /** A change without a body. */
  function action(
    name: string,
    words: { readonly summary: string; readonly description: string },
    [may, controlAction]: readonly [May, ControlAction],
    to: (before: Subscription) => Subscription,
  ): void {
    app.post<{ Params: IdParams }>(
      `${SUBSCRIPTIONS_PATH}/:id/${name}`,
      {
        ...SEEING,
        schema: {
          tags,
          ...words,
          params: SubscriptionParams,
          headers: IfMatch,
          problems: ofOneProblems,
          response: { 200: SUBSCRIPTION_ANSWER },
        },
      },
      async (request, reply) =>
        subscriptions.send(reply, await subscriptions.change(request, may, controlAction, to)),
    );
  }

  action(
    'pause',
    {
      summary: 'Pause a subscription',
      description:
        'Nothing is delivered until it is resumed; what comes meanwhile is delivered then. Its owner may, and an admin of all its tenants.',
    },
    ['see', 'disable'],
    (before) => ({ ...before, paused: true }),
  );

  action(
    'resume',
    {
      summary: 'Resume a subscription',
      description:
        'One that is paused, parked or ended goes on where it stopped, at once: nothing was dropped. Only its owner may, or an admin of all its tenants.',
    },
    ['see', 'enable'],
    (before) => ({ ...before, paused: false, resumed: before.resumed + 1 }),
  );

  app.post<{ Params: IdParams; Body: Replay }>(
    `${SUBSCRIPTIONS_PATH}/:id/replay`,
    {
      ...OWNING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Deliver again from a time or a cursor',
        description:
          'What it had in hand is let go, and it starts anew from there, also when it was parked or had ended; one that is paused waits for its resume. Batches get new ids. Only its owner may.',
        params: SubscriptionParams,
        headers: IfMatch,
        body: Replay,
        problems: [exportErrors.SUBSCRIPTION_START_INVALID, ...ofOneProblems],
        response: { 200: SUBSCRIPTION_ANSWER },
      },
    },
    async (request, reply) => {
      const start = await startPlace(deps, subscriptions.current(request, 'own').entity, request.body);
      const made = await subscriptions.change(request, 'own', 'start', (before) => ({
        ...before,
        start,
        generation: before.generation + 1,
      }));
      return subscriptions.send(reply, made);
    },
  );

  app.post<{ Params: IdParams; Body: Rotation | null }>(
    `${SUBSCRIPTIONS_PATH}/:id/rotate-secret`,
    {
      ...OWNING,
      schema: {
        tags,
        summary: 'Sign with another secret',
        description:
          'Of a webhook. Requests are signed with the new secret and with those of before until they expire, so that the receiver can change over in between. Only its owner may.',
        params: SubscriptionParams,
        headers: IfMatch,
        body: RotationBody,
        problems: [
          exportErrors.SUBSCRIPTION_INVALID,
          exportErrors.SUBSCRIPTION_NO_SECRET,
          exportErrors.SUBSCRIPTION_SECRETS_FULL,
          ...ofOneProblems,
        ],
        response: {
          200: taggedAnswer('The subscription with its new secret', ToldSubscription, toldExample),
        },
      },
    },
    async (request, reply) => {
      const { overlapSeconds = DAY_SECONDS, secret: given } = request.body ?? {};
      const nowMs = now();
      rotated(subscriptions.current(request, 'own').entity, overlapSeconds, nowMs);
      const { kept, secret } = makeWebhookSecret(box, request.params.id, nowMs, readGiven(given));
      const made = await subscriptions.change(request, 'own', 'renew', (before) => {
        const { older, sink } = rotated(before, overlapSeconds, nowMs);
        return { ...before, sink: { ...sink, secrets: [kept, ...older] } };
      });
      return subscriptions.send(reply, made, { secret, ...publicKeyOf(made.entity.sink) });
    },
  );
}

/** Which of the secrets sign on beside a new one. Throws SUBSCRIPTION_NO_SECRET and SUBSCRIPTION_SECRETS_FULL. */
function rotated(
  { sink }: Subscription,
  overlapSeconds: number,
  nowMs: number,
): { readonly sink: Extract<Subscription['sink'], { type: 'webhook' }>; readonly older: SealedSecret[] } {
  if (sink.type !== 'webhook') throw new ProblemError(exportErrors.SUBSCRIPTION_NO_SECRET);
  const endMs = nowMs + overlapSeconds * 1000;
  const older = sink.secrets.flatMap((secret) => {
    const expiresMs = Math.min(endMs, secret.expires === undefined ? endMs : Date.parse(secret.expires));
    return expiresMs <= nowMs ? [] : [{ ...secret, expires: new Date(expiresMs).toISOString() }];
  });
  if (older.length >= MAX_WEBHOOK_SECRETS)
    throw new ProblemError(exportErrors.SUBSCRIPTION_SECRETS_FULL, {
      detail: `${older.length} would sign beside the new one; at most ${MAX_WEBHOOK_SECRETS} sign at a time.`,
    });
  return { sink, older };
}
