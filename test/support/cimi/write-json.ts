/** JSON of CIMI: what a provider answers with, and how real ones deviate from it (each list and reference is written anew). */
import { typeUri } from './resource.ts';
import type { CimiValue, CimiVersion, Collection, Resource } from './resource.ts';

/** `standard`, or a habit of a real server: its names of keys, of lists, and its references. */
export type Dialect = 'standard' | 'plain-references' | 'kebab-case' | 'entries';

export function resourceMembers(resource: Resource, version: CimiVersion): Record<string, CimiValue> {
  return { resourceURI: typeUri(version, resource.type), id: resource.id, ...resource.attributes };
}

export function resourceJson(resource: Resource, version: CimiVersion, dialect: Dialect): string {
  return JSON.stringify(inDialect(resourceMembers(resource, version), dialect));
}

export function collectionJson(collection: Collection, version: CimiVersion, dialect: Dialect): string {
  const key = dialect === 'kebab-case' ? 'resources' : dialect === 'entries' ? 'entries' : collection.plural;
  const items = collection.items.map((item) => ({ id: item.id, ...item.attributes }));
  return JSON.stringify(
    inDialect(
      {
        resourceURI: typeUri(version, `${collection.itemType}Collection`),
        id: collection.id,
        count: collection.count,
        // An empty list is left out.
        ...(items.length === 0 ? {} : { [key]: items }),
      },
      dialect,
    ),
  );
}

function inDialect(value: CimiValue, dialect: Dialect): CimiValue {
  if (dialect === 'standard' || dialect === 'entries') return value;
  if (Array.isArray(value)) return value.map((one: CimiValue) => inDialect(one, dialect));
  if (typeof value !== 'object') return value;
  const names = Object.keys(value);
  const [only] = Object.entries(value);
  if (names.length === 1 && only?.[0] === 'href') return only[1];
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      dialect === 'kebab-case' ? kebab(name) : name,
      inDialect(one, dialect),
    ]),
  );
}

function kebab(name: string): string {
  if (name === 'resourceURI') return 'resource-type';
  return name.replace('URI', 'Uri').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
