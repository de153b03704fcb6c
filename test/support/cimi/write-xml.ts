/** XML of CIMI 1 (bare repeated elements) and 2 (lists of structures wrapped, references bare). */
import { encodeXmlElement } from '@cadf-pipeline/cadf-model';
import { inDialect, pathOut, typeUriIn } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import type { CimiValue, CimiVersion, Collection, Resource } from './resource.ts';
import { innerName } from './write-json.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

interface Style {
  readonly version: CimiVersion;
  readonly isPadded: boolean;
}

export function resourceXml(resource: Resource, version: CimiVersion, dialect: Dialect): string {
  const { id, type } = resource;
  const attributes = inDialect(dialect, resource.attributes, type) as Resource['attributes'];
  const root = [
    `xmlns="${namespaceOf(dialect, version)}"`,
    ...(dialect.hasTypeAttribute === true ? [`resourceURI="${typeUriIn(dialect, version, type)}"`] : []),
    ...(dialect.hasHrefs === true ? [`href="${escape(pathOut(dialect, id))}"`] : []),
  ].join(' ');
  const inside = members({ id: pathOut(dialect, id), ...attributes }, styleOf(dialect, version));
  return `${HEAD}<${type} ${root}>${inside}</${type}>`;
}

export function collectionXml(collection: Collection, version: CimiVersion, dialect: Dialect): string {
  const { itemType, plural, count } = collection;
  const style = styleOf(dialect, version);
  const type = `${itemType}Collection`;
  const items = collection.items
    .map((item) => {
      const attributes = inDialect(dialect, item.attributes, itemType) as Resource['attributes'];
      if (dialect.hasInnerReferences === true) {
        const inner = inDialect(dialect, { [innerName(itemType)]: { href: item.id } }, itemType);
        const uri = typeUriIn(dialect, version, `${type}Entry`);
        return `<Entry resourceURI="${uri}">${members(inner as Resource['attributes'], style)}</Entry>`;
      }
      const href = attributes['href'] ?? (dialect.hasHrefs === true ? pathOut(dialect, item.id) : undefined);
      const { href: _href, ...rest } = attributes;
      const attribute = typeof href === 'string' ? ` href="${escape(href)}"` : '';
      const isBare = dialect.hasHrefs === true && attributes['href'] !== undefined;
      const inside = isBare ? '' : members({ id: pathOut(dialect, item.id), ...rest }, style);
      return `<${itemType}${attribute}>${inside}</${itemType}>`;
    })
    .join('');
  const list = version === '2' ? `<${plural}>${items}</${plural}>` : items;
  const id = escape(pathOut(dialect, collection.id));
  return (
    `${HEAD}<Collection xmlns="${namespaceOf(dialect, version)}" ` +
    `resourceURI="${typeUriIn(dialect, version, type)}"><id>${id}</id><count>${count}</count>${list}</Collection>`
  );
}

function namespaceOf({ namespace, root }: Dialect, version: CimiVersion): string {
  return namespace ?? root?.replace(/\/$/, '') ?? `http://schemas.dmtf.org/cimi/${version}`;
}

function styleOf({ isPadded = false }: Dialect, version: CimiVersion): Style {
  return { version, isPadded };
}

function members(values: Readonly<Record<string, CimiValue>>, style: Style): string {
  return Object.entries(values)
    .map(([name, value]) => element(name, value, style))
    .join('');
}

function element(name: string, value: CimiValue, style: Style): string {
  if (Array.isArray(value)) {
    const items = (value as readonly CimiValue[]).map((one) => element(singular(name), one, style)).join('');
    const isWrapped = style.version === '2' && !(value as readonly CimiValue[]).every(isReference);
    return isWrapped ? `<${name}>${items}</${name}>` : items;
  }
  if (typeof value !== 'object') {
    const text = escape(String(value));
    return `<${name}>${style.isPadded ? `\n  ${text}\n` : text}</${name}>`;
  }
  if (name === 'properties') {
    const items = Object.entries(value)
      .map(([key, one]) => `<property key="${escape(key)}">${escape(String(one))}</property>`)
      .join('');
    return style.version === '2' ? `<properties>${items}</properties>` : items;
  }
  const { href, ...rest } = value as Readonly<Record<string, CimiValue>>;
  // An event of CADF is written as its own standard has it.
  if (name === 'content' && String(rest['typeURI']).startsWith('http://schemas.dmtf.org/cloud/audit/'))
    return `<content>${encodeXmlElement(rest)}</content>`;
  if (typeof href !== 'string') return `<${name}>${members(rest, style)}</${name}>`;
  return `<${name} href="${escape(href)}">${members(rest, style)}</${name}>`;
}

function isReference(value: CimiValue): boolean {
  return typeof value === 'object' && Object.keys(value).join() === 'href';
}

function singular(name: string): string {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  return name.endsWith('s') && name !== 'dns' ? name.slice(0, -1) : name;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
