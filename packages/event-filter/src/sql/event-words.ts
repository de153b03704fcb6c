/** What the columns tell of the words of a whole event. */
import type { Bind } from './bind.ts';
import { sqlText } from './bind.ts';
import { allOf, UNKNOWN } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { createJsonValues } from './json-values.ts';
import { phraseTest } from './words-test.ts';
import type { Phrases } from '../words.ts';

/** Words of `rest` are those of the event. */
const IS_PLAIN = 'bitAnd(odd, 2) = 0';
/** The row is older than the words kept for the others, which are marked in the index too. */
const IS_OLD = 'bitAnd(odd, 4) = 4';
/** Words that may stand in a time: `2026`, `01t10`, `123z`. */
const TIME_WORD = /^(?:\d+z?|\d\dt\d\d)$/;
// eslint-disable-next-line no-control-regex -- what is beyond it
const ASCII = /^[\0-\x7f]*$/;

/** Single words are decided by the columns; of phrases they only tell where all words are. */
export function eventWordsBounds(phrases: Phrases, bind: Bind): Bounds {
  return allOf(
    phrases.map((words) => {
      const present = `(${words.map((word) => hasWord(word, bind)).join(' AND ')})`;
      const necessary = `(${present} OR ${anyRow(IS_OLD)})`;
      return words.length > 1
        ? { ...UNKNOWN, necessary }
        : { necessary, sufficient: `(${IS_PLAIN} AND ${present})` };
    }),
  );
}

function hasWord(word: string, bind: Bind): string {
  const tests = [wordTest(word, bind)('words')];
  if (TIME_WORD.test(word)) tests.push(wordTest(word, bind)('lower(event_time_text)'));
  const shapes = shapesWith(word, bind);
  // The count is a constant when the rows are looked for: mostly 0, and then the index on words decides.
  tests.push(`((SELECT count() FROM (${shapes})) > 0 AND shape IN (${shapes}))`);
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
  const values = createJsonValues(bind);
  const test = phraseTest([word], bind)('v');
  const leaves = values.deepLeaves(undefined);
  const constants = `(SELECT id, ${CONSTANTS} AS text FROM shapes)`;
  const staged = values.stages.reduce(
    (from, stage) => `(SELECT *, ${stage.join(', ')} FROM ${from})`,
    constants,
  );
  return `SELECT arrayJoin(if(arrayExists(v -> ${test}, ${leaves}), [id], [])) FROM ${staged}`;
}

/** The shape as a text whose holes are empty: '' inside quotes, `null` for a number. */
const CONSTANTS = `arrayStringConcat(arrayMap((p, i) -> if(i = length(pieces) OR endsWith(p, ${sqlText('"')}), p, concat(p, 'null')), pieces, arrayEnumerate(pieces)))`;

/** The condition, made constant where no row has it. */
function anyRow(condition: string): string {
  return `((SELECT count() FROM events WHERE ${condition}) > 0 AND ${condition})`;
}
