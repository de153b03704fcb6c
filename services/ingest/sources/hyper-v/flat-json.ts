/** A JSON object as paths: exporters of Windows events nest the same facts in a dozen ways. */

export interface FlatValue {
  /** Last step of the path as written. */
  readonly key: string;
  readonly value: string;
}

const MAX_DEPTH = 12;
const MAX_VALUES = 1024;
/** Steps that XML converters put in for attributes: they say nothing. */
const ATTRIBUTE_STEPS = new Set(['#attributes', '_attributes', '@attributes', '$']);
const TEXT_STEPS = new Set(['#text', '_text', '_', '$text', '#value']);

const DATA_ELEMENT = /(?:^|\.)data(?:\.\d{1,4})?$/;

/**
 * Lower-case path (`winlog.event_id`) → value as text. Signs of attributes (`@`) are cut; a named `Data` element is a
 * member of that name. At most 1,024 values.
 */
export function flattenJson(value: unknown): ReadonlyMap<string, FlatValue> {
  const flat = new Map<string, FlatValue>();
  flatten(flat, value, '', '', 0);
  return flat;
}

function flatten(
  flat: Map<string, FlatValue>,
  value: unknown,
  path: string,
  key: string,
  depth: number,
): void {
  if (value === null || value === undefined || flat.size >= MAX_VALUES) return;
  if (Array.isArray(value)) {
    if (depth >= MAX_DEPTH) return;
    for (const [index, item] of value.entries())
      flatten(flat, item, `${path}.${index}`, String(index), depth + 1);
  } else if (typeof value === 'object') {
    if (depth >= MAX_DEPTH) return;
    const named = DATA_ELEMENT.test(path) ? namedData(value) : undefined;
    if (named !== undefined) {
      put(flat, path.replace(DATA_ELEMENT, `.${named.key.toLowerCase()}`), named);
      return;
    }
    for (const [name, member] of Object.entries(value)) {
      if (ATTRIBUTE_STEPS.has(name) || TEXT_STEPS.has(name)) flatten(flat, member, path, key, depth + 1);
      else {
        const step = name.replace(/^@(?!timestamp)/, '');
        flatten(
          flat,
          member,
          path === '' ? step.toLowerCase() : `${path}.${step.toLowerCase()}`,
          step,
          depth + 1,
        );
      }
    }
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    put(flat, path, { key, value: String(value) });
  }
}

function put(flat: Map<string, FlatValue>, path: string, value: FlatValue): void {
  if (!flat.has(path)) flat.set(path, value);
}

/** `{"@Name": "VhdFileName", "#text": "C:\\…"}`, in the spellings of the converters. */
function namedData(value: object): FlatValue | undefined {
  const members = new Map<string, unknown>(Object.entries(value));
  const attributes = [...ATTRIBUTE_STEPS].map((step) => members.get(step)).find((one) => isObject(one));
  const name = members.get('@Name') ?? (isObject(attributes) ? attributes['Name'] : undefined);
  if (typeof name !== 'string' || name === '') return undefined;
  const text = [...TEXT_STEPS].map((step) => members.get(step)).find((one) => one !== undefined);
  if (text === undefined && members.size > 1) return undefined;
  return { key: name, value: typeof text === 'string' || typeof text === 'number' ? String(text) : '' };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
