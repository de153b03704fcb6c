/**
 * Valid JSON that the engine's parser refuses as a whole: numbers past the range of a double, whole numbers past 64
 * bits, halves of surrogate pairs. Such a text is looked for by one pattern, and only then cut into tokens and mended:
 * the number becomes what JavaScript reads (past the range its text, `"Infinity"`), the half becomes U+FFFD.
 */
import { sqlText } from './bind.ts';

/**
 * Whole numbers of 19 digits, numbers with an exponent or very long, halves of surrogate pairs. `1e20` is taken, but
 * given back as a whole number past 64 bits, by which what it stands in is refused.
 */
const SUSPECT = sqlText(
  '\\\\u[dD][89a-fA-F]|[-0-9.]{19}|(?:[:,\\[][ \\t\\r\\n]*|^[ \\t\\r\\n]*)-?[0-9.]+[eE]\\+?[0-9]',
);
const TOKEN = sqlText('"(?:[^"\\\\]|\\\\.)*"|[-0-9][-+0-9.eE]*|[^-0-9"]+');
const PAIR = sqlText('\\\\u([dD][89abAB][0-9a-fA-F]{2})\\\\u([dD][c-fC-F][0-9a-fA-F]{2})');
const HALF = sqlText('\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}');

/** The JSON `text` (an expression) as the engine's parser takes it. */
export function mendJson(text: string): string {
  return `if(match(${text}, ${SUSPECT}), arrayStringConcat(arrayMap(piece -> multiIf(startsWith(piece, '"'), ${mendString('piece')}, match(piece, '^[-0-9]'), ${mendNumber('piece')}, piece), extractAll(${text}, ${TOKEN}))), ${text})`;
}

/** Escaped backslashes and whole pairs are put aside as control characters, which JSON has not, and put back. */
function mendString(piece: string): string {
  const aside = `replaceAll(${piece}, ${sqlText('\\\\')}, char(1))`;
  const paired = `replaceRegexpAll(${aside}, ${PAIR}, concat(char(2), ${sqlText('\\1')}, char(2), ${sqlText('\\2')}))`;
  const halved = `replaceRegexpAll(${paired}, ${HALF}, ${sqlText('\\\\ufffd')})`;
  return `replaceAll(replaceAll(${halved}, char(2), ${sqlText('\\u')}), char(1), ${sqlText('\\\\')})`;
}

/** A text counts as the number it stands for, so whole ones past 64 bits may be texts too. */
function mendNumber(piece: string): string {
  const number = `toFloat64OrZero(${piece})`;
  return `multiIf(isInfinite(${number}), if(startsWith(${piece}, '-'), '"-Infinity"', '"Infinity"'), abs(${number}) >= 9e18 AND abs(${number}) < 1e21, concat('"', toString(${number}), '"'), length(${piece}) <= 17, ${piece}, toString(${number}))`;
}
