/** The source that an imported event is of: that of its origin, below the prefix of the import. */
import { hash } from 'node:crypto';

const MAX_NAME = 128;
const HASH_DIGITS = 24;
const PLAIN = /^(?!_)(?!.*\._)[A-Za-z0-9._-]+$/;

/**
 * `<prefix>.<origin>`; `<prefix>` where no origin is told. Different origins have different names: bytes of UTF-8 that a
 * source may not have in its name stand as `._` and two upper-case hexadecimal digits, and so does a `_` behind a full stop. A name that
 * would be longer than 128 characters ends in `._h` and the beginning of its SHA-256. `prefix` has no full stop.
 */
export function originSource(prefix: string, origin: string | undefined): string {
  if (origin === undefined) return prefix;
  const name = `${prefix}.${PLAIN.test(origin) ? origin : escaped(origin)}`;
  if (name.length <= MAX_NAME) return name;
  const digest = `._h${hash('sha256', origin, 'hex').slice(0, HASH_DIGITS)}`;
  return name.slice(0, MAX_NAME - digest.length).replace(/[._-]+$/, '') + digest;
}

function escaped(origin: string): string {
  let name = '';
  let before = '.';
  for (const byte of Buffer.from(origin)) {
    const character = String.fromCharCode(byte);
    const fits = /[A-Za-z0-9._-]/.test(character) && !(character === '_' && before === '.');
    name += fits ? character : `._${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    before = fits ? character : '';
  }
  return name;
}
