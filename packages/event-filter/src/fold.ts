/**
 * Small letters for full text, defined so that the engine can do exactly the same: code point by code point, by the
 * lower case of Unicode where that is one code point. Letters beyond ASCII never become ASCII, so the Kelvin sign and
 * the dotted capital I stay what they are; the sigma at the end of a word is the other sigma.
 */

const KEPT = /[\u0130\u212A]/;
const FOLDED = /[^\u0130\u212A]+/g;

export function foldCase(text: string): string {
  const lower = KEPT.test(text) ? text.replace(FOLDED, (part) => part.toLowerCase()) : text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}

/** Every character that folds to this folded one, itself first. */
export function charactersFoldedTo(char: string): readonly string[] {
  const code = char.charCodeAt(0);
  if (code < 0x80) return code >= 0x61 && code <= 0x7a ? [char, char.toUpperCase()] : [char];
  sources ??= readSources();
  return [char, ...(sources.get(char) ?? [])];
}

let sources: ReadonlyMap<string, readonly string[]> | undefined;

/** The planes that have letters of two cases; read once, in about 20 ms. */
function readSources(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (let code = 0x80; code < 0x20000; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const char = String.fromCodePoint(code);
    const folded = foldCase(char);
    if (folded === char) continue;
    const list = found.get(folded);
    if (list === undefined) found.set(folded, [char]);
    else list.push(char);
  }
  return found;
}
