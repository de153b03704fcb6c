import type { Principal } from '@cadf-pipeline/service-kit';

import type { ControlState } from './control-state.ts';
import type { TenantRule } from './entities.ts';
import type { ResolvedSource } from './resolve-source.ts';
import { createTenantFinder, DEFAULT_TENANT_RULES } from './tenant-rules.ts';
import type { TenantFinder } from './tenant-rules.ts';

/** Finds out whose an event is, by the rules in force. */
export interface TenantRouter {
  /** The finder for what a principal submits as a source. Ask once per request: rules may change in between. */
  finderFor(source: ResolvedSource, principal: Pick<Principal, 'tenants'>): TenantFinder;
  /** The stored rules in order of their ids, or the default ones where none is stored. */
  rules(): readonly TenantRule[];
}

/** Finders remembered; past it all are compiled anew as they are needed. */
const MAX_FINDERS = 1000;

/** Makes the router over the control state; a changed rule or source holds from the next `finderFor` on. */
export function createTenantRouter(state: ControlState): TenantRouter {
  let rules: readonly TenantRule[] | undefined;
  // For principals that reach all tenants; the finder of a bound one is constant and costs nothing to make.
  const finders = new Map<string, TenantFinder>();
  state.onChange((kind) => {
    if (kind !== 'rule' && kind !== 'source') return;
    finders.clear();
    if (kind === 'rule') rules = undefined;
  });

  const current = (): readonly TenantRule[] => {
    if (rules === undefined) {
      const stored = state.list('rule').map((rule) => rule.entity);
      rules = stored.length === 0 ? DEFAULT_TENANT_RULES : stored.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    }
    return rules;
  };

  return {
    rules: current,
    finderFor(source, { tenants: submitter }) {
      const options = {
        source: source.id,
        sourceType: source.type,
        submitter,
        ...(source.definition?.tenants === undefined ? {} : { fallback: source.definition.tenants }),
      };
      if (submitter !== '*') return createTenantFinder(current(), options);
      const key = `${source.type}\n${source.id}`;
      let finder = finders.get(key);
      if (finder === undefined) {
        if (finders.size >= MAX_FINDERS) finders.clear();
        finder = createTenantFinder(current(), options);
        finders.set(key, finder);
      }
      return finder;
    },
  };
}
