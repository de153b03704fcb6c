/**
 * What XML has no place for: members the standard does not name, and values of other JSON types than the standard's.
 * They are written as `member` elements of a namespace of our own, with the JSON type told, and read back exactly.
 */
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import type { MutableMembers } from '../json-object.ts';
import { setMember } from '../json-object.ts';
import type { XmlElement } from './tree.ts';
import { attributeOf, childElements, textOf } from './tree.ts';
import { escapeAttribute, escapeText, isXmlText } from './write.ts';

export const jsonNamespace = 'urn:cadf-pipeline:json';
export const jsonPrefix = 'json';
/** Deeper values are written as JSON text, so that the XML stays flat. */
const maxElementDepth = 16;

/** A member under its name. */
export function memberXml(name: string, value: unknown, depth = 0): string {
  const shown = isXmlText(name)
    ? `name="${escapeAttribute(name)}"`
    : `json-name="${escapeAttribute(safeJson(name))}"`;
  return valueXml(`${jsonPrefix}:member ${shown}`, `${jsonPrefix}:member`, value, depth);
}

/** `type` and content of an element for a value; `head` is the start tag without its brackets. */
export function valueXml(head: string, name: string, value: unknown, depth = 0, attribute = 'type'): string {
  const wrap = (type: string | undefined, body: string): string => {
    const told = type === undefined ? '' : ` ${attribute}="${type}"`;
    return body === '' ? `<${head}${told}/>` : `<${head}${told}>${body}</${name}>`;
  };
  if (typeof value === 'string' && isXmlText(value)) return wrap(undefined, escapeText(value));
  if (typeof value === 'number') return wrap('number', JSON.stringify(value));
  if (typeof value === 'boolean') return wrap('boolean', String(value));
  if (value === null || value === undefined) return wrap('null', '');
  if (depth < maxElementDepth && Array.isArray(value)) {
    const items = value.map((item: unknown) => {
      return valueXml(`${jsonPrefix}:item`, `${jsonPrefix}:item`, item, depth + 1);
    });
    return wrap('array', items.join(''));
  }
  if (depth < maxElementDepth && isMembers(value)) {
    const members = Object.entries(value).map(([member, inner]) => memberXml(member, inner, depth + 1));
    return wrap('object', members.join(''));
  }
  return wrap('json', escapeText(safeJson(value)));
}

/** JSON text with every character that XML cannot hold escaped. */
function safeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16)}`;
  });
}

/** The name and value of a `member` element. */
export function readMember(element: XmlElement): readonly [string, unknown] {
  const escaped = attributeOf(element, 'json-name');
  const name = escaped === undefined ? attributeOf(element, 'name') : parsed(escaped);
  return [typeof name === 'string' ? name : '', readValue(element, attributeOf(element, 'type'))];
}

/** The value of an element whose type is told by `type`; without one it is a string. What is not as told is text. */
export function readValue(element: XmlElement, type: string | undefined): unknown {
  const text = textOf(element);
  switch (type) {
    case 'number':
    case 'boolean':
    case 'json':
      return parsed(text);
    case 'null':
      return null;
    case 'array':
      return childElements(element).map((item) => readValue(item, attributeOf(item, 'type')));
    case 'object':
      return readMembers(element);
    default:
      return text;
  }
}

function readMembers(element: XmlElement): Members {
  const result: MutableMembers = {};
  for (const child of childElements(element)) setMember(result, ...readMember(child));
  return result;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
