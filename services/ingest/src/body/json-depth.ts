/** The nesting of a JSON text, bounded. */

/**
 * Whether a JSON text is nested deeper than `maxDepth`. Asked before it is parsed: millions of nested lists fit a
 * request, and parsing them takes many seconds. Of a text that is no JSON it says something or other, at no cost.
 * A text with no more than `maxDepth` opening brackets is not: nearly every event is decided by that, without looking
 * at its characters one by one.
 */
export function isTooDeep(text: string, maxDepth: number): boolean {
  let left = maxDepth;
  for (const bracket of ['{', '[']) {
    let at = text.indexOf(bracket);
    while (at !== -1) {
      if (--left < 0) return depthOf(text, maxDepth) > maxDepth;
      at = text.indexOf(bracket, at + 1);
    }
  }
  return false;
}

/** The depth, counted no further than one past `limit`. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length && deepest <= limit; at++) {
    const character = text.charAt(at);
    if (character === '"') at = closingQuote(text, at);
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

function closingQuote(text: string, opening: number): number {
  let at = opening + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at;
}
