import type { FastifyInstance } from 'fastify';

import type { ControlState } from '../control-state.ts';
import { SourceDefinition, Tenant, TenantRule } from '../entities.ts';
import { ruleExample, sourceExample, tenantExample } from './examples.ts';
import type { Audit } from './audited-change.ts';
import { keyRoutes } from './key-routes.ts';
import { providerRoutes } from './provider-routes.ts';

export interface AdminRoutesOptions {
  readonly state: ControlState;
  /** Writes the audit event of a change; resolves when it is durable. */
  readonly audit: Audit;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** Bodies here are small; the limit of submissions would only help an attacker. */
const BODY_LIMIT = 1024 * 1024;

/**
 * `/tenants`, `/keys`, `/sources` and `/rules`; register with `{ prefix: '/cadf/v1/admin' }` on a server of
 * `createHttpServer`. All need the role admin.
 */
export async function adminRoutes(app: FastifyInstance, options: AdminRoutesOptions): Promise<void> {
  const deps = { state: options.state, audit: options.audit, now: options.now ?? Date.now };
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= BODY_LIMIT;
  });
  keyRoutes(app, deps);
  providerRoutes(app, deps, { kind: 'tenant', path: 'tenants', schema: Tenant, example: tenantExample });
  providerRoutes(app, deps, {
    kind: 'source',
    path: 'sources',
    schema: SourceDefinition,
    example: sourceExample,
  });
  providerRoutes(app, deps, { kind: 'rule', path: 'rules', schema: TenantRule, example: ruleExample });
  return Promise.resolve();
}
