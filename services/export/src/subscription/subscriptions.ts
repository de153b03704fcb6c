/** What all routes of subscriptions share: finding one, who may do what with it, changing it, showing it. */
import { auditedChange, etagOf, MAX_SUBSCRIPTION_BYTES, requireCurrent } from '@cadf-pipeline/control-state';
import type {
  AdminDeps,
  ControlAction,
  IdParams,
  Subscription,
  Versioned,
} from '@cadf-pipeline/control-state';
import type { EventTail, TailCursors } from '@cadf-pipeline/event-tail';
import { principalOf, ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
import { administers, ownerOf as ownerOfCaller, owns, sinceOf } from './visibility.ts';

export interface SubscriptionDeps extends AdminDeps {
  readonly tail: Pick<EventTail, 'now' | 'since'>;
  readonly cursors: TailCursors;
  readonly box: SecretBox;
  readonly rights: Rights;
  readonly receivers: ReceiverRules;
  readonly delivery: DeliveryView;
}

/** `own`: only its owner; `see`: also an admin of all its tenants. */
export type May = 'own' | 'see';
type OfOne = FastifyRequest<{ Params: IdParams }>;

export interface Subscriptions {
  /** Those the principal may see. */
  all(principal: Principal): readonly Versioned<'subscription'>[];
  /** Throws SUBSCRIPTION_NOT_FOUND, SUBSCRIPTION_NOT_YOURS and CONTROL_VERSION. */
  current(request: OfOne, may: May): Versioned<'subscription'>;
  /** Who owns what this caller makes. Throws SUBSCRIPTION_NEEDS_KEY. */
  ownerOf(principal: Principal): Pick<Subscription, 'owner' | 'tenants'>;
  /** Makes what `to` makes of it, with its audit event. Throws what `current` throws, and what a change of the control state throws. */
  change(
    request: OfOne,
    may: May,
    action: ControlAction,
    to: (before: Subscription) => Subscription,
  ): Promise<Versioned<'subscription'>>;
  isOwn(principal: Principal, subscription: Subscription): boolean;
  view(principal: Principal, subscription: Versioned<'subscription'>): { readonly id: string };
  /** Answers with the subscription, its version as entity tag, and `told` beside. */
  send(reply: FastifyReply, subscription: Versioned<'subscription'>, told?: object): FastifyReply;
}

export function createSubscriptions(deps: SubscriptionDeps): Subscriptions {
  const { cursors, delivery, now, rights, state } = deps;

  const isOwn = (principal: Principal, subscription: Subscription): boolean =>
    owns(principal, sinceOf(state, principal), subscription);

  function current(request: OfOne, may: May): Versioned<'subscription'> {
    const principal = principalOf(request);
    const { id } = request.params;
    const found = state.get('subscription', id);
    const own = found !== undefined && isOwn(principal, found.entity);
    if (found === undefined || !(own || administers(principal, found.entity)))
      throw new ProblemError(exportErrors.SUBSCRIPTION_NOT_FOUND);
    if (may === 'own' && !own) throw new ProblemError(exportErrors.SUBSCRIPTION_NOT_YOURS);
    return requireCurrent('subscription', id, found, request.headers['if-match']);
  }

  function ownerOf(principal: Principal): Pick<Subscription, 'owner' | 'tenants'> {
    const owner = ownerOfCaller(state, principal);
    if (owner === undefined) throw new ProblemError(exportErrors.SUBSCRIPTION_NEEDS_KEY);
    const { tenants } = principal;
    return { owner, tenants: tenants === '*' ? tenants : [...tenants] };
  }

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
    const mine = isOwn(principal, entity);
    const { lastFailure } = told;
    const shown = mine || !lastFailure ? told : { ...told, lastFailure: toldToOthers(lastFailure) };
    return { id: entity.id, ...viewOf(subscription, mine, shown) };
  }

  return {
    all: (principal) =>
      state
        .list('subscription')
        .filter(({ entity }) => isOwn(principal, entity) || administers(principal, entity)),
    current,
    ownerOf,
    async change(request, may, action, to) {
      const { id } = request.params;
      const made = await auditedChange(deps, request, {
        action,
        kind: 'subscription',
        id,
        plan: () => {
          const before = current(request, may);
          return { before, after: to(before.entity) };
        },
      });
      return requireCurrent('subscription', id, made, undefined);
    },
    isOwn,
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
