/** The resources of the simulated CIMI cloud, as the standard models them: before JSON and XML. */

export type CimiValue =
  | string
  | number
  | boolean
  | { readonly [name: string]: CimiValue }
  | readonly CimiValue[];

export interface Resource {
  /** Relative to baseURI, such as `jobs/1`. */
  readonly id: string;
  /** `Job`, `Event`, …: the last segment of its type URI. */
  readonly type: string;
  readonly attributes: Record<string, CimiValue>;
}

export interface Collection {
  readonly id: string;
  readonly itemType: string;
  /** Key of its items: `jobs`. */
  readonly plural: string;
  readonly items: readonly Resource[];
  /** Before the subset by $first and $last. */
  readonly count: number;
}

export type CimiVersion = '1' | '2';

export function typeUri(version: CimiVersion, type: string): string {
  return `http://schemas.dmtf.org/cimi/${version}/${type}`;
}

export function ref(href: string): CimiValue {
  return { href };
}
