/** Which sources a caller may see: one rule for every interface that lists them. */
import { reachesAll } from '@cadf-pipeline/control-state';
import type { ControlState, SourceDefinition, Versioned } from '@cadf-pipeline/control-state';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { ActivityReader } from '@cadf-pipeline/source-activity';

export interface VisibleSource {
  readonly id: string;
  /** Undefined: not registered; it was only sent from. */
  readonly registered: Versioned<'source'> | undefined;
}

/**
 * A caller bound to a source sees that one; one bound to tenants the sources all of whose tenants it reaches; one that
 * reaches all tenants every source, registered or not. By id.
 */
export function visibleSources(
  principal: Principal,
  state: ControlState,
  activity: ActivityReader,
): VisibleSource[] {
  const registered = new Map(state.list('source').map((found) => [found.entity.id, found]));
  const ids = [...new Set([...registered.keys(), ...activity.sources()])].sort();
  return ids
    .filter((id) => maySeeSource(principal, id, registered.get(id)?.entity))
    .map((id) => ({ id, registered: registered.get(id) }));
}

export function maySeeSource(
  principal: Principal,
  id: string,
  definition: SourceDefinition | undefined,
): boolean {
  if (principal.source !== undefined) return principal.source === id;
  return principal.tenants === '*' || reachesAll(principal.tenants, definition?.tenants);
}
