/**
 * Texts on their way into the store are *binary strings*: one character per byte of their UTF-8 form, U+0000 to U+00FF.
 * V8 keeps them in one byte per character, slices and joins them without copying, and one `latin1Write` puts a
 * whole column of them into a buffer; the bytes of an event come out as they went in, whatever is in them.
 */

/** Whether every character is ASCII: then text and binary string are the same. */
const ASCII = /^[\0-\x7f]*$/;

/** The binary string of a text. Lone surrogates become U+FFFD, as UTF-8 has no form for them. */
export function toBinary(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text of a binary string. */
export function fromBinary(binary: string): string {
  return ASCII.test(binary) ? binary : Buffer.from(binary, 'latin1').toString('utf8');
}
