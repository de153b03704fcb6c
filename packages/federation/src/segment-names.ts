/** The names of the files of a chain; docs/federation-format.md, "Files". */

/** Digits of the number of a segment in names of files. */
const DIGITS = 12;
export const MAX_SEQUENCE = 10 ** DIGITS - 1;

/** The signed head of a chain: one file, so that it is replaced as a whole. */
export const HEAD_NAME = 'head.jws';

/**
 * One segment of a path, nothing that leads elsewhere or is hidden: the number of the segment, a full stop, then letters,
 * digits, `.`, `_` and `-`.
 */
export const CONTENT_NAME_PATTERN = '^[0-9]{12}\\.[A-Za-z0-9][A-Za-z0-9._-]{0,114}$';

const CONTENT_NAME = new RegExp(CONTENT_NAME_PATTERN);
const MANIFEST_NAME = /^([0-9]{12})\.manifest\.(json|jws)$/;

/** `000000000001.manifest.json`: the exact bytes that are signed. */
export function manifestName(sequence: number): string {
  return `${segmentNumber(sequence)}.manifest.json`;
}

/** `000000000001.manifest.jws`: their detached signature. */
export function signatureName(sequence: number): string {
  return `${segmentNumber(sequence)}.manifest.jws`;
}

/**
 * The name of a content file: `contentName(1, 'events-0001.ndjson.gz')` is `000000000001.events-0001.ndjson.gz`.
 * Throws RangeError where that is no name a manifest may hold.
 */
export function contentName(sequence: number, rest: string): string {
  const name = `${segmentNumber(sequence)}.${rest}`;
  if (!isContentName(name, sequence)) throw new RangeError(`No name of a content file: ${name}`);
  return name;
}

/** Whether it may be the name of a content file of this segment. */
export function isContentName(name: string, sequence: number): boolean {
  return sequenceOfContent(name) === sequence;
}

/** The number of the segment of which it is the manifest or its signature; undefined for other files. */
export function sequenceOfManifest(name: string): number | undefined {
  const digits = MANIFEST_NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The number that the name of a content file begins with; undefined for other files. */
export function sequenceOfContent(name: string): number | undefined {
  return CONTENT_NAME.test(name) && !MANIFEST_NAME.test(name) ? Number(name.slice(0, DIGITS)) : undefined;
}

function segmentNumber(sequence: number): string {
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > MAX_SEQUENCE) {
    throw new RangeError(`No number of a segment: ${sequence}`);
  }
  return String(sequence).padStart(DIGITS, '0');
}
