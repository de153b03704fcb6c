/** A CIM instance as CIM-XML carries it (DSP0201 5.2.3.2): a class name and properties. Names are case-insensitive. */

export interface CimInstance {
  readonly className: string;
  /** By name in lower case. */
  readonly properties: ReadonlyMap<string, CimProperty>;
}

export interface CimProperty {
  /** Texts as written; a single value is a list of one, null and an empty array are empty lists. */
  readonly values: readonly string[];
  /** Those of the values that are embedded instances (DSP0201 5.2.2.1). */
  readonly instances: readonly CimInstance[];
}

/** The first value that is not empty. */
export function valueOf(instance: CimInstance | undefined, name: string): string | undefined {
  const value = valuesOf(instance, name)[0];
  return value === undefined || value === '' ? undefined : value;
}

export function valuesOf(instance: CimInstance | undefined, name: string): readonly string[] {
  return instance?.properties.get(name.toLowerCase())?.values ?? [];
}

/** A whole number of at most 16 digits; undefined where the property has none. */
export function numberOf(instance: CimInstance | undefined, name: string): number | undefined {
  const value = valueOf(instance, name);
  return value !== undefined && /^[+-]?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

/** The first embedded instance of a property. */
export function embeddedIn(instance: CimInstance | undefined, name: string): CimInstance | undefined {
  return instance?.properties.get(name.toLowerCase())?.instances[0];
}
