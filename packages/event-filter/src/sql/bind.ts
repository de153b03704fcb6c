/** Values of a filter go into parameters, never into the text of a condition. */

/** Makes the placeholder of a value: `{filter_0: String}`; the same for the same value. */
export type Bind = (type: string, value: unknown) => string;

export interface Binder {
  readonly bind: Bind;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Names of parameters begin with `prefix` and `_`. */
export function createBinder(prefix = 'filter'): Binder {
  const params: Record<string, unknown> = {};
  const known = new Map<string, string>();
  return {
    bind(type, value) {
      const key = `${type} ${JSON.stringify(value)}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const name = `${prefix}_${Object.keys(params).length}`;
      params[name] = value;
      const placeholder = `{${name}: ${type}}`;
      known.set(key, placeholder);
      return placeholder;
    },
    params,
  };
}

/** A constant of this package, such as a pattern, as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
