/** `/cadf/v1/subscriptions`: making, listing, reading, changing and deleting what carries events to a receiver. */
import { randomUUID } from 'node:crypto';
import {
  changeProblems,
  controlErrors,
  createdAnswer,
  IdParams,
  IfMatch,
  MAX_SUBSCRIPTION_BYTES,
  MAX_SUBSCRIPTIONS_OF_ONE,
  page,
  pageOf,
  PageQuery,
  taggedAnswer,
} from '@cadf-pipeline/control-state';
import type { Subscription } from '@cadf-pipeline/control-state';
import { principalOf, scopeOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { exportErrors } from '../errors.ts';
import { ChangedSubscription } from '../subscription/changed-subscription.ts';
import { readFilter } from '../subscription/filter.ts';
import { NewSubscription } from '../subscription/new-subscription.ts';
import { startPlace } from '../subscription/start-place.ts';
import {
  subscriptionExample,
  SubscriptionView,
  toldExample,
  ToldSubscription,
} from '../subscription/subscription-view.ts';
import { requireFit } from '../subscription/subscriptions.ts';
import type { SubscriptionDeps, Subscriptions } from '../subscription/subscriptions.ts';
import { changeSink, makeSink } from '../subscription/target.ts';

export const SUBSCRIPTIONS_PATH = '/cadf/v1/subscriptions';
/** What is kept, with all its characters escaped. */
export const BODY_LIMIT = 6 * MAX_SUBSCRIPTION_BYTES;
export const SubscriptionParams = Type.Object({
  id: { ...IdParams.properties.id, examples: [subscriptionExample.id] },
});
export const SUBSCRIPTION_ANSWER = taggedAnswer('The subscription', SubscriptionView, subscriptionExample);
/** Who makes subscriptions. */
export const OWNING = { config: { role: ['query', 'export'] } } as const;
/** An admin of the tenants sees to what was left behind, and need not be one who may read events. */
export const SEEING = { config: { role: ['query', 'export', 'admin'] } } as const;
export const ofOneProblems = [
  exportErrors.SUBSCRIPTION_NOT_FOUND,
  exportErrors.SUBSCRIPTION_NOT_YOURS,
  controlErrors.CONTROL_UNKNOWN,
  controlErrors.CONTROL_VERSION,
  ...changeProblems,
];
const writingProblems = [exportErrors.SUBSCRIPTION_FILTER_INVALID, exportErrors.SUBSCRIPTION_INVALID];

/** Registers the routes. Each change is an audit event of the system, as changes under `/cadf/v1/admin` are. */
export function subscriptionRoutes(
  app: FastifyInstance,
  deps: SubscriptionDeps,
  subscriptions: Subscriptions,
): void {
  const { box, now, receivers } = deps;
  const tags = ['subscriptions'];

  app.post<{ Body: NewSubscription }>(
    SUBSCRIPTIONS_PATH,
    {
      ...OWNING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Subscribe',
        description: `Events that pass the filter are carried to the receiver, in order and at least once, within what the calling key may read at the time of each delivery. At most ${MAX_SUBSCRIPTIONS_OF_ONE} of one owner.`,
        body: NewSubscription,
        problems: [
          ...writingProblems,
          exportErrors.SUBSCRIPTION_START_INVALID,
          exportErrors.SUBSCRIPTION_NEEDS_KEY,
          exportErrors.SUBSCRIPTION_TOO_MANY,
          ...changeProblems,
        ],
        response: { 201: createdAnswer('The subscription, and its secret', ToldSubscription, toldExample) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const principal = principalOf(request);
      // Before anything is recorded: a mistake in a filter is no event.
      const owner = subscriptions.ownerOf(principal);
      scopeOf(principal, body.tenant);
      readFilter(body.filter);
      const id = randomUUID();
      const { secret, sink } = makeSink(box, id, body, now());
      const after: Subscription = {
        id,
        ...contentOf(body),
        owner,
        tenants: tenantsOf(principal),
        sink,
        start: await startPlace(deps, body, body),
        generation: 1,
        resumed: 0,
        paused: false,
        created: new Date(now()).toISOString(),
      };
      requireFit(after, receivers);
      const made = await subscriptions.create(request, id, () => after);
      void reply.code(201).header('location', `${SUBSCRIPTIONS_PATH}/${id}`);
      const told = secret === undefined ? {} : { secret, ...publicKeyOf(sink) };
      return subscriptions.send(reply, made, told);
    },
  );

  app.get<{ Querystring: PageQuery }>(
    SUBSCRIPTIONS_PATH,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'List subscriptions',
        description: 'Those of the caller; an admin also finds those of its tenants.',
        querystring: PageQuery,
        response: { 200: pageOf(SubscriptionView, subscriptionExample) },
      },
    },
    (request) => {
      const principal = principalOf(request);
      return page(subscriptions.all(principal), request.query, (subscription) =>
        subscriptions.view(principal, subscription),
      );
    },
  );

  app.get<{ Params: IdParams }>(
    `${SUBSCRIPTIONS_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Read a subscription',
        description: 'What it is, without its secrets, and how far it has come.',
        params: SubscriptionParams,
        problems: [exportErrors.SUBSCRIPTION_NOT_FOUND],
        response: { 200: SUBSCRIPTION_ANSWER },
      },
    },
    (request, reply) => subscriptions.send(reply, subscriptions.current(request, 'see')),
  );

  app.patch<{ Params: IdParams; Body: ChangedSubscription }>(
    `${SUBSCRIPTIONS_PATH}/:id`,
    {
      ...OWNING,
      bodyLimit: BODY_LIMIT,
      schema: {
        tags,
        summary: 'Change a subscription',
        description:
          'What the body names is replaced as a whole, null takes away, all else stays. Only its owner may. With another filter it goes on from where it is. Which members there are, its type says; its type, tenant, source, topic and brokers are for good.',
        params: SubscriptionParams,
        headers: IfMatch,
        body: ChangedSubscription,
        problems: [...writingProblems, ...ofOneProblems],
        response: { 200: SUBSCRIPTION_ANSWER },
      },
    },
    async (request, reply) => {
      const { body } = request;
      // Seen and allowed before it is checked: faults tell of what it is.
      const found = subscriptions.current(request, 'own');
      readFilter(body.filter ?? undefined);
      requireFit(changed(found.entity, body), receivers);
      const tenants = tenantsOf(principalOf(request));
      const made = await subscriptions.change(request, 'own', 'update', (before) => ({
        ...changed(before, body),
        tenants,
      }));
      return subscriptions.send(reply, made);
    },
  );

  app.delete<{ Params: IdParams }>(
    `${SUBSCRIPTIONS_PATH}/:id`,
    {
      ...SEEING,
      schema: {
        tags,
        summary: 'Delete a subscription',
        description:
          'Nothing is delivered any more, and what was not is not kept for it. Its owner may, and an admin of all its tenants.',
        params: SubscriptionParams,
        headers: IfMatch,
        problems: ofOneProblems,
        response: { 204: Type.Null({ description: 'It is gone' }) },
      },
    },
    async (request, reply) => {
      await subscriptions.remove(request);
      return reply.code(204).send();
    },
  );

  function changed(before: Subscription, change: ChangedSubscription): Subscription {
    const { filter, name, ...rest } = before;
    return {
      ...rest,
      ...contentOf({ filter: replaced(filter, change.filter), name: replaced(name, change.name) }),
      sink: changeSink(box, before, change),
      paused: change.paused ?? before.paused,
      // What was paused is woken as by a resume.
      resumed: before.paused && change.paused === false ? before.resumed + 1 : before.resumed,
    };
  }
}

function tenantsOf({ tenants }: Principal): Subscription['tenants'] {
  return tenants === '*' ? tenants : [...tenants];
}

export function publicKeyOf(sink: Subscription['sink']): { readonly publicKey?: string } {
  const [newest] = sink.type === 'webhook' ? sink.secrets : [];
  return newest === undefined ? {} : { publicKey: newest.publicKey };
}

type Content = Pick<Subscription, 'filter' | 'name' | 'source' | 'tenant'>;

function contentOf({
  filter,
  name,
  source,
  tenant,
}: Partial<Record<keyof Content, string | undefined>>): Content {
  return {
    ...(name === undefined ? {} : { name }),
    ...(filter === undefined ? {} : { filter }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(source === undefined ? {} : { source }),
  };
}

/** A member after a change: undefined leaves it, null takes it away. */
function replaced(before: string | undefined, change: string | null | undefined): string | undefined {
  return change === undefined ? before : (change ?? undefined);
}
