import { charactersFoldedTo } from '../fold.ts';
import type { Bind } from './bind.ts';
import type { LeafTest } from './leaf-test.ts';

/** What is in no word: ASCII without letters and digits. */
const BETWEEN = '[\\x00-/:-@\\[-`{-\\x7f]';

/** A phrase, words side by side, in one text: as a pattern in which every letter stands for both of its cases. */
export function phraseTest(words: readonly string[], bind: Bind): LeafTest {
  const between = `${BETWEEN}+`;
  const pattern = bind('String', `(?:^|${BETWEEN})${words.map(wordPattern).join(between)}(?:${BETWEEN}|$)`);
  return (leaf) => `match(${leaf}, ${pattern})`;
}

/** Words hold letters, digits and what is beyond ASCII: nothing that means anything in a pattern. */
function wordPattern(word: string): string {
  let pattern = '';
  for (const char of word) {
    const all = charactersFoldedTo(char);
    pattern += all.length === 1 ? char : `[${all.join('')}]`;
  }
  return pattern;
}
