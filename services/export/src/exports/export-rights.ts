/** What an export may be given: what its owner may read when it runs, not when it was asked for. */
import { BOOTSTRAP_KEY_ID } from '@cadf-pipeline/control-state';
import type { ControlState, ExportJob } from '@cadf-pipeline/control-state';
import type { Scope } from '@cadf-pipeline/event-store';

export type Exported = Pick<ExportJob, 'owner' | 'tenants'>;

export interface ExportRights {
  /** A sentence where nothing may be exported: what is wrong and how to mend it. */
  scopeOf(exported: Exported): Scope | string;
  /** What the answer depends on, as text. */
  basis(exported: Exported): string;
}

/** `now`: milliseconds since 1970 UTC. */
export function createExportRights(state: Pick<ControlState, 'get'>, now: () => number): ExportRights {
  return {
    scopeOf({ owner, tenants }) {
      const { reach, refusal } =
        owner.id === BOOTSTRAP_KEY_ID ? { reach: '*' as const, refusal: undefined } : reachOfKey(owner);
      if (refusal !== undefined) return refusal;
      if (reach === '*') return { tenants };
      const lost = tenants === '*' ? '*' : tenants.find((tenant) => !reach.includes(tenant));
      if (lost === undefined) return { tenants };
      const what = lost === '*' ? 'all tenants' : `the tenant ${lost}`;
      return `The API key of its owner does not reach ${what} any more: ask for the tenants that it reaches.`;
    },
    basis({ owner }) {
      const key = state.get('key', owner.id)?.entity;
      return JSON.stringify(key && [key.created, key.roles, key.tenants, key.revoked, key.expires]);
    },
  };

  /** Its tenants, or why it has none. */
  function reachOfKey({ id, since }: ExportJob['owner']): Reach {
    const key = state.get('key', id)?.entity;
    if (key === undefined || key.created !== since)
      return refused('The API key of its owner is gone: ask for it with another key.');
    if (key.revoked !== undefined)
      return refused('The API key of its owner was revoked: ask for it with another key.');
    // An expiry that is no date counts as expired, as it does for who calls.
    if (key.expires !== undefined && !(Date.parse(key.expires) > now()))
      return refused('The API key of its owner has expired: give the key a later `expires`.');
    return key.roles.includes('export')
      ? { reach: key.tenants, refusal: undefined }
      : refused('The API key of its owner has not the role `export` any more: give it to the key.');
  }
}

interface Reach {
  readonly reach: '*' | readonly string[];
  readonly refusal: string | undefined;
}

function refused(refusal: string): Reach {
  return { reach: [], refusal };
}
