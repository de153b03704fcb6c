/**
 * Foreign markup (xs:any, elements of other namespaces) as JSON: a readable twin of the elements, and the markup itself
 * under `@xml`, so that nothing of it is lost. The twin follows what Rackspace's feeds write: attributes and
 * child elements become members by local name, text beside attributes becomes `@text`.
 */
import type { Members } from '../json-members.ts';
import type { MutableMembers } from '../json-object.ts';
import { setMember } from '../json-object.ts';
import type { XmlElement } from './tree.ts';
import { childElements, textOf } from './tree.ts';
import { escapeText, serializeElement } from './write.ts';

/** Member that holds the markup. */
export const markupMember = '@xml';
const textMember = '@text';

/** What is inside an xs:any element: its text, or its elements by name with their markup. */
export function contentValue(element: XmlElement): unknown {
  const children = childElements(element);
  if (children.length === 0 && element.attributes.length === 0) return textOf(element);
  const result: MutableMembers = {};
  for (const one of element.attributes) addMember(result, one.local, one.value);
  for (const child of children) addMember(result, child.local, twin(child));
  const mixed = textOf(element).trim();
  if (mixed !== '') addMember(result, textMember, mixed);
  setMember(result, markupMember, element.children.map(markupOf).join('').trim());
  return result;
}

/** A whole foreign element. */
export function foreignValue(element: XmlElement): Members {
  const inner = twin(element);
  const result: MutableMembers = typeof inner === 'string' ? { [textMember]: inner } : inner;
  setMember(result, markupMember, serializeElement(element));
  return result;
}

function markupOf(child: XmlElement | string): string {
  return typeof child === 'string' ? escapeText(child) : serializeElement(child);
}

function twin(element: XmlElement): MutableMembers | string {
  const children = childElements(element);
  const text = textOf(element);
  if (children.length === 0 && element.attributes.length === 0) return text;
  const result: MutableMembers = {};
  for (const one of element.attributes) addMember(result, one.local, one.value);
  for (const child of children) addMember(result, child.local, twin(child));
  if (text.trim() !== '') addMember(result, textMember, text);
  return result;
}

/** A second value under one name makes a list of both; no single value is a list. */
export function addMember(object: MutableMembers, name: string, value: unknown): void {
  if (!Object.hasOwn(object, name)) return setMember(object, name, value);
  const there = object[name];
  if (Array.isArray(there)) there.push(value);
  else setMember(object, name, [there, value]);
}
