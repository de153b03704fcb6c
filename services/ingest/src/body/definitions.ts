/**
 * Events of a Log or Report may refer to resources, geolocations and metrics that the Log defines once
 * (DSP0262, Log and Report). Taken out of it such an event would no longer say who did what, so the definitions it
 * refers to go along, under the names they have in the Log: the one addition made to an event's text.
 */
import type { Definitions, DefinitionsById, Members } from '@cadf-pipeline/cadf-model';

/** The event's text, with the definitions it refers to as further members; unchanged when it refers to none. */
export function withDefinitions(text: string, event: unknown, definitions: Definitions): string {
  const { resources, geolocations, metrics } = definitions;
  if (resources.size + geolocations.size + metrics.size === 0) return text;
  const ids = new Set<string>();
  collectReferences(event, ids);
  const additions = [
    ['resources', pick(resources, ids)],
    ['geolocations', pick(geolocations, ids)],
    ['metrics', pick(metrics, ids)],
  ] as const;
  const members = additions
    .filter(([name, found]) => found.length > 0 && !hasMember(event, name))
    .map(([name, found]) => `,${JSON.stringify(name)}:${JSON.stringify(found)}`);
  if (members.length === 0) return text;
  const close = text.lastIndexOf('}');
  return text.slice(0, close) + members.join('') + text.slice(close);
}

const REFERENCE = /^(?:initiator|target|observer|reporter|geolocation|metric|calculatedBy)Id$/;

function collectReferences(value: unknown, ids: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collectReferences(item, ids);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string') {
      if (REFERENCE.test(name)) ids.add(member);
    } else if (name !== 'content') collectReferences(member, ids);
  }
}

/** In the order they are referred to. What is asked is the event's few references, never the Log's many definitions. */
function pick(known: DefinitionsById, ids: ReadonlySet<string>): Members[] {
  return [...ids].map((id) => known.get(id)).filter((definition) => definition !== undefined);
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && name in value;
}
