/**
 * CloudTrail hides most secrets itself (`HIDDEN_DUE_TO_SECURITY_REASONS`). Session tokens of STS it writes, and services
 * differ in what they hide: values of members that are secrets by their name are taken out of the record attached.
 */
import { withText } from '../../src/normalize/redact-secrets.ts';
import type { Redacted } from '../../src/normalize/redact-secrets.ts';
import type { RawRecord } from '../../src/source.ts';

const HINT = /sessiontoken|secret|passw|passphrase|privatekey|authtoken/i;
/** Members with text; escaped quotes do not end a value. A name of a secret, `secretId`, is none. */
const MEMBER =
  /("[A-Za-z0-9_.-]{0,40}(?:sessionToken|secretAccessKey|secretKey|secretString|secretBinary|clientSecret|passw(?:or)?d|passphrase|privateKey|authToken)"\s{0,8}:\s{0,8}")(?!HIDDEN_DUE_TO_SECURITY_REASONS|\*{3})((?:[^"\\]|\\.){1,65536})/gi;

export function withoutSecrets(record: RawRecord): Redacted {
  const { text } = record;
  const clean = HINT.test(text) ? text.replaceAll(MEMBER, '$1***') : text;
  if (clean === text) return { record, isRedacted: false };
  return { record: withText(record, clean), isRedacted: true };
}
