/** What a subscription may be given: what its owner may read now, not when it was made. */
import { BOOTSTRAP_KEY_ID } from '@cadf-pipeline/control-state';
import type { ControlState, Subscription } from '@cadf-pipeline/control-state';
import type { Scope } from '@cadf-pipeline/event-store';

export interface Rights {
  /** Undefined where nothing may be delivered. O(1), to be asked at each delivery. */
  scopeOfOwner(subscription: Owned): Scope | undefined;
  /** Why nothing may be delivered, one sentence for the owner: what is wrong and how to mend it. Undefined: it may. */
  refusalOf(subscription: Owned): string | undefined;
}

type Owned = Pick<Subscription, 'owner' | 'tenant'>;

const GONE = 'The API key of its owner is gone: make the subscription anew with another key.';

/** `now`: milliseconds since 1970 UTC. */
export function createRights(state: Pick<ControlState, 'get'>, now: () => number): Rights {
  return {
    scopeOfOwner(subscription) {
      const scope = look(subscription);
      return typeof scope === 'string' ? undefined : scope;
    },
    refusalOf(subscription) {
      const scope = look(subscription);
      return typeof scope === 'string' ? scope : undefined;
    },
  };

  function look({ owner, tenant }: Owned): Scope | string {
    const scope = owner.id === BOOTSTRAP_KEY_ID ? { tenants: '*' as const } : scopeOfKey(owner);
    if (typeof scope === 'string' || tenant === undefined) return scope;
    return scope.tenants === '*' || scope.tenants.includes(tenant)
      ? { tenants: [tenant] }
      : `The API key of its owner does not reach the tenant ${tenant} of the subscription: give the tenant to the key again.`;
  }

  /** A refusal where the key is gone, revoked, expired, another one of the same id, or has neither role any more. */
  function scopeOfKey({ id, since }: Subscription['owner']): Scope | string {
    const key = state.get('key', id)?.entity;
    if (key === undefined || key.created !== since) return GONE;
    if (key.revoked !== undefined)
      return 'The API key of its owner was revoked: make the subscription anew with another key.';
    // An expiry that is no date counts as expired, as it does for who calls.
    if (key.expires !== undefined && !(Date.parse(key.expires) > now()))
      return 'The API key of its owner has expired: give the key a later `expires`.';
    return key.roles.includes('query') || key.roles.includes('export')
      ? { tenants: key.tenants }
      : 'The API key of its owner has neither of the roles `query` and `export` any more: give it one.';
  }
}
