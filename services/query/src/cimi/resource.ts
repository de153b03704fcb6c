/** What `/cimi` answers, before it is written as JSON or XML (DSP0263 clause 4, DSP8009). */

/** Major version of the standard: 1.0 and 1.1 share a namespace. */
export type CimiVersion = '1' | '2';

export type CimiValue =
  | string
  | number
  | { readonly kind: 'reference'; readonly href: string; readonly expanded?: CimiResource | CimiCollection }
  | { readonly kind: 'struct'; readonly members: Attributes }
  /** A list of structs; in XML `flat` members of an item are attributes, as the schema has them. */
  | {
      readonly kind: 'list';
      readonly singular: string;
      readonly flat: readonly string[];
      readonly items: readonly Attributes[];
    }
  /** JSON text of a CADF event, as it is stored. */
  | { readonly kind: 'cadf'; readonly text: string };

/** In the order of the schema; absent ones are left out. */
export type Attributes = readonly (readonly [name: string, value: CimiValue])[];

export interface CimiResource {
  readonly kind: 'resource';
  readonly type: string;
  readonly attributes: Attributes;
}

export interface CimiCollection {
  readonly kind: 'collection';
  readonly itemType: string;
  /** Key of the items in JSON, and of their wrapper in XML of CIMI 2. */
  readonly plural: string;
  /** Its own attributes: id, count. */
  readonly attributes: Attributes;
  /** Empty: the key is left out. */
  readonly items: readonly Attributes[];
}

export const CIMI_ROOT = 'http://schemas.dmtf.org/cimi/';

/** Of a resource or a collection; in XML the namespace and the root's name say the same of a resource. */
export function typeUri(version: CimiVersion, resource: CimiResource | CimiCollection): string {
  const type = resource.kind === 'resource' ? resource.type : `${resource.itemType}Collection`;
  return `${CIMI_ROOT}${version}/${type}`;
}

export function reference(href: string, expanded?: CimiResource | CimiCollection): CimiValue {
  return { kind: 'reference', href, ...(expanded === undefined ? {} : { expanded }) };
}
