/** `$select` (DSP0263 4.1.6.1): the attributes asked for; of a collection, names that are not its own are its items'. */
import type { Names } from './list-options.ts';
import type { Attributes, CimiCollection, CimiResource } from './resource.ts';

export function selectResource(resource: CimiResource, names: Names): CimiResource {
  return names === undefined ? resource : { ...resource, attributes: pick(resource.attributes, names) };
}

/** Whether the items are wanted at all: `$select=count` asks for the collection's own alone. */
export function wantsItems(names: Names, plural: string): boolean {
  return names === undefined || [...names].some((name) => name === plural || !OWN.has(name));
}

export function selectCollection(collection: CimiCollection, names: Names): CimiCollection {
  if (names === undefined) return collection;
  // Without its count, a collection could not be paged.
  if (!wantsItems(names, collection.plural))
    return { ...collection, attributes: pick(collection.attributes, names), items: [] };
  if (names.has(collection.plural)) return collection;
  return { ...collection, items: collection.items.map((item) => pick(item, names)) };
}

const OWN: ReadonlySet<string> = new Set(['id', 'count', 'resourceURI', 'operations', 'parent', 'updated']);

function pick(attributes: Attributes, names: ReadonlySet<string>): Attributes {
  return attributes.filter(([name]) => names.has(name));
}
