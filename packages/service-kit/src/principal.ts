import type { Scope } from '@cadf-pipeline/event-store';

import { frameworkErrors } from './framework-errors.ts';
import { ProblemError } from './problem.ts';

/** What a principal may do. No role includes another. */
export const ROLES = ['submit', 'query', 'export', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who calls. */
export interface Principal {
  /** By an API key, or by a token of OpenStack Keystone. */
  readonly kind: 'key' | 'keystone';
  /** Id of the key or user: stable, public. */
  readonly id: string;
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** Whose events it may see: `*` is everything, also what is routed to no tenant. */
  readonly tenants: '*' | readonly string[];
  /** Which of what it sees is its own: what interfaces of one tenant show unless asked for another. Undefined: all of it. */
  readonly home?: string;
  /** The only source it may submit as; undefined: not bound to one. */
  readonly source?: string;
  /** When it ends, milliseconds since 1970 UTC; undefined: never. */
  readonly expiresMs?: number;
}

/**
 * The scope of a principal's reads, narrowed to one tenant where one is asked for.
 * Throws `FORBIDDEN_TENANT` for a tenant the principal does not reach, whether or not it exists.
 */
export function scopeOf(principal: Principal, tenant?: string): Scope {
  if (tenant === undefined) return { tenants: principal.tenants };
  if (principal.tenants !== '*' && !principal.tenants.includes(tenant)) {
    throw new ProblemError(frameworkErrors.FORBIDDEN_TENANT, {
      detail: `${callerOf(principal)} does not reach tenant ${JSON.stringify(tenant.slice(0, 100))}`,
    });
  }
  return { tenants: [tenant] };
}

/** For what tells of all tenants at once. Throws `FORBIDDEN_TENANT`. */
export function requireAllTenants(principal: Principal): void {
  if (principal.tenants === '*') return;
  throw new ProblemError(frameworkErrors.FORBIDDEN_TENANT, {
    detail: `${callerOf(principal)} does not reach all tenants`,
  });
}

/** For sentences about it: `Key k-1`. */
export function callerOf({ id, kind }: Principal): string {
  return `${kind === 'key' ? 'Key' : 'User'} ${id}`;
}
