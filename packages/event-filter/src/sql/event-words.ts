/** What the columns tell of the words of a whole event. */
import type { Bind } from './bind.ts';
import { UNKNOWN } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { phraseTest } from './words-test.ts';
import type { Phrases } from '../words.ts';

/** Words of `rest` are those of the event. */
const IS_PLAIN = 'bitAnd(odd, 2) = 0';
const IS_NOT_PLAIN = 'bitAnd(odd, 2) = 2';
/** The row is older than the words kept for the others, which are marked in the index too. */
const IS_OLD = 'bitAnd(odd, 4) = 4';
/** Words that may stand in a time: `2026`, `01t10`, `123z`. */
const TIME_WORD = /^(?:\d+z?|\d\dt\d\d)$/;
// eslint-disable-next-line no-control-regex -- what is beyond it
const ASCII = /^[\0-\x7f]*$/;

/**
 * Single words are decided by the columns; of phrases they only tell where all words are. All words together bound what
 * is undecided: of a UUID's words each alone stands in many events.
 */
export function eventWordsBounds(phrases: Phrases, bind: Bind): Bounds {
  const present = `(${phrases
    .flat()
    .map((word) => hasWord(word, bind))
    .join(' AND ')})`;
  const necessary = `(${present} OR ${anyRow(IS_OLD)})`;
  return phrases.some((words) => words.length > 1)
    ? { ...UNKNOWN, necessary, undecided: necessary, indexed: necessary }
    : {
        necessary,
        indexed: necessary,
        sufficient: `(${IS_PLAIN} AND ${present})`,
        undecided: `(${IS_NOT_PLAIN} AND ${necessary})`,
      };
}

function hasWord(word: string, bind: Bind): string {
  const tests = [wordTest(word, bind)('words')];
  if (TIME_WORD.test(word)) tests.push(wordTest(word, bind)('lower(event_time_text)'));
  const shapes = shapesWith(word, bind);
  // A constant when the rows are looked for: mostly empty, and then the index on words decides.
  tests.push(`(notEmpty(${shapes}) AND has(${shapes}, shape))`);
  return `(${tests.join(' OR ')})`;
}

/** Of text in small letters (of ASCII); with ASCII words in the form that the index on words can be asked. */
function wordTest(word: string, bind: Bind): (text: string) => string {
  if (!ASCII.test(word)) return phraseTest([word], bind);
  const token = bind('String', word);
  return (text) => `hasToken(${text}, ${token})`;
}

/** Shapes that have the word in a value which all their events share. */
function shapesWith(word: string, bind: Bind): string {
  return `(SELECT groupArray(id) FROM shapes WHERE arrayExists(v -> ${phraseTest([word], bind)('v')}, constants))`;
}

/** The condition, made constant where no row has it. */
function anyRow(condition: string): string {
  return `((SELECT count() FROM events WHERE ${condition}) > 0 AND ${condition})`;
}
