/** Patterns of file names: `*` any characters, `?` one, `[a-z]` one of these, `[!a-z]` none of these. */

const MAX_LENGTH = 255;

/** The pattern cannot be used. */
export class WildcardError extends Error {
  readonly code = 'FOLLOW_PATTERN_INVALID';
}

type Part =
  | { readonly any: true }
  | { readonly any: false; readonly matches: (character: string) => boolean };

/** Whether a part of a path is a pattern. */
export function isWildcard(part: string): boolean {
  return /[*?[]/.test(part);
}

/**
 * A name that begins with a point is matched only where the pattern begins with one, as in a shell. Takes at most
 * pattern × name steps, whatever they are. Throws WildcardError.
 */
export function createWildcard(pattern: string): (name: string) => boolean {
  if (pattern.length > MAX_LENGTH)
    throw new WildcardError(`A name is at most ${MAX_LENGTH} characters: ${pattern}`);
  const parts = readParts(pattern);
  const takesHidden = pattern.startsWith('.');
  return (name) => (takesHidden || !name.startsWith('.')) && matches(parts, Array.from(name));
}

/** Goes back to the last `*` only: an earlier one could take nothing that the later one cannot. */
function matches(parts: readonly Part[], name: readonly string[]): boolean {
  let part = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const here = parts[part];
    if (here?.any === true) {
      star = part++;
      starAt = at;
    } else if (here?.any === false && here.matches(name[at] ?? '')) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part]?.any === true) part++;
  return part === parts.length;
}

function readParts(pattern: string): Part[] {
  const parts: Part[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') {
      if (parts.at(-1)?.any !== true) parts.push({ any: true });
    } else if (character === '?') parts.push({ any: false, matches: () => true });
    else if (character === '[') {
      // The first character may be `]` itself.
      const isNegated = characters[at + 1] === '!' || characters[at + 1] === '^';
      const first = isNegated ? at + 2 : at + 1;
      const close = characters.indexOf(']', first + 1);
      if (close < 0) throw new WildcardError(`The bracket is not closed: ${pattern}`);
      parts.push({ any: false, matches: oneOf(characters.slice(first, close), isNegated) });
      at = close;
    } else parts.push({ any: false, matches: (other) => other === character });
  }
  return parts;
}

function oneOf(characters: readonly string[], isNegated: boolean): (character: string) => boolean {
  const ranges: (readonly [from: string, to: string])[] = [];
  for (let at = 0; at < characters.length; at++) {
    const from = characters[at] ?? '';
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length;
    ranges.push([from, isRange ? (characters[at + 2] ?? '') : from]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([from, to]) => character >= from && character <= to) !== isNegated;
}
