/** Takes secrets out of a resource before it is kept as evidence: credentials, data for machines, maps of consumers. */
import { isMembers } from '@cadf-pipeline/cadf-model';
import { redactText } from '../../src/normalize/redact-secrets.ts';
import { foldName } from './document.ts';

export interface Scrubbed {
  readonly text: string;
  readonly isRedacted: boolean;
}

const MASK = '***';
const SECRET =
  /^(?:.{0,40}(?:passw(?:or)?d|passphrase|secret|token)|key|keydata|privatekey|apikey|userdata|payload|credentials?|properties|property)$/;
/** A `key` is the name of a property there, not a secret. */
const URIS = /^(?:source|destination)$/;
/** Say which one, not what is in it. */
const OPEN_INSIDE = /^(?:href|id|name|resourceuri|resourcetype)$/;
const HINT =
  /pass|secret|token|key|user-?_?data|payload|credential|propert|source|destination|:\/\/|pwd|ticket|cookie|authorization|api[-_]?key/i;
const MAX_DEPTH = 64;
/** Where texts are no longer looked into. */
const MAX_INNER = 16;
const MAX_MISSES = 16;

/** A JSON text, or one made of `value`; unchanged where nothing in it is a secret. */
export function scrubJson(text: string, value: unknown): Scrubbed {
  if (!HINT.test(text)) return { text, isRedacted: false };
  const state = { isRedacted: false };
  const clean = mask(value, state, false, 0);
  return { text: state.isRedacted ? JSON.stringify(clean) : text, isRedacted: state.isRedacted };
}

/** The text of an element of XML. */
export function scrubXml(text: string): Scrubbed {
  if (!HINT.test(text)) return { text, isRedacted: false };
  let clean = '';
  let at = 0;
  let misses = 0;
  for (let start = text.indexOf('<'); start >= 0; start = text.indexOf('<', at)) {
    const end = tagEnd(text, start);
    if (end < 0) break;
    const tag = text.slice(start, end + 1);
    const name = tagName(tag);
    clean += redactText(text.slice(at, start)) + (name === '' ? redactText(tag) : maskAttributes(tag, name));
    at = end + 1;
    if (tag.endsWith('/>') || !SECRET.test(name) || name === 'properties') continue;
    const close = text.indexOf(`</${tag.slice(1).split(/[\s>]/, 1)[0] ?? ''}`, at);
    if (close < 0) {
      // Only what is no element, as in a comment, has no end: a few are looked for, then nothing more is kept.
      if (++misses > MAX_MISSES) return { text: clean + MASK, isRedacted: true };
      continue;
    }
    if (text.slice(at, close).trim() !== '') clean += MASK;
    at = close;
  }
  clean += text.slice(at);
  return { text: clean, isRedacted: clean !== text };
}

/** Where a tag ends, or what is in its place; `>` may stand in the value of an attribute. -1: nowhere. */
function tagEnd(text: string, start: number): number {
  if (text.startsWith('<!--', start)) return endOf(text, '-->', start);
  if (text.startsWith('<![CDATA[', start)) return endOf(text, ']]>', start);
  let quote = '';
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return at;
  }
  return -1;
}

function endOf(text: string, mark: string, start: number): number {
  const at = text.indexOf(mark, start);
  return at < 0 ? -1 : at + mark.length - 1;
}

/** Without what a URI may hold of secrets: who logs in, and the query. */
export function scrubUri(uri: string): string {
  return uri
    .replace(/^([A-Za-z][A-Za-z0-9+.-]{0,20}:\/\/)[^/@]{1,512}@/, `$1${MASK}@`)
    .replace(/\?[^]*$/, `?${MASK}`);
}

function mask(value: unknown, state: { isRedacted: boolean }, isInside: boolean, depth: number): unknown {
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(value)) return value.map((one) => mask(one, state, isInside, depth + 1));
  if (isMembers(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, maskMember(name, member, state, isInside, depth)]),
    );
  }
  if (value === null || value === '' || value === MASK) return value;
  if (!isInside && typeof value !== 'string') return value;
  const clean = isInside ? MASK : maskText(String(value), depth);
  if (clean !== value) state.isRedacted = true;
  return clean;
}

/** A text in a resource may be a request, as JSON. */
function maskText(text: string, depth: number): string {
  if (!text.startsWith('{') || depth > MAX_INNER) return redactText(text);
  try {
    const state = { isRedacted: false };
    const clean = mask(JSON.parse(text), state, false, depth + 1);
    return state.isRedacted ? JSON.stringify(clean) : text;
  } catch {
    return redactText(text);
  }
}

function maskMember(
  name: string,
  member: unknown,
  state: { isRedacted: boolean },
  isInside: boolean,
  depth: number,
): unknown {
  const folded = foldName(name);
  if (typeof member === 'string' && URIS.test(folded)) {
    const uri = scrubUri(member);
    if (uri !== member) state.isRedacted = true;
    return uri;
  }
  if (OPEN_INSIDE.test(folded) && typeof member === 'string') return mask(member, state, false, depth + 1);
  // A credential is also named by where it is.
  const isReference = /^credentials?$/.test(folded) && typeof member === 'string' && member.includes('/');
  return mask(member, state, (isInside || SECRET.test(folded)) && !isReference, depth + 1);
}

function tagName(tag: string): string {
  const name = /^<([\w.:-]{1,100})/.exec(tag)?.[1] ?? '';
  return foldName(name.slice(name.indexOf(':') + 1));
}

function maskAttributes(tag: string, element: string): string {
  if (!tag.includes('=')) return tag;
  return tag.replaceAll(
    /(\s)([\w.:-]{1,100})(\s{0,8}=\s{0,8})("[^"]*"|'[^']*')/g,
    (whole, space: string, name: string, equals: string, quoted: string) => {
      const folded = foldName(name);
      const quote = quoted.charAt(0);
      const value = quoted.slice(1, -1);
      if (URIS.test(folded) || (URIS.test(element) && folded === 'href'))
        return `${space}${name}${equals}${quote}${scrubUri(value)}${quote}`;
      const isSecret = SECRET.test(folded) && !(folded === 'key' && element === 'property');
      if (isSecret && value !== '') return `${space}${name}${equals}${quote}${MASK}${quote}`;
      const clean = redactText(value);
      return clean === value ? whole : `${space}${name}${equals}${quote}${clean}${quote}`;
    },
  );
}
