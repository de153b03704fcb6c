/** XML of CIMI 1 (bare repeated elements) and 2 (lists of structures wrapped, references bare). */
import { typeUri } from './resource.ts';
import type { CimiValue, CimiVersion, Collection, Resource } from './resource.ts';

export function resourceXml(resource: Resource, version: CimiVersion): string {
  const inside = members({ id: resource.id, ...resource.attributes }, version);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${resource.type} xmlns="http://schemas.dmtf.org/cimi/${version}">${inside}</${resource.type}>`;
}

export function collectionXml(collection: Collection, version: CimiVersion): string {
  const items = collection.items
    .map(({ id, attributes }) => {
      const href = attributes['href'];
      const { href: _href, ...rest } = attributes;
      const attribute = typeof href === 'string' ? ` href="${escape(href)}"` : '';
      return `<${collection.itemType}${attribute}>${members({ id, ...rest }, version)}</${collection.itemType}>`;
    })
    .join('');
  const list = version === '2' ? `<${collection.plural}>${items}</${collection.plural}>` : items;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Collection xmlns="http://schemas.dmtf.org/cimi/${version}" ` +
    `resourceURI="${typeUri(version, `${collection.itemType}Collection`)}">` +
    `<id>${escape(collection.id)}</id><count>${collection.count}</count>${list}</Collection>`
  );
}

function members(values: Readonly<Record<string, CimiValue>>, version: CimiVersion): string {
  return Object.entries(values)
    .map(([name, value]) => element(name, value, version))
    .join('');
}

function element(name: string, value: CimiValue, version: CimiVersion): string {
  if (Array.isArray(value)) {
    const items = (value as readonly CimiValue[])
      .map((one) => element(singular(name), one, version))
      .join('');
    const isWrapped = version === '2' && !(value as readonly CimiValue[]).every(isReference);
    return isWrapped ? `<${name}>${items}</${name}>` : items;
  }
  if (typeof value !== 'object') return `<${name}>${escape(String(value))}</${name}>`;
  if (name === 'properties') {
    const items = Object.entries(value)
      .map(([key, one]) => `<property key="${escape(key)}">${escape(String(one))}</property>`)
      .join('');
    return version === '2' ? `<properties>${items}</properties>` : items;
  }
  const { href, ...rest } = value as Readonly<Record<string, CimiValue>>;
  if (typeof href !== 'string') return `<${name}>${members(rest, version)}</${name}>`;
  return `<${name} href="${escape(href)}">${members(rest, version)}</${name}>`;
}

function isReference(value: CimiValue): boolean {
  return typeof value === 'object' && Object.keys(value).join() === 'href';
}

function singular(name: string): string {
  if (name === 'properties') return 'property';
  return name.endsWith('s') && name !== 'dns' ? name.slice(0, -1) : name;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
