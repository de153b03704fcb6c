/** A text as it is searched for copies, in each way that is needed for it, made once. */
export interface Reading {
  readonly text: string;
  /** In small letters. */
  readonly folded: string;
  /** Without line breaks and blanks where it has line breaks, as base64 of mail and PEM (RFC 2045, RFC 7468) has them. */
  readonly unbroken: string;
  /** Whether there is anything but ASCII in it. */
  readonly isOdd: boolean;
  /** As `foldWidely`. */
  readonly wide: string;
}

export function readingOf(text: string): Reading {
  let wide: string | undefined;
  return {
    text,
    folded: text.toLowerCase(),
    unbroken: /[\r\n]/.test(text) ? text.replaceAll(/\s+/g, '') : text,
    isOdd: isOdd(text),
    get wide() {
      return (wide ??= foldWidely(text));
    },
  };
}

export function isOdd(text: string): boolean {
  return /[^\0-\x7f]/.test(text);
}

/**
 * The same for spellings that people read as one: composed and decomposed accents, wide and other compatibility forms (UAX
 * #15, NFKC), letter case with the letters that change their number with it, and without characters that do not show (zero
 * width, soft hyphen, marks of direction).
 */
export function foldWidely(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}+/gu, '')
    .toUpperCase();
}
