/** What a Log or Report defines once for all its events: resources, geolocations and metrics (DSP0262, Log, Report). */
import type { Fault } from '../fault.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { referenceFault } from './fault.ts';

/** Definitions in force for an event, by their id (metrics by `metricId`); an inner Log's win over its Report's. */
export interface Definitions {
  readonly resources: ReadonlyMap<string, Members>;
  readonly geolocations: ReadonlyMap<string, Members>;
  readonly metrics: ReadonlyMap<string, Members>;
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

function index(
  outer: ReadonlyMap<string, Members>,
  list: unknown,
  key: string,
): ReadonlyMap<string, Members> {
  if (!Array.isArray(list) || list.length === 0) return outer;
  const found = new Map(outer);
  for (const entry of list as readonly unknown[]) {
    const id = isMembers(entry) ? entry[key] : undefined;
    if (isMembers(entry) && typeof id === 'string') found.set(id, entry);
  }
  return found;
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

function look(faults: Fault[], known: ReadonlyMap<string, Members>, id: unknown, pointer: string): void {
  if (id === undefined || (typeof id === 'string' && known.has(id))) return;
  const { title, hint } = referenceFault.CADF_REFERENCE_UNDEFINED;
  faults.push({ code: 'CADF_REFERENCE_UNDEFINED', severity: 'warning', pointer, message: title, hint });
}
