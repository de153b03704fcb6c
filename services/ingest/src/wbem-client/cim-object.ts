/** Instances of a CIM server and their names, as operations carry them (DSP0201 5.2). Class and member names are case-insensitive. */

/** Names one instance: its class and the values of its keys. */
export interface CimInstanceName {
  readonly className: string;
  /** Where the name itself says where it is: `root/interop`, and the server's host. */
  readonly namespace?: string;
  readonly host?: string;
  readonly keys: readonly CimKey[];
}

export interface CimKey {
  readonly name: string;
  readonly value: string | CimInstanceName;
  /** Of a text: how it is meant. */
  readonly valueType?: string;
}

/** `type` is a CIM type name (`string`, `uint16`, …; DSP0004 5.2.3); texts as CIM-XML writes them. */
export type CimValue =
  | { readonly kind: 'value'; readonly type: string; readonly text: string }
  | { readonly kind: 'array'; readonly type: string; readonly texts: readonly string[] }
  | { readonly kind: 'reference'; readonly to: CimInstanceName };

export interface CimObject {
  readonly className: string;
  /** By name as written; properties without a value are left out. */
  readonly properties: ReadonlyMap<string, CimValue>;
}

export interface NamedCimObject extends CimObject {
  readonly name: CimInstanceName;
}

export function cimString(text: string): CimValue {
  return { kind: 'value', type: 'string', text };
}

export function cimUint16(number: number): CimValue {
  return { kind: 'value', type: 'uint16', text: String(number) };
}

/** The text of a single value, or of the first of an array; undefined where there is none. */
export function textOfProperty(object: CimObject, name: string): string | undefined {
  const value = propertyOf(object, name);
  if (value?.kind === 'value') return value.text;
  return value?.kind === 'array' ? value.texts[0] : undefined;
}

export function propertyOf(object: CimObject, name: string): CimValue | undefined {
  for (const [own, value] of object.properties) if (isSameName(own, name)) return value;
  return undefined;
}

export function keyOf(name: CimInstanceName, key: string): CimKey['value'] | undefined {
  return name.keys.find((one) => isSameName(one.name, key))?.value;
}

export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
