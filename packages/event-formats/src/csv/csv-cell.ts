/**
 * Cells of CSV: RFC 4180. Programs that open CSV run a cell that begins like a formula. Such a cell gets an apostrophe in
 * front, and so does one that begins with an apostrophe: who takes one leading apostrophe away has the value again.
 */

/** OWASP, CSV Injection; the wide forms are read as the narrow ones by some. */
const FORMULA = /^['=+\-@\t\r\n＝＋－＠]/;

/** A text that no program takes for a formula. */
export function neutralCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** In quotation marks where it needs them. */
export function quotedCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
