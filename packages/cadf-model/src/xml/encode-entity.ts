/** Writes one entity as a CADF element, by the member table of its entity. */
import type { EntityName, MemberForm } from '../entity-members.ts';
import { entityMembers, memberForm } from '../entity-members.ts';
import { canonicalJson } from '../canonical/canonical-json.ts';
import type { Members } from '../json-members.ts';
import { isMembers } from '../json-members.ts';
import { contentValue, foreignValue, markupMember } from './foreign.ts';
import { jsonPrefix, memberXml, valueXml } from './json-extension.ts';
import { readXmlTree } from './read-tree.ts';
import type { XmlElement } from './tree.ts';
import { childElements } from './tree.ts';
import { escapeAttribute, escapeText, isXmlText } from './write.ts';

/**
 * The element with its attributes and children; `declarations` goes into its start tag. A member that does not have
 * exactly the form of the standard is written as a `json:member`, so that reading gives it back as it was.
 */
export function encodeEntity(
  object: Members,
  entity: EntityName,
  elementName: string,
  declarations = '',
): string {
  const name = `cadf:${elementName}`;
  let head = `<${name}${declarations}`;
  let body = '';
  for (const form of entityMembers[entity]) {
    const value = object[form.name];
    if (value === undefined) continue;
    if (form.form === 'text' && typeof value === 'string' && isXmlText(value)) {
      head += ` ${form.name}="${escapeAttribute(value)}"`;
    } else {
      body += standardXml(form, value) ?? memberXml(form.name, value);
    }
  }
  for (const member of Object.keys(object)) {
    const value = object[member];
    if (memberForm(entity, member) !== undefined || value === undefined) continue;
    body += foreignXml(member, value) ?? memberXml(member, value);
  }
  return body === '' ? `${head}/>` : `${head}>${body}</${name}>`;
}

/** The member as elements of the standard; undefined when its value does not have that form. */
function standardXml(form: MemberForm, value: unknown): string | undefined {
  switch (form.form) {
    case 'text':
      return undefined;
    case 'entity':
      return isMembers(value) ? encodeEntity(value, form.entity ?? 'resource', form.name) : undefined;
    case 'any':
      return anyXml(form.name, value);
    case 'list':
      return wrapped(form, value, isMembers, (one) => {
        return encodeEntity(one, form.entity ?? 'resource', form.item ?? 'item');
      });
    case 'texts':
      return wrapped(form, value, isTrimmed, (one) => textElement(form.item ?? 'item', one));
    case 'map':
      return wrapped(form, value, isTextEntry, (one) => {
        const key = escapeAttribute(one.key);
        return `<cadf:${form.item} key="${key}">${escapeText(one.value)}</cadf:${form.item}>`;
      });
  }
}

function wrapped<Item>(
  form: MemberForm,
  value: unknown,
  fits: (one: unknown) => one is Item,
  write: (one: Item) => string,
): string | undefined {
  if (!Array.isArray(value)) return undefined;
  let body = '';
  for (const one of value as readonly unknown[]) {
    if (!fits(one)) return undefined;
    body += write(one);
  }
  const name = `cadf:${form.name}`;
  return body === '' ? `<${name}/>` : `<${name}>${body}</${name}>`;
}

function textElement(name: string, text: string): string {
  return text === '' ? `<cadf:${name}/>` : `<cadf:${name}>${escapeText(text)}</cadf:${name}>`;
}

/** Texts in elements are read without the blanks around them. */
function isTrimmed(value: unknown): value is string {
  return typeof value === 'string' && value === value.trim() && isXmlText(value);
}

function isTextEntry(value: unknown): value is { readonly key: string; readonly value: string } {
  if (!isMembers(value) || Object.keys(value).length !== 2) return false;
  const { key, value: text } = value;
  return typeof key === 'string' && typeof text === 'string' && isXmlText(key) && isXmlText(text);
}

/** xs:any: text, markup that was read before, or a typed JSON value. */
function anyXml(name: string, value: unknown): string {
  const markup = markupOf(value);
  if (markup !== undefined) {
    const root = fragmentRoot(markup);
    if (root !== undefined && sameJson(contentValue(root), value)) {
      return `<cadf:${name}>${markup}</cadf:${name}>`;
    }
  }
  return valueXml(`cadf:${name}`, `cadf:${name}`, value, 0, `${jsonPrefix}:type`);
}

/** An element of another namespace that was read before, under its own name. */
function foreignXml(member: string, value: unknown): string | undefined {
  const markup = markupOf(value);
  const root = markup === undefined ? undefined : fragmentRoot(markup);
  const [element, ...others] = root === undefined ? [] : childElements(root);
  if (element === undefined || others.length > 0 || element.name !== member) return undefined;
  return element.uri !== '' && sameJson(foreignValue(element), value) ? markup : undefined;
}

function markupOf(value: unknown): string | undefined {
  const markup = isMembers(value) ? value[markupMember] : undefined;
  return typeof markup === 'string' ? markup : undefined;
}

/** Markup comes from JSON, that is from anybody: it is only written when it parses by itself and says what its twin says. */
function fragmentRoot(markup: string): XmlElement | undefined {
  const tree = readXmlTree(`<x>${markup}</x>`);
  return 'root' in tree ? tree.root : undefined;
}

function sameJson(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
