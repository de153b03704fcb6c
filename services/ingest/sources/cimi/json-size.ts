/** A bound on how many values a JSON text holds, for before it is parsed: eight million bytes may be millions of objects. */

/**
 * Whether objects, lists and what commas part are more than `limit`. Linear. Says nothing about whether the text is JSON.
 */
export function hasMoreValues(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let values = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    // { and [ differ by one bit.
    else if ((code === 0x2c || (code | 0x20) === 0x7b) && ++values > limit) return true;
  }
  return false;
}
