/** Full text: which words a text has, and what a `~` asks for. */
import { foldCase } from './fold.ts';

/**
 * Words are runs of ASCII letters and digits and of everything beyond ASCII; they are compared in small letters (`foldCase`).
 * A text has at most a few hundred thousand; the cost is linear.
 */
const WORD = /[0-9A-Za-z\u0080-\u{10FFFF}]+/gu;

export function wordsOf(text: string): readonly string[] {
  return foldCase(text).match(WORD) ?? [];
}

/** The words and phrases of a `~`: each a sequence that has to occur in one value, in this order, side by side. */
export type Phrases = readonly (readonly string[])[];

/** Words and phrases of one `~`, and words of one phrase: they bound the work per event. */
export const maxPhrases = 64;
export const maxPhraseWords = 32;

/** Reads `nova "instance boot"`. A sentence saying what is wrong where there is no word, or a quote is left open. */
export function parsePhrases(text: string): Phrases | string {
  const pieces = text.split('"');
  if (pieces.length % 2 === 0) return 'a phrase is opened by " and never closed';
  const phrases = pieces.flatMap((piece, index) =>
    index % 2 === 0 ? wordsOf(piece).map((word) => [word]) : [wordsOf(piece)],
  );
  const asked = phrases.filter((phrase) => phrase.length > 0);
  if (asked.length === 0) return 'there is no word to look for';
  if (asked.length > maxPhrases) return `more than ${maxPhrases} words and phrases`;
  const longest = Math.max(...asked.map((phrase) => phrase.length));
  return longest > maxPhraseWords ? `a phrase of more than ${maxPhraseWords} words` : asked;
}

/** Looks values through, one after the other, until each phrase was seen in one of them. */
export interface PhraseSearch {
  /** True once all were seen. */
  see(text: string): boolean;
}

export function searchPhrases(phrases: Phrases): PhraseSearch {
  const missing = new Set(phrases);
  return {
    see(text) {
      const folded = foldCase(text);
      // Cutting a text into words is dear; most have no word that is looked for.
      let words: readonly string[] | undefined;
      for (const phrase of missing) {
        if (!folded.includes(phrase[0] ?? '')) continue;
        words ??= folded.match(WORD) ?? [];
        if (hasPhrase(words, phrase)) missing.delete(phrase);
      }
      return missing.size === 0;
    },
  };
}

function hasPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  const [first] = phrase;
  if (first === undefined) return true;
  for (let at = words.indexOf(first); at >= 0; at = words.indexOf(first, at + 1)) {
    if (phrase.every((word, offset) => words[at + offset] === word)) return true;
  }
  return false;
}
