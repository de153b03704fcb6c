/** What decides how a subscription is delivered: when it changes, the run of the subscription begins anew. */
import type { ControlState, Subscription } from '@cadf-pipeline/control-state';

/** As text; undefined: nothing is delivered, it is paused or gone. */
export function deliveryDefinition(state: Pick<ControlState, 'get'>, id: string): string | undefined {
  const entity = state.get('subscription', id)?.entity;
  return entity === undefined || entity.paused ? undefined : definitionOf(state, entity);
}

function definitionOf(state: Pick<ControlState, 'get'>, subscription: Subscription): string {
  const { filter, generation, owner, resumed, sink, source, start, tenant } = subscription;
  const key = state.get('key', owner.id)?.entity;
  const rights = key && [key.created, key.roles, key.tenants, key.revoked, key.expires];
  return JSON.stringify([filter, generation, resumed, sink, source, start, tenant, owner, rights]);
}
