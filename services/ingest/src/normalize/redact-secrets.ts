/** Takes secrets off a record that may hold a command line, a URL or a body, before it is kept as evidence. */
import type { RawRecord } from '../source.ts';

export interface Redacted {
  /** The record with `***` for each secret; the record itself where it has none. */
  readonly record: RawRecord;
  readonly isRedacted: boolean;
}

/** Without one of these words there is nothing to take off. */
const HINT = /pass|pwd|secret|ticket|cookie|authorization/i;
const KEY = '[A-Za-z0-9_.-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|ticket|AuthCookie)';
const VALUE = '(?:"[^"\\n]{1,4096}"|\'[^\'\\n]{1,4096}\'|[^\\s"\'&,;)\\]}]{1,4096})';
const SECRETS: readonly RegExp[] = [
  // key=value, key: value, "key":"value". A key begins where a word does.
  new RegExp(`((?<![A-Za-z0-9_.-])${KEY}["']?(?:=|: ?))${VALUE}`, 'gi'),
  // --key value, -key value
  new RegExp(`((?<=\\s)--?${KEY} )(?!-)${VALUE}`, 'gi'),
  /(authorization["']?[:=] ?["']?(?:(?:basic|bearer|digest|negotiate) )?)[^\s"']{1,4096}/gi,
];

/** The text with `***` for each secret that is recognizable by what stands before it: `password=`, `--password `, … */
export function redactText(text: string): string {
  if (!HINT.test(text)) return text;
  return SECRETS.reduce((left, pattern) => left.replaceAll(pattern, '$1***'), text);
}

/** Bytes that are kept beside a text go with a secret: they would tell it again. */
export function redactRecord(record: RawRecord): Redacted {
  const text = redactText(record.text);
  if (text === record.text) return { record, isRedacted: false };
  const { bytes: _, ...rest } = record;
  return { record: { ...rest, text }, isRedacted: true };
}
