/** Which event logs a caller has: one per tenant and one per source it may see. */
import { SYSTEM_SOURCE } from '@cadf-pipeline/control-state';
import type { ControlState } from '@cadf-pipeline/control-state';
import type { EventStore, Scope } from '@cadf-pipeline/event-store';
import type { Principal } from '@cadf-pipeline/service-kit';
import type { ActivityReader } from '@cadf-pipeline/source-activity';
import { maySeeSource, visibleSources } from '../visible-sources.ts';
import type { LogReach } from './events.ts';

export interface EventLog {
  readonly by: 'source' | 'tenant';
  /** Id of the source or the tenant. */
  readonly of: string;
  /** For people. */
  readonly name: string;
}

export interface VisibleLogs {
  /** Tenants first, each in order of their ids. */
  list(principal: Principal, signal: AbortSignal): Promise<readonly EventLog[]>;
  /** By the last segment of its address, decoded; undefined also where it is another's. */
  find(principal: Principal, key: string, signal: AbortSignal): Promise<EventLog | undefined>;
}

export interface VisibleLogsDependencies {
  readonly state: ControlState;
  readonly activity: ActivityReader;
  readonly store: EventStore;
}

/** As many tenants as can be registered. */
const MAX_TENANTS = 100_000;

export function createVisibleLogs({ activity, state, store }: VisibleLogsDependencies): VisibleLogs {
  const tenantLog = (id: string): EventLog => ({
    by: 'tenant',
    of: id,
    name: state.get('tenant', id)?.entity.name ?? id,
  });
  const sourceLog = (id: string): EventLog => ({
    by: 'source',
    of: id,
    name: state.get('source', id)?.entity.name ?? id,
  });

  async function tenantsOf({ tenants }: Principal, signal: AbortSignal): Promise<readonly string[]> {
    if (tenants !== '*') return [...new Set(tenants)].sort();
    const seen = await store.tenantsSeen({ tenants }, MAX_TENANTS, signal);
    return [...new Set([...state.list('tenant').map(({ entity }) => entity.id), ...seen])].sort();
  }

  async function reachesTenant(principal: Principal, id: string, signal: AbortSignal): Promise<boolean> {
    if (principal.tenants !== '*') return principal.tenants.includes(id);
    if (state.get('tenant', id) !== undefined) return true;
    return (await store.tenantsSeen({ tenants: [id] }, 1, signal)).length > 0;
  }

  /** The system's own events come from no source that sends, and are of no tenant. */
  function sourcesOf(principal: Principal): readonly string[] {
    const ids = visibleSources(principal, state, activity).map(({ id }) => id);
    return seesSystem(principal) ? [...new Set([...ids, SYSTEM_SOURCE])].sort() : ids;
  }

  return {
    async list(principal, signal) {
      const tenants = await tenantsOf(principal, signal);
      return [...tenants.map(tenantLog), ...sourcesOf(principal).map(sourceLog)];
    },
    async find(principal, key, signal) {
      const dash = key.indexOf('-');
      const by = key.slice(0, Math.max(0, dash));
      const of = key.slice(dash + 1);
      if (by === 'tenant') return (await reachesTenant(principal, of, signal)) ? tenantLog(of) : undefined;
      if (by !== 'source') return undefined;
      if (of === SYSTEM_SOURCE && seesSystem(principal)) return sourceLog(of);
      const definition = state.get('source', of)?.entity;
      const isKnown = definition !== undefined || activity.sources().includes(of);
      return isKnown && maySeeSource(principal, of, definition) ? sourceLog(of) : undefined;
    },
  };
}

function seesSystem({ source, tenants }: Principal): boolean {
  return tenants === '*' && source === undefined;
}

/** Relative to the base. */
export function logHref({ by, of }: EventLog): string {
  return `eventLogs/${by}-${encodeURIComponent(of.toWellFormed())}`;
}

/** A source's log holds what the caller may see of the source. */
export function reachOf({ by, of }: EventLog, { tenants }: Principal): LogReach {
  const scope: Scope = { tenants };
  return by === 'source' ? { scope, source: of } : { scope: { tenants: [of] } };
}
