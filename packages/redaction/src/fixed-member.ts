import { keyOf, skipValue } from '@cadf-pipeline/cadf-model';
import { knownFixed } from './standard-words.ts';
import type { Walk } from './walk.ts';

const QUOTE = 0x22;

/**
 * Reads a member that no rule changes: it keeps what is the standard's, and with a copy in the rest the event cannot be given
 * away. Answers the index after it.
 */
export function readFixed(walk: Walk, start: number, name: string): number {
  const { edits, options, text } = walk;
  const end = skipValue(text, start);
  if (!options.scrub) return end;
  const isText = text.charCodeAt(start) === QUOTE;
  const value = isText ? keyOf(text.slice(start + 1, end - 1)) : text.slice(start, end);
  const known = isText ? knownFixed(name, value) : undefined;
  if (known === value) return end;
  if (known === undefined) {
    if (options.removed.isInId(value)) options.stuck.add(name);
  } else if (options.removed.scrub(value) !== value) {
    edits.push({ start, end, text: JSON.stringify(known) });
  }
  return end;
}
