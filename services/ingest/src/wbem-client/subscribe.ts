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
  | { readonly kind: 'kept' | 'created' | 'replaced' | 'enabled' | 'removed'; readonly what: string }
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

  /** Takes back what was made for something that failed: why that failed matters more than whether this does. */
  async function undo(made: Part | undefined): Promise<void> {
    if (made?.isNew !== true) return;
    try {
      await remove(made.name);
    } catch (error) {
      if (!(error instanceof WbemFailure)) throw error;
    }
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

  async function ensure(
    what: string,
    existing: NamedCimObject | undefined,
    difference: string | undefined,
    variants: Variants,
  ): Promise<Part> {
    if (existing !== undefined && difference === undefined)
      return { name: existing.name, isNew: false, outcome: { kind: 'kept', what } };
    if (existing !== undefined && !request.isReplacing)
      return {
        name: existing.name,
        isNew: false,
        outcome: { kind: 'different', what, detail: difference ?? '' },
      };
    if (existing !== undefined) await removeUsed(existing);
    const name = await create(client, namespace, variants);
    return { name, isNew: true, outcome: { kind: existing === undefined ? 'created' : 'replaced', what } };
  }

  async function ensureSubscription(filter: Part, handler: Part, what: string): Promise<Outcome> {
    const isKnown = !filter.isNew && !handler.isNew;
    const existing = isKnown ? subscriptionOf(there, filter.name, handler.name) : undefined;
    if (existing === undefined) {
      const ends = [
        { ...filter.name, namespace },
        { ...handler.name, namespace },
      ] as const;
      await create(client, namespace, subscriptionObjects(...ends));
      return { kind: 'created', what };
    }
    const detail = subscriptionDifference(existing);
    if (detail === undefined) return { kind: 'kept', what };
    if (!request.isReplacing) return { kind: 'different', what, detail };
    await client.call(modifyInstance(namespace, existing.name, enabledSubscription(existing.name.className)));
    return { kind: 'enabled', what };
  }

  /** Whether the server knows the filter, be it as wanted or another. */
  async function ensureFilter(wanted: WantedFilter, handler: Part): Promise<boolean> {
    const name = filterName(request.name, wanted);
    const existing = there.filters.find((one) => nameOf(one) === name);
    const difference = existing === undefined ? undefined : filterDifference(existing, wanted);
    let filter: Part | undefined;
    try {
      filter = await ensure(`filter ${name}`, existing, difference, filterObjects(systemName, name, wanted));
      const isLeft = filter.outcome.kind === 'different';
      const outcome = isLeft ? undefined : await ensureSubscription(filter, handler, `subscription ${name}`);
      await told(filter.outcome);
      if (outcome !== undefined) await told(outcome);
      return true;
    } catch (error) {
      if (!(error instanceof WbemFailure) || error.code !== 'WBEM_REFUSED') throw error;
      await undo(filter);
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
  await told(destination.outcome);
  if (destination.outcome.kind === 'different') return;
  let taken = 0;
  try {
    for (const wanted of request.filters) if (await ensureFilter(wanted, destination)) taken++;
  } finally {
    if (taken === 0 && destination.isNew) {
      await undo(destination);
      await told({ kind: 'removed', what: destination.outcome.what });
    }
  }
  if (taken === 0)
    throw new WbemFailure(
      'WBEM_SETTING',
      'The server took none of the filters: nothing is subscribed. Name what it has with --for, --namespace, --query-language or --query.',
    );
}

/** One instance of the subscription: what became of it, and whether it was made now. */
interface Part {
  readonly name: CimInstanceName;
  readonly isNew: boolean;
  readonly outcome: Outcome;
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

/** Whether a refusal of one filter says nothing about the next. */
function isAboutFilter(refused: WbemFailure): boolean {
  const { accessDenied, serverIsShuttingDown, serverLimitsExceeded } = cimStatus;
  return !isRefusal(refused, accessDenied, serverIsShuttingDown, serverLimitsExceeded);
}

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
