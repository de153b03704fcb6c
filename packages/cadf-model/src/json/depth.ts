/** A quick bound on the nesting of a JSON text, for before it is parsed. */

/** Nesting allowed by default: four times what the richest CADF event needs. */
export const defaultMaxJsonDepth = 64;

/**
 * Whether no value of the text is nested in more than `maxDepth` objects and lists. Linear, and nearly free for
 * texts with fewer brackets than `maxDepth`, which cannot be too deep. Says nothing about whether the text is JSON:
 * an unfinished string ends the scan, the parser will tell.
 */
export function checkJsonDepth(text: string, maxDepth: number = defaultMaxJsonDepth): boolean {
  if (!hasMoreBrackets(text, maxDepth)) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
    } else if ((code | 0x20) === 0x7b) {
      if (++depth > maxDepth) return false;
    } else if ((code | 0x20) === 0x7d) {
      depth--;
    }
  }
  return true;
}

/** Counts `{` and `[` anywhere, also in strings, and stops past the limit. */
function hasMoreBrackets(text: string, limit: number): boolean {
  let count = 0;
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) if (++count > limit) return true;
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) if (++count > limit) return true;
  return false;
}

/** Index of the quote that ends the string whose opening quote is at `start`; the text's length if there is none. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let before = end - 1;
    while (text.charCodeAt(before) === 0x5c) before--;
    if ((end - before) % 2 === 1) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
