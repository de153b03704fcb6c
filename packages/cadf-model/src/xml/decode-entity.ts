/** Reads one CADF element into its JSON form, by the member table of its entity. */
import type { EntityName, MemberForm } from '../entity-members.ts';
import { entityMembers, memberForm } from '../entity-members.ts';
import { eventTypeUri, logTypeUri, reportTypeUri } from '../entities/uris.ts';
import type { Members } from '../json-members.ts';
import type { MutableMembers } from '../json-object.ts';
import { setMember } from '../json-object.ts';
import type { XmlFault } from './fault.ts';
import { xmlFault } from './fault.ts';
import { addMember, contentValue, foreignValue } from './foreign.ts';
import { jsonNamespace, readMember, readValue } from './json-extension.ts';
import { isCadfNamespace } from './namespaces.ts';
import type { XmlElement, XmlPlace } from './tree.ts';
import { attributeOf, childElements, textOf } from './tree.ts';

export interface DecodeContext {
  readonly faults: XmlFault[];
  /** Where each member that is an element begins, by the JSON Pointer in the document. */
  readonly places: Map<string, XmlPlace>;
  /** Called with each event read, its pointer and its element. */
  readonly onEvent: (event: Members, pointer: string, element: XmlElement) => void;
}

/** The JSON form of an element that holds an entity. */
export function decodeEntity(
  context: DecodeContext,
  element: XmlElement,
  entity: EntityName,
  pointer: string,
): Members {
  context.places.set(pointer, { line: element.line, column: element.column });
  const target: Target = { context, entity, pointer, object: {}, given: new Set() };
  for (const one of element.attributes) {
    const own = one.uri === '' || isCadfNamespace(one.uri);
    if (own) put(target, one.local, one.value, element);
    else if (one.uri !== jsonNamespace) put(target, one.name, one.value, element);
  }
  for (const child of element.children) {
    if (typeof child !== 'string') decodeChild(target, child, element);
    else if (child.trim() !== '') ignoreText(context, element, pointer);
  }
  addTypeUri(target);
  if (entity === 'event') {
    checkContentTypes(context, element, pointer);
    context.onEvent(target.object, pointer, element);
  }
  return target.object;
}

interface Target {
  readonly context: DecodeContext;
  readonly entity: EntityName;
  readonly pointer: string;
  readonly object: MutableMembers;
  readonly given: Set<string>;
}

const typeUris = { event: eventTypeUri, log: logTypeUri, report: reportTypeUri };

/** In XML the element tells the type, and `typeURI` is optional; in JSON it is mandatory. */
function addTypeUri({ entity, object }: Target): void {
  if (entity !== 'event' && entity !== 'log' && entity !== 'report') return;
  if (!Object.hasOwn(object, 'typeURI')) object['typeURI'] = typeUris[entity];
}

function put(target: Target, name: string, value: unknown, place: XmlPlace): void {
  if (target.given.has(name)) {
    const fault = xmlFault('CADF_XML_DUPLICATE_MEMBER', place, target.pointer, name);
    target.context.faults.push(fault);
    return;
  }
  target.given.add(name);
  setMember(target.object, name, value);
}

function decodeChild(target: Target, child: XmlElement, parent: XmlElement): void {
  if (child.uri === jsonNamespace) {
    const [name, value] = readMember(child);
    return put(target, name, value, child);
  }
  const own = isCadfNamespace(child.uri) || child.uri === parent.uri;
  if (!own) return addMember(target.object, child.name, foreignValue(child));
  const form = memberForm(target.entity, child.local) ?? wrapperAlias(target.entity, child.local);
  if (form !== undefined) {
    // One `annotation key=` after the other, without a wrapper, as the draft has it, is handled below.
    return put(target, form.name, decodeMember(target, child, form), child);
  }
  const list = entityMembers[target.entity].find((member) => member.item === child.local);
  if (list !== undefined) return addToList(target, child, list);
  addMember(target.object, child.local, isPlain(child) ? textOf(child).trim() : foreignValue(child));
}

/** jcadf writes `reportersteps`. */
function wrapperAlias(entity: EntityName, name: string): MemberForm | undefined {
  return entity === 'event' && name === 'reportersteps' ? memberForm(entity, 'reporterchain') : undefined;
}

function decodeMember(target: Target, child: XmlElement, form: MemberForm): unknown {
  const pointer = `${target.pointer}/${form.name}`;
  const { context } = target;
  context.places.set(pointer, { line: child.line, column: child.column });
  switch (form.form) {
    case 'text':
      // A word with attributes or elements of its own is no scalar; nothing of it is to be lost.
      return isPlain(child) ? textOf(child).trim() : foreignValue(child);
    case 'any':
      return decodeAny(child);
    case 'entity':
      return isText(child)
        ? textOf(child).trim()
        : decodeEntity(context, child, form.entity ?? 'resource', pointer);
    case 'map':
    case 'list':
    case 'texts':
      return decodeList(context, child, form, pointer);
  }
}

/** In drafts and sketches an entity is only a word. */
function isText(element: XmlElement): boolean {
  return isPlain(element) && textOf(element).trim() !== '';
}

function isPlain(element: XmlElement): boolean {
  return element.attributes.length === 0 && childElements(element).length === 0;
}

function decodeAny(element: XmlElement): unknown {
  const type = attributeOf(element, 'type', jsonNamespace);
  return type === undefined ? contentValue(element) : readValue(element, type);
}

function decodeList(context: DecodeContext, wrapper: XmlElement, form: MemberForm, pointer: string): unknown {
  if (textOf(wrapper).trim() !== '') ignoreText(context, wrapper, pointer);
  return childElements(wrapper).map((item, index) => decodeItem(context, item, form, `${pointer}/${index}`));
}

function decodeItem(context: DecodeContext, item: XmlElement, form: MemberForm, pointer: string): unknown {
  context.places.set(pointer, { line: item.line, column: item.column });
  if (form.form === 'map') return { key: attributeOf(item, 'key') ?? '', value: textOf(item) };
  if (form.form === 'texts' || isText(item)) return textOf(item).trim();
  return decodeEntity(context, item, form.entity ?? 'resource', pointer);
}

/** Elements of a list without their wrapper, one after the other. */
function addToList(target: Target, child: XmlElement, form: MemberForm): void {
  const there = target.object[form.name];
  const list: unknown[] = Array.isArray(there) ? there : [];
  list.push(decodeItem(target.context, child, form, `${target.pointer}/${form.name}/${list.length}`));
  target.object[form.name] = list;
  target.given.add(form.name);
}

function ignoreText(context: DecodeContext, place: XmlPlace, pointer: string): void {
  context.faults.push(xmlFault('CADF_XML_TEXT_IGNORED', place, pointer));
}

/** A contentType that is a qualified name (`ua:auditData`) should be that of the content's root element. */
function checkContentTypes(context: DecodeContext, event: XmlElement, pointer: string): void {
  const wrapper = childElements(event).find((child) => child.local === 'attachments');
  for (const attachment of wrapper === undefined ? [] : childElements(wrapper)) {
    const type = attributeOf(attachment, 'contentType');
    const content = childElements(attachment).find((child) => child.local === 'content');
    const root = content === undefined ? undefined : childElements(content)[0];
    if (type === undefined || root === undefined || root.uri === jsonNamespace) continue;
    const isQualifiedName = /^[\p{L}_][\p{L}\p{N}_.-]{0,63}:[\p{L}_][\p{L}\p{N}_.-]{0,127}$/u.test(type);
    if (!isQualifiedName || type === root.name) continue;
    const detail = `${type.slice(0, 200)}, not ${root.name.slice(0, 200)}`;
    context.faults.push(xmlFault('CADF_XML_CONTENT_TYPE_MISMATCH', attachment, pointer, detail));
  }
}
