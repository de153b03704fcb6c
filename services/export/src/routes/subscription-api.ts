/** All routes of managed subscriptions. */
import type { FastifyInstance } from 'fastify';
import { createSubscriptions } from '../subscription/subscriptions.ts';
import type { SubscriptionDeps } from '../subscription/subscriptions.ts';
import { subscriptionActionRoutes } from './subscription-actions.ts';
import { subscriptionDeliveryRoutes } from './subscription-deliveries.ts';
import { subscriptionRoutes } from './subscriptions.ts';

/** Registers them on a server of `createHttpServer` that knows `exportErrors` and `controlErrors`. */
export function subscriptionApi(app: FastifyInstance, deps: SubscriptionDeps): void {
  const subscriptions = createSubscriptions(deps);
  subscriptionRoutes(app, deps, subscriptions);
  subscriptionActionRoutes(app, deps, subscriptions);
  subscriptionDeliveryRoutes(app, deps, subscriptions);
}
