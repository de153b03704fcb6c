/** What a text says once its escapes are resolved, layer by layer. */

/** A text with more forms than this, or with escapes below escapes deeper than this, is not understood. */
const MAX_FORMS = 32;
const MAX_LAYERS = 4;
/** Of all forms of a text together. */
const MAX_CHARACTERS = 8_000_000;
const NONE: readonly string[] = [];
const PERCENT = /(?:%[0-9a-f]{2})+/gi;
const BACKSLASH = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|u\{([0-9a-f]{1,5})\}|([0-3][0-7]{2})|([^\n]))/gi;
/** Readers of HTML take numbers without the semicolon, too. */
const MARKUP =
  /&(?:#x([0-9a-f]{1,6});?|#(\d{1,7});?|(amp|lt|gt|quot|apos|commat|period|colon|sol|bsol|lowbar|hyphen|plus|nbsp);)/gi;
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  commat: '@',
  period: '.',
  colon: ':',
  sol: '/',
  bsol: '\\',
  lowbar: '_',
  hyphen: '-',
  plus: '+',
  nbsp: ' ',
};

/**
 * What a text may say once escapes of URLs (RFC 3986 2.1, `+` for a blank), of JSON and of markup are resolved, in any
 * order and up to four layers deep. Nothing for a text without escapes, undefined for one that is not understood.
 */
export function decodedForms(text: string): readonly string[] | undefined {
  if (!/[%\\&+]/.test(text)) return NONE;
  const forms = new Set([text]);
  let layer: readonly string[] = [text];
  for (let depth = 0; layer.length > 0; depth++) {
    const next = layer.flatMap(decodedOnce).filter((form) => !forms.has(form));
    for (const form of next) forms.add(form);
    if (forms.size > MAX_FORMS || forms.size * text.length > MAX_CHARACTERS) return undefined;
    if (depth === MAX_LAYERS && next.length > 0) return undefined;
    layer = next;
  }
  return [...forms];
}

/** One kind of escape at a time: resolving one may make or spoil another. */
function decodedOnce(text: string): readonly string[] {
  const forms: string[] = [];
  if (text.includes('%')) forms.push(text.replaceAll(PERCENT, decodePercent));
  if (text.includes('\\')) forms.push(text.replaceAll(BACKSLASH, decodeBackslash));
  if (text.includes('&')) forms.push(text.replaceAll(MARKUP, decodeMarkup));
  if (text.includes('+')) forms.push(text.replaceAll('+', ' '));
  return forms;
}

/** Bytes that are no UTF-8 become U+FFFD, the others stay readable. */
function decodePercent(run: string): string {
  return Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8');
}

/** Of JSON, and of C and JavaScript: `\x2e`, `\u{2e}`, `\056`. */
function decodeBackslash(
  _: string,
  unicode?: string,
  byte?: string,
  point?: string,
  octal?: string,
  other = '',
): string {
  const code = unicode ?? byte ?? point;
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  return CONTROLS[other] ?? other;
}

function decodeMarkup(entity: string, hex?: string, decimal?: string, name = ''): string {
  if (hex === undefined && decimal === undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
