/** JSON of CIMI: what a provider answers with. */
import { inDialect, pathOut, typeUriIn } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import type { CimiValue, CimiVersion, Collection, Resource } from './resource.ts';

export function resourceJson(resource: Resource, version: CimiVersion, dialect: Dialect): string {
  const { id, type, attributes } = resource;
  const resourceURI = typeUriIn(dialect, version, type);
  const members = { resourceURI, ...identity(dialect, id), ...attributes };
  return JSON.stringify(inDialect(dialect, members, type));
}

export function collectionJson(collection: Collection, version: CimiVersion, dialect: Dialect): string {
  const { itemType, plural, count } = collection;
  const type = `${itemType}Collection`;
  const items = collection.items.map((item): CimiValue => {
    if (dialect.hasInnerReferences === true)
      return {
        resourceURI: typeUriIn(dialect, version, `${type}Entry`),
        [innerName(itemType)]: { href: item.id },
      };
    if (dialect.hasHrefs === true && typeof item.attributes['href'] === 'string')
      return { href: item.attributes['href'] };
    return { ...identity(dialect, item.id), ...item.attributes };
  });
  const head = {
    resourceURI: typeUriIn(dialect, version, type),
    ...identity(dialect, collection.id),
    count,
    // An empty list is left out.
    ...(items.length === 0 ? {} : { [dialect.listKey ?? plural]: items }),
  };
  return JSON.stringify(inDialect(dialect, head, itemType));
}

export function innerName(type: string): string {
  return type.slice(0, 1).toLowerCase() + type.slice(1);
}

function identity(dialect: Dialect, id: string): Record<string, CimiValue> {
  const path = pathOut(dialect, id);
  return dialect.hasHrefs === true ? { href: id, id: path } : { id: path };
}
