/** CIMI as JSON. A CADF event is put in as the text it is, so that what was received stays byte for byte. */
import { typeUri } from './resource.ts';
import type { Attributes, CimiCollection, CimiResource, CimiValue, CimiVersion } from './resource.ts';

export function writeJson(resource: CimiResource | CimiCollection, version: CimiVersion): string {
  return object([['resourceURI', JSON.stringify(typeUri(version, resource))], ...membersOf(resource)]);
}

type Members = readonly (readonly [name: string, json: string])[];

function membersOf(resource: CimiResource | CimiCollection): Members {
  const own = write(resource.attributes);
  if (resource.kind === 'resource' || resource.items.length === 0) return own;
  return [...own, [resource.plural, list(resource.items)]];
}

function write(attributes: Attributes): Members {
  return attributes.map(([name, value]) => [name, valueJson(value)]);
}

function valueJson(value: CimiValue): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  switch (value.kind) {
    case 'reference':
      return object([
        ['href', JSON.stringify(value.href)],
        ...(value.expanded === undefined ? [] : membersOf(value.expanded)),
      ]);
    case 'struct':
      return object(write(value.members));
    case 'list':
      return list(value.items);
    case 'cadf':
      return value.text;
  }
}

function list(items: readonly Attributes[]): string {
  return `[${items.map((item) => object(write(item))).join(',')}]`;
}

function object(members: Members): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}
