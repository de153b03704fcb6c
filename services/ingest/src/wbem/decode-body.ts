/** The text of a message by its charset: that of Content-Type, else of the XML declaration, else UTF-8 (RFC 7303). */
import type { WbemRefusal } from './wbem-refusal.ts';

export interface DecodedBody {
  readonly text: string;
  /** The bytes as they came, or in UTF-8 where they came in another charset. */
  readonly utf8: Buffer;
}

const DECLARED = /^<\?xml\s[^>]{0,100}?encoding\s{0,4}=\s{0,4}["']([A-Za-z0-9._-]{1,40})["']/;
/** Names by which the one is known to `TextDecoder`. */
const CHARSETS = new Set([
  'utf-8',
  'utf8',
  'us-ascii',
  'ascii',
  'iso-8859-1',
  'iso-8859-15',
  'windows-1252',
  'utf-16',
  'utf-16le',
  'utf-16be',
]);

export function decodeBody(bytes: Buffer, charset: string | undefined): DecodedBody | WbemRefusal {
  const name = marked(bytes) ?? charset ?? declared(bytes) ?? 'utf-8';
  if (!CHARSETS.has(name)) return { status: 415, detail: `The charset "${name}" is not read. Send UTF-8.` };
  let text: string;
  try {
    text = new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch {
    return {
      status: 400,
      cimError: 'request-not-well-formed',
      detail: `The body is not ${name} throughout. Send UTF-8, and say the charset that it is in.`,
    };
  }
  return { text, utf8: name === 'utf-8' || name === 'utf8' ? bytes : Buffer.from(text) };
}

/** A byte order mark is surer than what anybody says. */
function marked(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

function declared(bytes: Buffer): string | undefined {
  return DECLARED.exec(bytes.subarray(0, 200).toString('latin1').trimStart())?.[1]?.toLowerCase();
}
