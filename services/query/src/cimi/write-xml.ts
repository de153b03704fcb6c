/** CIMI as XML: lists bare in version 1, in wrappers in version 2. A CADF event is an element of its own namespace. */
import {
  encodeXmlElement,
  escapeAttribute,
  escapeText,
  isMembers,
  isXmlText,
} from '@cadf-pipeline/cadf-model';
import { CIMI_ROOT, typeUri } from './resource.ts';
import type { Attributes, CimiCollection, CimiResource, CimiValue, CimiVersion } from './resource.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function writeXml(resource: CimiResource | CimiCollection, version: CimiVersion): string {
  const inside = childrenOf(resource, version);
  const namespace = `xmlns="${CIMI_ROOT}${version}"`;
  if (resource.kind === 'resource')
    return `${DECLARATION}<${resource.type} ${namespace}>${inside}</${resource.type}>`;
  return `${DECLARATION}<Collection ${namespace} resourceURI="${typeUri(version, resource)}">${inside}</Collection>`;
}

function childrenOf(resource: CimiResource | CimiCollection, version: CimiVersion): string {
  const own = elements(resource.attributes, version);
  if (resource.kind === 'resource' || resource.items.length === 0) return own;
  const { itemType, items, plural } = resource;
  const listed = items.map((item) => element(itemType, '', elements(item, version))).join('');
  return own + (version === '2' ? element(plural, '', listed) : listed);
}

function elements(attributes: Attributes, version: CimiVersion): string {
  return attributes.map(([name, value]) => valueXml(name, value, version)).join('');
}

function valueXml(name: string, value: CimiValue, version: CimiVersion): string {
  if (typeof value !== 'object') return element(name, '', textXml(String(value)));
  switch (value.kind) {
    case 'reference': {
      const inside = value.expanded === undefined ? '' : childrenOf(value.expanded, version);
      return element(name, ` href="${attributeXml(value.href)}"`, inside);
    }
    case 'struct':
      return element(name, '', elements(value.members, version));
    case 'list': {
      const { flat, items, singular } = value;
      const listed = items.map((item) => itemXml(singular, flat, item, version)).join('');
      return version === '2' ? element(name, '', listed) : listed;
    }
    case 'cadf': {
      const event: unknown = JSON.parse(value.text);
      return element(name, '', isMembers(event) ? encodeXmlElement(event) : '');
    }
  }
}

function itemXml(name: string, flat: readonly string[], members: Attributes, version: CimiVersion): string {
  const head = members.flatMap(([member, value]) =>
    flat.includes(member) && typeof value !== 'object' ? [` ${member}="${attributeXml(String(value))}"`] : [],
  );
  const rest = members.filter(([member]) => !flat.includes(member));
  return element(name, head.join(''), elements(rest, version));
}

function element(name: string, attributes: string, inside: string): string {
  return inside === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}

function textXml(text: string): string {
  return escapeText(writable(text));
}

function attributeXml(text: string): string {
  return escapeAttribute(writable(text));
}

/** XML has no way to write some characters; the CADF event inside has them. */
function writable(text: string): string {
  if (isXmlText(text)) return text;
  return Array.from(text, (char) => (isXmlText(char) ? char : '\uFFFD')).join('');
}
