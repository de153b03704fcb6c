/** The header `Range`: RFC 9110 §14.2, one range of bytes. */

export interface ByteRange {
  /** First and last byte, from 0. */
  readonly start: number;
  readonly end: number;
}

const SPEC = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/;

/**
 * Undefined: the whole file is meant: there is no range, or several, or one that cannot be read, or `If-Range` names another
 * file. `size`: of the file; `digest`: what its entity tag holds.
 */
export function rangeOf(
  header: string | undefined,
  ifRange: string | readonly string[] | undefined,
  size: number,
  digest: string | undefined,
): ByteRange | 'unsatisfiable' | undefined {
  if (ifRange !== undefined && (digest === undefined || ifRange !== `"${digest}"`)) return undefined;
  const [, first = '', last = ''] = SPEC.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const wanted = Number(last);
    return wanted === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - wanted), end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}
