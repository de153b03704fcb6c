/** The member names and indexes of a JSON Pointer (RFC 6901 §3 and §4); the empty pointer has none. */
export function pathOfPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
