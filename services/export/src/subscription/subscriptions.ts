/** What all routes of subscriptions share: finding one, who may do what with it, changing it, showing it. */
import {
  createKeyOwned,
  etagOf,
  MAX_SUBSCRIPTION_BYTES,
  MAX_SUBSCRIPTIONS_OF_ONE,
} from '@cadf-pipeline/control-state';
import type { AdminDeps, KeyOwned, Subscription, Versioned } from '@cadf-pipeline/control-state';
import type { EventTail, TailCursors } from '@cadf-pipeline/event-tail';
import { principalOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyReply } from 'fastify';
import { exportErrors } from '../errors.ts';
import { askedEvents } from './asked-events.ts';
import { deliveryState } from './delivery-state.ts';
import type { DeliveryView } from './delivery-view.ts';
import { requireSound } from './fault.ts';
import { receiverFaults } from './receiver-rules.ts';
import type { ReceiverRules } from './receiver-rules.ts';
import type { Rights } from './rights.ts';
import type { SecretBox } from './secret-box.ts';
import { viewOf } from './subscription-view.ts';
import { toldToOthers } from './told-to-others.ts';

export interface SubscriptionDeps extends AdminDeps {
  readonly tail: Pick<EventTail, 'now' | 'since'>;
  readonly cursors: TailCursors;
  readonly box: SecretBox;
  readonly rights: Rights;
  readonly receivers: ReceiverRules;
  readonly delivery: DeliveryView;
}

export interface Subscriptions extends KeyOwned<'subscription'> {
  view(principal: Principal, subscription: Versioned<'subscription'>): { readonly id: string };
  /** Answers with the subscription, its version as entity tag, and `told` beside. */
  send(reply: FastifyReply, subscription: Versioned<'subscription'>, told?: object): FastifyReply;
}

export function createSubscriptions(deps: SubscriptionDeps): Subscriptions {
  const { cursors, delivery, now, rights } = deps;
  const owned = createKeyOwned(deps, {
    kind: 'subscription',
    most: MAX_SUBSCRIPTIONS_OF_ONE,
    problems: {
      notFound: exportErrors.SUBSCRIPTION_NOT_FOUND,
      notYours: exportErrors.SUBSCRIPTION_NOT_YOURS,
      needsKey: exportErrors.SUBSCRIPTION_NEEDS_KEY,
      tooMany: exportErrors.SUBSCRIPTION_TOO_MANY,
    },
  });

  function view(principal: Principal, subscription: Versioned<'subscription'>): { readonly id: string } {
    const { entity } = subscription;
    const told = deliveryState({
      subscription,
      written: delivery.status(entity.id),
      rights,
      nowMs: now(),
      question: askedEvents(entity)?.question,
      issue: (question, place) => cursors.issue(question, place),
    });
    const mine = owned.isOwn(principal, entity);
    const { lastFailure } = told;
    const shown = mine || !lastFailure ? told : { ...told, lastFailure: toldToOthers(lastFailure) };
    return { id: entity.id, ...viewOf(subscription, mine, shown) };
  }

  return {
    ...owned,
    view,
    send: (reply, subscription, told = {}) =>
      reply
        .header('etag', etagOf(subscription))
        .send({ ...view(principalOf(reply.request), subscription), ...told }),
  };
}

/** Throws SUBSCRIPTION_INVALID for a receiver that may not be connected to, and for what is too large. */
export function requireFit(subscription: Subscription, receivers: ReceiverRules): void {
  requireSound(receiverFaults(subscription, receivers));
  const bytes = Buffer.byteLength(JSON.stringify(subscription));
  requireSound(
    bytes > MAX_SUBSCRIPTION_BYTES
      ? [{ path: 'body', message: `is kept in ${bytes} bytes, the most is ${MAX_SUBSCRIPTION_BYTES}` }]
      : [],
  );
}
