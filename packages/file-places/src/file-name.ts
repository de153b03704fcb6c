/** Names of files in a place: the same rules for every backend, so that what fits in one fits in the others. */
import { FilePlaceError } from './file-place-error.ts';

const MAX_NAME_BYTES = 1024;
const MAX_PART_BYTES = 255;
const MAX_PARTS = 32;

/**
 * What is wrong with a name, as the end of a sentence; undefined where nothing is. Parts with `/` between them, none
 * empty, none beginning with a dot; no control characters, no backslash; at most 1,024 bytes of UTF-8, 255 for a part.
 */
export function faultOfName(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (!name.isWellFormed()) return 'is no Unicode text';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `is longer than ${MAX_NAME_BYTES} bytes`;
  // oxlint-disable-next-line no-control-regex -- they are what must not be in names
  if (/[\u0000-\u001f\u007f-\u009f\\]/.test(name)) return 'holds a control character or a backslash';
  const parts = name.split('/');
  if (parts.length > MAX_PARTS) return `has more than ${MAX_PARTS} parts`;
  if (parts.includes('')) return 'has an empty part: it begins or ends with "/", or holds "//"';
  if (parts.some((part) => part.startsWith('.'))) return 'has a part that begins with a dot';
  if (parts.some((part) => Buffer.byteLength(part) > MAX_PART_BYTES))
    return `has a part of more than ${MAX_PART_BYTES} bytes`;
  return undefined;
}

/** Throws `name`. */
export function checkName(name: string): void {
  const fault = faultOfName(name);
  if (fault !== undefined) throw new FilePlaceError('name', `The name ${shownName(name)} ${fault}.`);
}

/** As an object store orders its names: by the bytes of UTF-8, which is not the order of strings in JavaScript. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function shownName(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
