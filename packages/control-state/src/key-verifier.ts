import { hashKey, hashMatches, keyIdOf, ROLES } from '@cadf-pipeline/service-kit';
import type { Principal, Secret, Verdict } from '@cadf-pipeline/service-kit';

import type { ControlState } from './control-state.ts';
import type { ApiKey } from './entities.ts';

/** Id of the principal of the bootstrap key; no stored key can have it. */
export const BOOTSTRAP_KEY_ID = 'bootstrap';

export interface KeyVerifierOptions {
  readonly state: ControlState;
  /** The bootstrap key, where there is one: all roles, all tenants. Not in the control state, so it works before it. */
  readonly bootstrap?: Secret;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

interface Prepared {
  readonly hash: Buffer;
  readonly principal: Principal;
  readonly revoked: boolean;
}

/**
 * Checks tokens against the keys of the control state: O(1) in their number, about 2 µs. Nothing of a verdict is
 * kept, so an expiry, a revocation or a changed role holds from the next call on.
 */
export function createKeyVerifier({
  state,
  bootstrap,
  now = Date.now,
}: KeyVerifierOptions): (token: string) => Verdict {
  const prepared = new Map<string, Prepared>();
  state.onChange((kind, id) => {
    if (kind === 'key') prepared.delete(id);
  });
  const bootstrapHash = bootstrap === undefined ? undefined : Buffer.from(hashKey(bootstrap.reveal()), 'hex');

  return (token) => {
    if (bootstrapHash !== undefined && hashMatches(bootstrapHash, token))
      return { principal: BOOTSTRAP_PRINCIPAL };
    const id = keyIdOf(token);
    if (id === undefined) return { reason: 'malformed' };
    let key = prepared.get(id);
    if (key === undefined) {
      const stored = state.get('key', id);
      if (stored === undefined) return { reason: 'unknown' };
      key = prepare(stored.entity);
      prepared.set(id, key);
    }
    if (!hashMatches(key.hash, token)) return { reason: 'mismatch' };
    if (key.revoked) return { reason: 'revoked' };
    if (key.principal.expiresMs !== undefined && key.principal.expiresMs <= now())
      return { reason: 'expired' };
    return { principal: key.principal };
  };
}

const BOOTSTRAP_PRINCIPAL: Principal = Object.freeze({
  kind: 'key',
  id: BOOTSTRAP_KEY_ID,
  name: 'bootstrap administrator',
  roles: new Set(ROLES),
  tenants: '*',
});

function prepare(key: ApiKey): Prepared {
  return {
    hash: Buffer.from(key.hash, 'hex'),
    revoked: key.revoked !== undefined,
    principal: Object.freeze({
      kind: 'key',
      id: key.id,
      name: key.name,
      roles: new Set(key.roles),
      tenants: key.tenants,
      ...(key.source === undefined ? {} : { source: key.source }),
      // An expiry that is no date would be NaN, which no comparison finds expired: it counts as expired since 1970.
      ...(key.expires === undefined ? {} : { expiresMs: Date.parse(key.expires) || 0 }),
    }),
  };
}
