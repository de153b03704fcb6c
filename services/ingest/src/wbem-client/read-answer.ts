/** Reads a CIM server's answer to an operation (DSP0201 5.2.6). Document types and entities are refused, sizes are bounded. */
import { attributeOf, childElements, readXmlTree, textOf } from '@cadf-pipeline/cadf-model';
import type { XmlElement, XmlLimits } from '@cadf-pipeline/cadf-model';
import type { CimInstanceName, CimKey, CimObject, CimValue, NamedCimObject } from './cim-object.ts';
import { refusal, WbemFailure } from './wbem-failure.ts';

export interface CimAnswer {
  /** Instances with their names, of an enumeration. */
  readonly instances: readonly NamedCimObject[];
  /** Names without instances: of a created instance. */
  readonly names: readonly CimInstanceName[];
}

const LIMITS: XmlLimits = { maxLength: 16 * 1024 * 1024, maxDepth: 64, maxNodes: 500_000 };

/** Throws WbemFailure: `WBEM_ANSWER` where the text is no such answer, `WBEM_REFUSED` where it is a refusal. */
export function readAnswer(text: string, method: string): CimAnswer {
  const tree = readXmlTree(text, LIMITS);
  if ('fault' in tree)
    throw new WbemFailure(
      'WBEM_ANSWER',
      `The answer to ${method} is no XML that can be read: ${tree.fault.message} Is this the address of a CIM server?`,
    );
  const response = within(tree.root, ['MESSAGE', 'SIMPLERSP', 'IMETHODRESPONSE']);
  if (tree.root.name !== 'CIM' || response === undefined)
    throw new WbemFailure(
      'WBEM_ANSWER',
      `The answer to ${method} is a <${tree.root.name.slice(0, 60)}> document without a method response. Is this the address of a CIM server?`,
    );
  const error = child(response, 'ERROR');
  if (error !== undefined)
    throw refusal(method, Number(attributeOf(error, 'CODE')) || 1, attributeOf(error, 'DESCRIPTION') ?? '');
  const returned = childElements(child(response, 'IRETURNVALUE') ?? response);
  return {
    instances: returned.filter(({ name }) => name === 'VALUE.NAMEDINSTANCE').flatMap(readNamedInstance),
    names: returned.filter(({ name }) => name === 'INSTANCENAME').map((one) => readInstanceName(one)),
  };
}

function readNamedInstance(element: XmlElement): readonly NamedCimObject[] {
  const name = child(element, 'INSTANCENAME');
  const instance = child(element, 'INSTANCE');
  if (name === undefined || instance === undefined) return [];
  return [{ ...readInstance(instance), name: readInstanceName(name) }];
}

function readInstance(element: XmlElement): CimObject {
  const properties = new Map<string, CimValue>();
  for (const one of childElements(element)) {
    const value = readProperty(one);
    if (value !== undefined) properties.set(attributeOf(one, 'NAME') ?? '', value);
  }
  return { className: attributeOf(element, 'CLASSNAME') ?? '', properties };
}

function readProperty(element: XmlElement): CimValue | undefined {
  const type = attributeOf(element, 'TYPE') ?? 'string';
  if (element.name === 'PROPERTY') {
    const value = child(element, 'VALUE');
    return value === undefined ? undefined : { kind: 'value', type, text: textOf(value) };
  }
  if (element.name === 'PROPERTY.ARRAY') {
    const values = child(element, 'VALUE.ARRAY');
    return values === undefined
      ? undefined
      : { kind: 'array', type, texts: childElements(values).map(textOf) };
  }
  if (element.name !== 'PROPERTY.REFERENCE') return undefined;
  const reference = child(element, 'VALUE.REFERENCE');
  const to = reference === undefined ? undefined : readReference(reference);
  return to === undefined ? undefined : { kind: 'reference', to };
}

/** An instance by its name alone, with its namespace, or with host and namespace. */
function readReference(element: XmlElement): CimInstanceName | undefined {
  const [form] = childElements(element);
  if (form === undefined) return undefined;
  if (form.name === 'INSTANCENAME') return readInstanceName(form);
  const name = child(form, 'INSTANCENAME');
  if (name === undefined) return undefined;
  const full = child(form, 'NAMESPACEPATH');
  const path = child(full ?? form, 'LOCALNAMESPACEPATH');
  const host = full === undefined ? undefined : child(full, 'HOST');
  return {
    ...readInstanceName(name),
    ...(path === undefined ? {} : { namespace: readNamespace(path) }),
    ...(host === undefined ? {} : { host: textOf(host).trim() }),
  };
}

function readNamespace(path: XmlElement): string {
  return childElements(path)
    .map((part) => attributeOf(part, 'NAME') ?? '')
    .join('/');
}

function readInstanceName(element: XmlElement): CimInstanceName {
  const keys: CimKey[] = [];
  for (const binding of childElements(element)) {
    const key = binding.name === 'KEYBINDING' ? readKey(binding) : undefined;
    if (key !== undefined) keys.push(key);
  }
  return { className: attributeOf(element, 'CLASSNAME') ?? '', keys };
}

function readKey(binding: XmlElement): CimKey | undefined {
  const name = attributeOf(binding, 'NAME') ?? '';
  const plain = child(binding, 'KEYVALUE');
  if (plain !== undefined)
    return { name, value: textOf(plain), valueType: attributeOf(plain, 'VALUETYPE') ?? 'string' };
  const reference = child(binding, 'VALUE.REFERENCE');
  const value = reference === undefined ? undefined : readReference(reference);
  return value === undefined ? undefined : { name, value };
}

function within(element: XmlElement, path: readonly string[]): XmlElement | undefined {
  let place: XmlElement | undefined = element;
  for (const name of path) place = place === undefined ? undefined : child(place, name);
  return place;
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  return childElements(element).find((one) => one.name === name);
}
