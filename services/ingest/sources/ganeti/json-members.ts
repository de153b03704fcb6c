/** Members of JSON that was written by another program: what they are is asked, never assumed. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** Texts, and numbers as texts. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The texts of a list, up to the first element that is none. */
export function asTextList(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const texts: string[] = [];
  for (const each of value) {
    const text = asText(each);
    if (text === undefined) break;
    texts.push(text);
  }
  return texts;
}
