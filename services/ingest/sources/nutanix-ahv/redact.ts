/** Takes secrets out of command lines, payloads and parameters, in what is told and in the record attached. */

const WORDS = '(?:passw(?:or)?d|passwd|secret|token|api[_-]?key|authorization)';
/** `"guest_password": "…"`. */
const MEMBERS = new RegExp(
  `("[^"\\\\]{0,64}${WORDS}[^"\\\\]{0,64}"\\s{0,4}:\\s{0,4}")((?:[^"\\\\]|\\\\.){1,2048})`,
  'gi',
);
/** `--password 'a b'`, `password="a b"`. */
const QUOTED = new RegExp(`(${WORDS}(?:\\s{0,4}[:=]\\s{0,4}|\\s{1,4}))(["'])([^"']{1,512})\\2`, 'gi');
/** `password=…`, `--password …`, `Authorization: Bearer …`. */
const BARE = new RegExp(
  `(${WORDS}(?:\\\\?["'])?(?:\\s{0,4}[:=]\\s{0,4}|\\s{1,4})(?:\\\\?["'])?(?:(?:Basic|Bearer) )?)([^\\s"'|&,}\\\\]{1,512})`,
  'gi',
);
const HINT = /passw|secret|token|api[_-]?key|authorization/i;

/** The text without secrets; the same text where there are none. All lengths are bounded. */
export function withoutSecrets(text: string): string {
  if (!HINT.test(text)) return text;
  return text.replaceAll(MEMBERS, '$1***').replaceAll(QUOTED, '$1$2***$2').replaceAll(BARE, '$1***');
}

export function isSecretName(name: string): boolean {
  return HINT.test(name);
}
