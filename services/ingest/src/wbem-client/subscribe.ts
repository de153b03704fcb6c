/**
 * Sets up subscriptions on a CIM server: one destination, and for each filter the filter and its subscription. What is
 * there and equal is left; what differs is replaced only when that is asked for. What a server refuses of an optional
 * filter is undone, so that no filter without subscription is left behind.
 */
import type { CimInstanceName, CimObject, NamedCimObject } from './cim-object.ts';
import { cimStatus } from './cim-status.ts';
import type { WantedFilter } from './indication-sets.ts';
import type { Interop } from './interop.ts';
import { isReferenceTo, nameOf, readSubscriptions, referenceOf } from './server-subscriptions.ts';
import type { ServerSubscriptions } from './server-subscriptions.ts';
import {
  destinationDifference,
  destinationName,
  destinationObjects,
  enabledSubscription,
  filterDifference,
  filterName,
  filterObjects,
  nameByKeys,
  subscriptionDifference,
  subscriptionObjects,
} from './subscription-objects.ts';
import type { Variants } from './subscription-objects.ts';
import type { WbemClient } from './wbem-client.ts';
import { isRefusal, WbemFailure } from './wbem-failure.ts';
import { createInstance, deleteInstance, modifyInstance } from './write-operation.ts';

export interface SubscriptionRequest {
  /** Tells the subscriptions of this caller from those of others on the same server. */
  readonly name: string;
  /** URL that the server sends indications to. */
  readonly listener: string;
  readonly filters: readonly WantedFilter[];
  readonly isReplacing: boolean;
  /** Where the server does not say its own name. */
  readonly systemName: string;
}

export type Outcome =
  | { readonly kind: 'kept' | 'created' | 'replaced' | 'enabled'; readonly what: string }
  /** Left as it is; `detail` says how it differs. */
  | { readonly kind: 'different'; readonly what: string; readonly detail: string }
  /** The server does not know it. */
  | { readonly kind: 'left-out'; readonly what: string; readonly failure: WbemFailure };

/** `told` hears of each part as it is done. Throws WbemFailure. */
export async function subscribe(
  client: WbemClient,
  interop: Interop,
  request: SubscriptionRequest,
  told: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  const { namespace } = interop;
  const systemName = interop.systemName ?? request.systemName;
  const there = await readSubscriptions(client, namespace);

  async function remove(name: CimInstanceName): Promise<void> {
    await removeInstance(client, namespace, name);
  }

  /** Removes an instance and the subscriptions that name it: servers refuse to remove what is in use. */
  async function removeUsed(object: NamedCimObject): Promise<void> {
    for (const one of there.subscriptions)
      if (
        isReferenceTo(referenceOf(one, 'Filter'), object.name) ||
        isReferenceTo(referenceOf(one, 'Handler'), object.name)
      )
        await remove(one.name);
    await remove(object.name);
  }

  /** The instance to refer to; `isNew` where it was made now, undefined where another is in its place. */
  async function ensure(
    what: string,
    existing: NamedCimObject | undefined,
    difference: string | undefined,
    variants: Variants,
  ): Promise<{ readonly name: CimInstanceName; readonly isNew: boolean } | undefined> {
    if (existing !== undefined && difference === undefined) {
      await told({ kind: 'kept', what });
      return { name: existing.name, isNew: false };
    }
    if (existing !== undefined && !request.isReplacing) {
      await told({ kind: 'different', what, detail: difference ?? '' });
      return undefined;
    }
    if (existing !== undefined) await removeUsed(existing);
    const name = await create(client, namespace, variants);
    await told({ kind: existing === undefined ? 'created' : 'replaced', what });
    return { name, isNew: true };
  }

  async function ensureSubscription(
    filter: CimInstanceName,
    handler: CimInstanceName,
    isKnown: boolean,
    what: string,
  ): Promise<void> {
    const existing = isKnown ? subscriptionOf(there, filter, handler) : undefined;
    const difference = existing === undefined ? undefined : subscriptionDifference(existing);
    if (existing === undefined) {
      await create(client, namespace, subscriptionObjects(filter, handler));
      await told({ kind: 'created', what });
    } else if (difference === undefined) await told({ kind: 'kept', what });
    else if (!request.isReplacing) await told({ kind: 'different', what, detail: difference });
    else {
      await client.call(
        modifyInstance(namespace, existing.name, enabledSubscription(existing.name.className)),
      );
      await told({ kind: 'enabled', what });
    }
  }

  async function ensureFilter(
    wanted: WantedFilter,
    handler: CimInstanceName,
    isHandlerNew: boolean,
  ): Promise<boolean> {
    const name = filterName(request.name, wanted);
    const existing = there.filters.find((one) => nameOf(one) === name);
    const difference = existing === undefined ? undefined : filterDifference(existing, wanted);
    const variants = filterObjects(systemName, name, wanted);
    let made: { readonly name: CimInstanceName; readonly isNew: boolean } | undefined;
    try {
      made = await ensure(`filter ${name}`, existing, difference, variants);
      if (made === undefined) return true;
      const filter = { ...made.name, namespace };
      await ensureSubscription(filter, handler, !made.isNew && !isHandlerNew, `subscription ${name}`);
      return true;
    } catch (error) {
      if (made?.isNew === true) await remove(made.name);
      if (!wanted.isOptional || !isAboutFilter(error)) throw error;
      await told({ kind: 'left-out', what: wanted.id, failure: error });
      return false;
    }
  }

  const name = destinationName(request.name);
  const existing = there.destinations.find((one) => nameOf(one) === name);
  const destination = await ensure(
    `destination ${name}`,
    existing,
    existing === undefined ? undefined : destinationDifference(existing, request.listener),
    destinationObjects(there.destinationClass, systemName, name, request.listener),
  );
  if (destination === undefined) return;
  let taken = 0;
  try {
    for (const wanted of request.filters) {
      const handler = { ...destination.name, namespace };
      if (await ensureFilter(wanted, handler, destination.isNew)) taken++;
    }
  } finally {
    if (taken === 0 && destination.isNew) await remove(destination.name);
  }
  if (taken === 0)
    throw new WbemFailure(
      'WBEM_SETTING',
      'The server took none of the filters: nothing is subscribed. Name what it has with --for, --namespace, --query-language or --query.',
    );
}

/** Removes an instance; one that is gone already is no failure. */
export async function removeInstance(
  client: WbemClient,
  namespace: string,
  name: CimInstanceName,
): Promise<void> {
  try {
    await client.call(deleteInstance(namespace, name));
  } catch (error) {
    if (!isRefusal(error, cimStatus.notFound)) throw error;
  }
}

/** Refusals of one filter that say nothing about the next. */
function isAboutFilter(error: unknown): error is WbemFailure {
  return (
    error instanceof WbemFailure &&
    error.code === 'WBEM_REFUSED' &&
    !isRefusal(error, cimStatus.accessDenied, ...SERVER_WIDE)
  );
}

/** Shutting down, limits exceeded. */
const SERVER_WIDE = [27, 29];

/** Creates the first variant that the server takes. */
async function create(client: WbemClient, namespace: string, variants: Variants): Promise<CimInstanceName> {
  let first: unknown;
  for (const object of variants) {
    try {
      return await createOne(client, namespace, object);
    } catch (error) {
      first ??= error;
      if (!isAboutProperties(error)) throw error;
    }
  }
  throw first;
}

async function createOne(client: WbemClient, namespace: string, object: CimObject): Promise<CimInstanceName> {
  const { names } = await client.call(createInstance(namespace, object));
  return names[0] ?? nameByKeys(object);
}

function isAboutProperties(error: unknown): boolean {
  const { failed, invalidParameter, notSupported, noSuchProperty, typeMismatch } = cimStatus;
  return isRefusal(error, failed, invalidParameter, notSupported, noSuchProperty, typeMismatch);
}

function subscriptionOf(
  { subscriptions }: ServerSubscriptions,
  filter: CimInstanceName,
  handler: CimInstanceName,
): NamedCimObject | undefined {
  return subscriptions.find(
    (one) =>
      isReferenceTo(referenceOf(one, 'Filter'), filter) &&
      isReferenceTo(referenceOf(one, 'Handler'), handler),
  );
}
