/** Whose events a request is about: `project_id`, `domain_id`, or what the caller is at home in. */
import type { Scope } from '@cadf-pipeline/event-store';
import { scopeOf } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { Form } from './form.ts';

export interface Reach {
  readonly scope: Scope;
  /** What it is called in answers; '' where it has no one name. */
  readonly name: string;
}

/** All projects and domains, for those who may see all. */
const EVERY = '*';

/**
 * Never more than the caller's tenants. Who asks for a project and a domain is shown nothing, as Hermes documents it.
 * Throws `FORBIDDEN_TENANT` for what the caller does not reach.
 */
export function readReach(principal: Principal, form: Form): Reach {
  const project = form.get('project_id');
  const domain = form.get('domain_id');
  if (project !== undefined && domain !== undefined) {
    reach(principal, project);
    reach(principal, domain);
    return { scope: { tenants: [] }, name: project };
  }
  const asked = project ?? domain ?? principal.home;
  if (asked !== undefined) return reach(principal, asked);
  const { tenants } = principal;
  return { scope: { tenants }, name: tenants !== '*' && tenants.length === 1 ? (tenants[0] ?? '') : '' };
}

function reach(principal: Principal, asked: string): Reach {
  if (asked === EVERY && principal.tenants === '*') return { scope: { tenants: '*' }, name: EVERY };
  return { scope: scopeOf(principal, asked), name: asked };
}
