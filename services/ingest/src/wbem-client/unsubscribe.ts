/** Takes back what `subscribe` set up on a CIM server, under one name: subscriptions, then filters, then the destination. */
import type { NamedCimObject } from './cim-object.ts';
import type { Interop } from './interop.ts';
import { isReferenceTo, nameOf, readSubscriptions, referenceOf } from './server-subscriptions.ts';
import { removeInstance } from './subscribe.ts';
import { destinationName } from './subscription-objects.ts';
import type { WbemClient } from './wbem-client.ts';

/** `told` hears of each instance that was removed. Throws WbemFailure. */
export async function unsubscribe(
  client: WbemClient,
  { namespace }: Interop,
  name: string,
  told: (removed: string) => Promise<void>,
): Promise<void> {
  const there = await readSubscriptions(client, namespace);
  const own = destinationName(name);
  const destinations = there.destinations.filter((one) => nameOf(one) === own);
  const filters = there.filters.filter((one) => nameOf(one).startsWith(`${own}:`));
  const uses = (
    subscription: NamedCimObject,
    end: 'Filter' | 'Handler',
    objects: readonly NamedCimObject[],
  ) => objects.some((object) => isReferenceTo(referenceOf(subscription, end), object.name));
  for (const one of there.subscriptions) {
    if (!uses(one, 'Filter', filters) && !uses(one, 'Handler', destinations)) continue;
    await removeInstance(client, namespace, one.name);
    const filter = filters.find((object) => isReferenceTo(referenceOf(one, 'Filter'), object.name));
    await told(`subscription ${filter === undefined ? own : nameOf(filter)}`);
  }
  for (const [what, objects] of [
    ['filter', filters],
    ['destination', destinations],
  ] as const) {
    for (const one of objects) {
      await removeInstance(client, namespace, one.name);
      await told(`${what} ${nameOf(one)}`);
    }
  }
}
