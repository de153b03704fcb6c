/** Control characters and those that turn the direction of writing: never sent to a terminal as they are. */
const hidden = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * One line of text in which everything shows: what events and file names hold is not trusted with the terminal.
 * Hidden characters read as in JSON, such as \u001b.
 */
export function visible(text: string): string {
  return text.replaceAll(
    hidden,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
