import { ProblemError } from '@cadf-pipeline/service-kit';
import type { Principal } from '@cadf-pipeline/service-kit';

import { controlErrors } from './control-errors.ts';
import type { ControlState } from './control-state.ts';
import type { SourceDefinition } from './entities.ts';
import { NAME_ID_PATTERN } from './name-id.ts';

/** The source a submission counts for. */
export interface ResolvedSource {
  readonly id: string;
  /** Source type; `cadf` for a source that is not registered. */
  readonly type: string;
  /** Undefined: not registered. */
  readonly definition?: SourceDefinition;
}

/** Source ids that start with this belong to single keys; none can be registered. */
export const KEY_SOURCE_PREFIX = 'key-';

/** The source of the system's own events. Nobody submits as it, whatever the key: its events are about keys, too. */
export const SYSTEM_SOURCE = 'cadf-pipeline';

const VALID = new RegExp(NAME_ID_PATTERN);

/**
 * Decides which source a principal submits as. Versions of an event merge within one source, so whoever may
 * name a source may replace what it said before; therefore:
 *
 * - a key bound to a source submits as that one only;
 * - a key that reaches all tenants may name any source, registered or not;
 * - a key bound to tenants may name a registered source all of whose `tenants` it reaches;
 * - where none is named, a key has a source of its own, `key-<keyId>`;
 * - none may name the source of the system itself.
 *
 * Throws `SOURCE_FORBIDDEN` or, for a name that is none or a bound source that was deleted, `SOURCE_UNKNOWN`.
 */
export function resolveSource(state: ControlState, principal: Principal, requested?: string): ResolvedSource {
  if (requested === SYSTEM_SOURCE || principal.source === SYSTEM_SOURCE)
    throw forbidden(principal, SYSTEM_SOURCE);
  const own = `${KEY_SOURCE_PREFIX}${principal.id}`;
  if (principal.source !== undefined) {
    if (requested !== undefined && requested !== principal.source) throw forbidden(principal, requested);
    const bound = state.get('source', principal.source)?.entity;
    if (bound === undefined) throw unknown(principal.source);
    return { id: bound.id, type: bound.type, definition: bound };
  }
  if (requested === undefined || requested === own) return { id: own, type: 'cadf' };
  if (!VALID.test(requested)) throw unknown(requested);
  const definition = state.get('source', requested)?.entity;
  if (principal.tenants !== '*' && !reachesAll(principal.tenants, definition?.tenants)) {
    throw forbidden(principal, requested);
  }
  return definition === undefined
    ? { id: requested, type: 'cadf' }
    : { id: requested, type: definition.type, definition };
}

/** Whether a set of tenants holds all of a source's. A source without tenants is the provider's. */
export function reachesAll(own: readonly string[], tenants: readonly string[] | undefined): boolean {
  return tenants !== undefined && tenants.length > 0 && tenants.every((tenant) => own.includes(tenant));
}

function forbidden(principal: Principal, source: string): ProblemError {
  return new ProblemError(controlErrors.SOURCE_FORBIDDEN, {
    detail: `Key ${principal.id} may not submit as source ${JSON.stringify(source.slice(0, 128))}`,
  });
}

function unknown(source: string): ProblemError {
  return new ProblemError(controlErrors.SOURCE_UNKNOWN, {
    detail: `There is no source ${JSON.stringify(source.slice(0, 128))}`,
  });
}
