/** What a Log or Report defines once for all its events: resources, geolocations and metrics (DSP0262, Log, Report). */
import type { Fault } from '../fault.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { referenceFault } from './fault.ts';

/** Definitions in force for an event, by their id (metrics by `metricId`); an inner Log's win over its Report's. */
export interface Definitions {
  readonly resources: DefinitionsById;
  readonly geolocations: DefinitionsById;
  readonly metrics: DefinitionsById;
}

/** What can be asked of definitions. They cannot be listed: what encloses ten thousand Logs is there once. */
export interface DefinitionsById {
  /** At least the number of them; 0 when there are none. */
  readonly size: number;
  get(id: string): Members | undefined;
  has(id: string): boolean;
}

export const noDefinitions: Definitions = {
  resources: new Map(),
  geolocations: new Map(),
  metrics: new Map(),
};

/** Adds what a Log or Report defines to what is in force around it. */
export function definitionsOf(container: Members, outer: Definitions): Definitions {
  return {
    resources: index(outer.resources, container['resources'], 'id'),
    geolocations: index(outer.geolocations, container['geolocations'], 'id'),
    metrics: index(outer.metrics, container['metrics'], 'metricId'),
  };
}

function index(outer: DefinitionsById, list: unknown, key: string): DefinitionsById {
  if (!Array.isArray(list) || list.length === 0) return outer;
  const found = new Map<string, Members>();
  for (const entry of list as readonly unknown[]) {
    const id = isMembers(entry) ? entry[key] : undefined;
    if (isMembers(entry) && typeof id === 'string') found.set(id, entry);
  }
  return outer.size === 0 ? found : inFrontOf(outer, found);
}

function inFrontOf(outer: DefinitionsById, inner: DefinitionsById): DefinitionsById {
  return {
    size: outer.size + inner.size,
    get: (id) => inner.get(id) ?? outer.get(id),
    has: (id) => inner.has(id) || outer.has(id),
  };
}

/**
 * Ids an event refers to that nothing defines, as warnings with code `CADF_REFERENCE_UNDEFINED`: the by-reference
 * form is only meant for what the same Log or Report defines. The event keeps its ids as written.
 */
export function undefinedReferences(event: Members, definitions: Definitions): readonly Fault[] {
  const faults: Fault[] = [];
  const resource = (id: unknown, pointer: string): void => look(faults, definitions.resources, id, pointer);
  for (const role of ['initiator', 'target', 'observer']) {
    resource(event[`${role}Id`], `/${role}Id`);
    const object = event[role];
    if (isMembers(object)) {
      look(faults, definitions.geolocations, object['geolocationId'], `/${role}/geolocationId`);
    }
  }
  each(event['reporterchain'], (step, at) => resource(step['reporterId'], `/reporterchain/${at}/reporterId`));
  each(event['measurements'], (measurement, at) => {
    look(faults, definitions.metrics, measurement['metricId'], `/measurements/${at}/metricId`);
    resource(measurement['calculatedById'], `/measurements/${at}/calculatedById`);
  });
  return faults;
}

function each(list: unknown, visit: (entry: Members, at: number) => void): void {
  if (!Array.isArray(list)) return;
  list.forEach((entry: unknown, at) => {
    if (isMembers(entry)) visit(entry, at);
  });
}

function look(faults: Fault[], known: DefinitionsById, id: unknown, pointer: string): void {
  if (id === undefined || (typeof id === 'string' && known.has(id))) return;
  const { title, hint } = referenceFault.CADF_REFERENCE_UNDEFINED;
  faults.push({ code: 'CADF_REFERENCE_UNDEFINED', severity: 'warning', pointer, message: title, hint });
}
