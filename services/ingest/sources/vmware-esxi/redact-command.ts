/** Secrets on the command lines of a host, besides those every source knows. */
import { redactText, withText } from '../../src/normalize/redact-secrets.ts';
import type { RawRecord } from '../../src/source.ts';

/** Programs whose bare `-p` and `-c` are a password and its repetition. */
const ACCOUNT_COMMAND = /\b(?:system account (?:add|set)|sshpass|vifs|vicfg-[a-z]{1,20}|vmkfstools-auth)\b/;
const SHORT_OPTION = /(\s-[pc] ?["']?)([^\s"'-][^\s"']{0,255})/g;
const PIPED = /(\becho (?:-[ne] )?["']?)([^\s"'|]{1,256})(?=["']? ?\| ?passwd\b)/g;
const SETTING = /(key '[^']{0,256}(?:passw|secret|token)[^']{0,256}',? value ')[^']{1,1024}/gi;
const TICKET = /(\bwebmks ticket |\bmks ticket )([0-9a-zA-Z-]{2,128})/g;

export function redactEsxi(text: string): string {
  let clean = redactText(text);
  if (ACCOUNT_COMMAND.test(clean)) clean = clean.replaceAll(SHORT_OPTION, '$1***');
  if (clean.includes('passwd')) clean = clean.replaceAll(PIPED, '$1***');
  if (clean.includes(' ticket ')) clean = clean.replaceAll(TICKET, '$1***');
  return clean.includes("value '") ? clean.replaceAll(SETTING, '$1***') : clean;
}

/** The record without its secrets; the record itself where it has none. */
export function redactEsxiRecord(record: RawRecord): RawRecord {
  const text = redactEsxi(record.text);
  return text === record.text ? record : withText(record, text);
}
