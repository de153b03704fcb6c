/** What a CIM server has of filters, destinations and subscriptions. */
import { isSameName, keyOf, propertyOf, textOfProperty } from './cim-object.ts';
import type { CimInstanceName, CimObject, NamedCimObject } from './cim-object.ts';
import { cimStatus } from './cim-status.ts';
import { destinationClasses, filterClass, subscriptionClass } from './subscription-objects.ts';
import type { WbemClient } from './wbem-client.ts';
import { isRefusal, WbemFailure } from './wbem-failure.ts';
import { enumerateInstances } from './write-operation.ts';

export interface ServerSubscriptions {
  /** The class of destinations for CIM-XML that the server has. */
  readonly destinationClass: string;
  readonly destinations: readonly NamedCimObject[];
  readonly filters: readonly NamedCimObject[];
  readonly subscriptions: readonly NamedCimObject[];
}

/** Throws WbemFailure. */
export async function readSubscriptions(client: WbemClient, namespace: string): Promise<ServerSubscriptions> {
  const instancesOf = async (className: string): Promise<readonly NamedCimObject[]> =>
    (await client.call(enumerateInstances(namespace, className))).instances;
  for (const destinationClass of destinationClasses) {
    try {
      const destinations = await instancesOf(destinationClass);
      return {
        destinationClass,
        destinations,
        filters: await instancesOf(filterClass),
        subscriptions: await instancesOf(subscriptionClass),
      };
    } catch (error) {
      if (!isRefusal(error, cimStatus.invalidClass)) throw error;
    }
  }
  throw new WbemFailure(
    'WBEM_SETTING',
    `The namespace ${namespace} has not the classes of indication subscriptions (${[filterClass, ...destinationClasses, subscriptionClass].join(', ')}). Name the interop namespace of the server with --interop, or let it be set up for indications.`,
  );
}

/** The value of the key or property Name. */
export function nameOf(object: NamedCimObject): string {
  const key = keyOf(object.name, 'Name');
  return typeof key === 'string' ? key : (textOfProperty(object, 'Name') ?? '');
}

/** The instance that a subscription's `Filter` or `Handler` names. */
export function referenceOf(
  subscription: NamedCimObject | CimObject,
  end: 'Filter' | 'Handler',
): CimInstanceName | undefined {
  const value = propertyOf(subscription, end);
  if (value?.kind === 'reference') return value.to;
  const key = 'name' in subscription ? keyOf(subscription.name, end) : undefined;
  return typeof key === 'object' ? key : undefined;
}

/** Whether a reference names this instance. Servers write the same name in several forms; class and Name tell. */
export function isReferenceTo(reference: CimInstanceName | undefined, object: CimInstanceName): boolean {
  return (
    reference !== undefined &&
    isSameName(reference.className, object.className) &&
    keyOf(reference, 'Name') === keyOf(object, 'Name')
  );
}
