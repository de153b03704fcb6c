/** Takes the values of properties that hold secrets off CIM-XML, and secrets in other values, before it is read. */
import { redactText } from '../../src/normalize/redact-secrets.ts';

const HINT =
  /pass|credential|pwd|secret|ticket|cookie|authorization|token|api[-_]?key|private[-_]?key|:\/\//i;
/** A property by such a name; quotes may be escaped, once or more, inside embedded instances. */
const SECRET_NAME =
  /NAME\s?=\s?(?:"|'|&(?:amp;){0,3}quot;|&(?:amp;){0,3}apos;)[\w.]{0,40}(?:passw|passphrase|secret|privatekey|credential|token)/gi;
const LESS = /(<|&(?:amp;){0,3}lt;)/;
const VALUE = /^(VALUE(?:>|&(?:amp;){0,3}gt;))[^]*$/;
const CDATA = '![CDATA[';

/** The same XML with `***` for each secret; the text itself where it has none. */
export function redactCimXml(text: string): string {
  if (!HINT.test(text)) return text;
  let clean = '';
  let done = 0;
  for (const match of text.matchAll(SECRET_NAME)) {
    if (match.index < done) continue;
    const found = text.indexOf('/PROPERTY', match.index);
    const end = found < 0 ? text.length : found;
    clean += text.slice(done, match.index) + hideValues(text.slice(match.index, end));
    done = end;
  }
  clean += text.slice(done);
  // Piece by piece between tags: a secret does not go on over the end of its element.
  return clean.split('<').map(redactText).join('<');
}

function hideValues(part: string): string {
  let isValue = false;
  return part
    .split(LESS)
    .map((piece) => {
      if (isValue && piece.startsWith(CDATA)) return `${CDATA}***]]>`;
      if (piece !== '<') isValue = VALUE.test(piece);
      const opening = isValue ? VALUE.exec(piece)?.[1] : undefined;
      return opening === undefined || opening.length === piece.length ? piece : `${opening}***`;
    })
    .join('');
}
