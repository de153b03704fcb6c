/** What a file is, by its first bytes and its name. */

export type Compression = 'gzip' | 'zstd';
export type FileForm = 'json' | 'ndjson' | 'xml';

/** Enough to tell. */
export const FORM_BYTES = 64 * 1024;

/** RFC 1952 and RFC 8878 3.1.1. */
export function compressionOf(start: Buffer): Compression | undefined {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  return undefined;
}

/** Undefined for what is neither JSON nor XML. `start` is unpacked; `whole`: there is no more. */
export function formOf(name: string, start: Buffer, whole: boolean): FileForm | undefined {
  const text = start
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('<')) return 'xml';
  if (text.startsWith('\u001e')) return 'ndjson';
  if (!/^[{[]/.test(text)) return undefined;
  if (/\.(ndjson|jsonl)(\.|$)/i.test(name)) return 'ndjson';
  const line = text.slice(0, text.search(/\r?\n|$/));
  // One line that is a whole document, and more behind it: lines. A document alone on its line is one, too.
  if (!isJson(line)) return 'json';
  return whole && text.trimEnd() === line.trimEnd() ? 'json' : 'ndjson';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
