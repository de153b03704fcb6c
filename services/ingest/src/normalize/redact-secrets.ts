/** Takes secrets off a record that may hold a command line, a URL or a body, before it is kept as evidence. */
import type { RawRecord } from '../source.ts';

export interface Redacted {
  /** The record with `***` for each secret; the record itself where it has none. */
  readonly record: RawRecord;
  readonly isRedacted: boolean;
}

/** Without one of these words there is nothing to take off but what a URL holds. */
const HINT = /pass|pwd|secret|ticket|cookie|authorization|token|api[-_]?key|private[-_]?key/i;
const KEY = '[A-Za-z0-9_.-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|ticket|AuthCookie)';
/** Words that also stand in sentences: keys only before `=`, in quotes, or behind a hyphen. */
const WORD = '(?:token|api[-_]?key|private[-_]?key)';
/** In quotes, an escaped quote does not end it. */
const VALUE =
  '(?:"(?:[^"\\\\\\n]|\\\\.){1,4096}"|\'(?:[^\'\\\\\\n]|\\\\.){1,4096}\'|[^\\s"\'&,;)\\]}]{1,4096})';
const START = '(?<![A-Za-z0-9_.-])';
const SECRETS: readonly RegExp[] = [
  // key=value, key: value, "key":"value". A key begins where a word does. PWD=/path is where a command ran.
  new RegExp(`(${START}(?!(?:OLD)?PWD=/)${KEY}["']?(?:=|: ?))${VALUE}`, 'gi'),
  new RegExp(`(${START}[A-Za-z0-9_.-]{0,40}(?:${WORD}["']?=|${WORD}["']: ?|-${WORD}: ?))${VALUE}`, 'gi'),
  // --key value, -key value
  new RegExp(`((?<!\\S)--?(?:${KEY}|[A-Za-z0-9_.-]{0,40}${WORD}) )(?!-)${VALUE}`, 'gi'),
  /(authorization["']?[:=] ?["']?(?:(?:basic|bearer|digest|negotiate) )?)[^\s"']{1,4096}/gi,
];
/** scheme://user:password@host */
const IN_URL =
  /((?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s/:@"']{0,128}:)[^\s/@"']{1,256}(?=@)/g;

/** The text with `***` for each secret that is recognizable by what stands before it: `password=`, `--password `, … */
export function redactText(text: string): string {
  let clean = text;
  if (HINT.test(text)) for (const pattern of SECRETS) clean = clean.replaceAll(pattern, '$1***');
  return clean.includes('://') && clean.includes('@') ? clean.replaceAll(IN_URL, '$1***') : clean;
}

/** The record with another text. Bytes that are kept beside the text go: they would tell a secret again. */
export function withText(record: RawRecord, text: string): RawRecord {
  const { bytes: _, ...rest } = record;
  return { ...rest, text };
}

/** The record without what `redactText` takes off. */
export function redactRecord(record: RawRecord): Redacted {
  const text = redactText(record.text);
  if (text === record.text) return { record, isRedacted: false };
  return { record: withText(record, text), isRedacted: true };
}
