/** Writes CIM operations as CIM-XML requests (DSP0201 5.2, DSP0200 5.3). */
import { escapeAttribute, escapeText } from '@cadf-pipeline/cadf-model';
import type { CimInstanceName, CimKey, CimObject, CimValue } from './cim-object.ts';

/** One intrinsic method with its parameters, already written. */
export interface CimOperation {
  readonly method: string;
  /** `root/interop`. */
  readonly namespace: string;
  /** IPARAMVALUE elements. */
  readonly parameters: string;
}

/** EnumerateInstances of a class and all below it, all properties, no qualifiers (DSP0200 5.3.2.11). */
export function enumerateInstances(namespace: string, className: string): CimOperation {
  return {
    method: 'EnumerateInstances',
    namespace,
    parameters:
      parameter('ClassName', `<CLASSNAME${attribute('NAME', className)}/>`) +
      flag('LocalOnly', false) +
      flag('DeepInheritance', true) +
      flag('IncludeQualifiers', false) +
      flag('IncludeClassOrigin', false),
  };
}

export function createInstance(namespace: string, object: CimObject): CimOperation {
  return { method: 'CreateInstance', namespace, parameters: parameter('NewInstance', instanceXml(object)) };
}

/** Changes the object's properties and no others. */
export function modifyInstance(namespace: string, name: CimInstanceName, object: CimObject): CimOperation {
  const list = [...object.properties.keys()].map((one) => `<VALUE>${escapeText(one)}</VALUE>`).join('');
  return {
    method: 'ModifyInstance',
    namespace,
    parameters:
      parameter(
        'ModifiedInstance',
        `<VALUE.NAMEDINSTANCE>${instanceNameXml(name)}${instanceXml(object)}</VALUE.NAMEDINSTANCE>`,
      ) +
      flag('IncludeQualifiers', false) +
      parameter('PropertyList', `<VALUE.ARRAY>${list}</VALUE.ARRAY>`),
  };
}

export function deleteInstance(namespace: string, name: CimInstanceName): CimOperation {
  return {
    method: 'DeleteInstance',
    namespace,
    parameters: parameter('InstanceName', instanceNameXml(name)),
  };
}

/** The whole message. */
export function requestXml({ method, namespace, parameters }: CimOperation, id: number): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="${id}" PROTOCOLVERSION="1.0"><SIMPLEREQ><IMETHODCALL NAME="${method}">${namespaceXml(namespace)}${parameters}</IMETHODCALL></SIMPLEREQ></MESSAGE></CIM>\n`;
}

function parameter(name: string, content: string): string {
  return `<IPARAMVALUE NAME="${name}">${content}</IPARAMVALUE>`;
}

function flag(name: string, isSet: boolean): string {
  return parameter(name, `<VALUE>${isSet ? 'TRUE' : 'FALSE'}</VALUE>`);
}

function instanceXml({ className, properties }: CimObject): string {
  const members = [...properties].map(([name, value]) => propertyXml(name, value)).join('');
  return `<INSTANCE${attribute('CLASSNAME', className)}>${members}</INSTANCE>`;
}

function propertyXml(name: string, value: CimValue): string {
  const named = attribute('NAME', name);
  if (value.kind === 'reference')
    return `<PROPERTY.REFERENCE${named}${attribute('REFERENCECLASS', value.to.className)}>${referenceXml(value.to)}</PROPERTY.REFERENCE>`;
  const typed = `${named}${attribute('TYPE', value.type)}`;
  if (value.kind === 'value') return `<PROPERTY${typed}><VALUE>${escapeText(value.text)}</VALUE></PROPERTY>`;
  const values = value.texts.map((text) => `<VALUE>${escapeText(text)}</VALUE>`).join('');
  return `<PROPERTY.ARRAY${typed}><VALUE.ARRAY>${values}</VALUE.ARRAY></PROPERTY.ARRAY>`;
}

function referenceXml(name: CimInstanceName): string {
  const plain = instanceNameXml(name);
  if (name.namespace === undefined) return `<VALUE.REFERENCE>${plain}</VALUE.REFERENCE>`;
  const path = namespaceXml(name.namespace);
  return name.host === undefined
    ? `<VALUE.REFERENCE><LOCALINSTANCEPATH>${path}${plain}</LOCALINSTANCEPATH></VALUE.REFERENCE>`
    : `<VALUE.REFERENCE><INSTANCEPATH><NAMESPACEPATH><HOST>${escapeText(name.host)}</HOST>${path}</NAMESPACEPATH>${plain}</INSTANCEPATH></VALUE.REFERENCE>`;
}

function instanceNameXml({ className, keys }: CimInstanceName): string {
  return `<INSTANCENAME${attribute('CLASSNAME', className)}>${keys.map(keyXml).join('')}</INSTANCENAME>`;
}

function keyXml({ name, value, valueType = 'string' }: CimKey): string {
  const content =
    typeof value === 'string'
      ? `<KEYVALUE${attribute('VALUETYPE', valueType)}>${escapeText(value)}</KEYVALUE>`
      : referenceXml(value);
  return `<KEYBINDING${attribute('NAME', name)}>${content}</KEYBINDING>`;
}

function namespaceXml(namespace: string): string {
  const parts = namespace.split('/').filter((part) => part !== '');
  return `<LOCALNAMESPACEPATH>${parts.map((part) => `<NAMESPACE${attribute('NAME', part)}/>`).join('')}</LOCALNAMESPACEPATH>`;
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escapeAttribute(value)}"`;
}
