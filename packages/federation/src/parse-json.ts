/** JSON that says one thing to every reader (RFC 7493, section 2.3: no member twice). */
import { endOfString } from '@cadf-pipeline/cadf-model';

const QUOTE = 0x22;
const COLON = 0x3a;

/**
 * Undefined for what is no JSON in UTF-8, and where an object has a member twice: of those, one reader takes the first and
 * another the last, so one signature would stand for two manifests.
 */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return membersWritten(text) === membersRead(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Each member has one colon that is in no string. */
function membersWritten(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) count++;
  }
  return count;
}

function membersRead(value: unknown): number {
  let count = 0;
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside: unknown[] = Object.values(next);
    if (!Array.isArray(next)) count += inside.length;
    for (const each of inside) left.push(each);
  }
  return count;
}
