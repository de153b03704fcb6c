/** Resolves the escapes of a string's content as written between its quotes in a JSON text. The content must be valid. */
export function decodeStringContent(raw: string): string {
  if (!raw.includes('\\')) return raw;
  const decoded: unknown = JSON.parse(`"${raw}"`);
  if (typeof decoded !== 'string') throw new TypeError(`not the content of a JSON string: ${raw}`);
  return decoded;
}
