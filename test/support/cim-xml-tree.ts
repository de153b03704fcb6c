/** Elements of CIM-XML as the simulated CIM server compares and writes them: names of instances, keys, texts. */
import { attributeOf, childElements, escapeAttribute, readXmlTree, textOf } from '@cadf-pipeline/cadf-model';
import type { XmlElement } from '@cadf-pipeline/cadf-model';

export function nameAttribute(element: XmlElement): string {
  return attributeOf(element, 'NAME') ?? '';
}

export function keyXml(key: string, properties: readonly XmlElement[]): string {
  const property = properties.find((one) => nameAttribute(one) === key);
  const content = property === undefined ? undefined : childElements(property)[0];
  if (content === undefined) return '';
  return `<KEYBINDING NAME="${key}">${content.name === 'VALUE' ? `<KEYVALUE VALUETYPE="string">${escapeAttribute(textOf(content))}</KEYVALUE>` : toXml(content)}</KEYBINDING>`;
}

/** The same for every way to write a name: class and keys in order, without types and namespaces. */
export function nameText(element: XmlElement): string {
  if (element.name !== 'INSTANCENAME') {
    const inner = deepest(element, 'INSTANCENAME');
    return inner === undefined ? textWithin(element) : nameText(inner);
  }
  const keys = childElements(element).map((key) => `${nameAttribute(key)}=${nameText(key)}`);
  return `${attributeOf(element, 'CLASSNAME')}(${keys.toSorted().join()})`;
}

export function deepestKey(keys: readonly XmlElement[], end: string): XmlElement | undefined {
  const reference = keys.find((key) => nameAttribute(key) === end);
  const name = reference === undefined ? undefined : deepest(reference, 'INSTANCENAME');
  return name === undefined ? undefined : childElements(name).find((key) => nameAttribute(key) === 'Name');
}

/** The first element of this name, the element itself among them. */
export function deepest(element: XmlElement, name: string): XmlElement | undefined {
  if (element.name === name) return element;
  for (const one of childElements(element)) {
    const found = deepest(one, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function textWithin(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  return textOf(element) + childElements(element).map(textWithin).join('');
}

export function parse(text: string): XmlElement {
  const tree = readXmlTree(text);
  if ('fault' in tree) throw new Error(tree.fault.message);
  return tree.root;
}

export function toXml({ name, attributes, children }: XmlElement): string {
  const head = attributes.map((one) => ` ${one.name}="${escapeAttribute(one.value)}"`).join('');
  const body = children.map((one) => (typeof one === 'string' ? escapeAttribute(one) : toXml(one))).join('');
  return `<${name}${head}>${body}</${name}>`;
}
