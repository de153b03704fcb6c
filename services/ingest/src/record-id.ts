/** Ids of events made from raw records: the same record has the same id wherever and whenever it is read. */
import { hash } from 'node:crypto';

/** Namespace of this project's record ids: UUIDv5 of the CADF event type URI in the URL namespace of RFC 9562. */
const NAMESPACE = Buffer.from('724aa831f723508a85c33acfdab99861', 'hex');

/** What a long record needed past this is given back. */
const MAX_SCRATCH = 1 << 20;
const SCRATCH = 4096;
/** Namespace and parts are put together here: making a hash object per id costs twice as much as the hash. */
let scratch = newScratch(SCRATCH);

/**
 * A UUID of version 5 (RFC 9562 5.5) over the parts. Parts are kept apart by their length in bytes, so that no two lists
 * of parts look alike.
 */
export function recordId(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  const room = NAMESPACE.length + text.length * 3;
  if (room > scratch.length) scratch = newScratch(room);
  const end = NAMESPACE.length + scratch.write(text, NAMESPACE.length, 'utf8');
  const digest = hash('sha1', scratch.subarray(0, end), 'hex');
  if (scratch.length > MAX_SCRATCH) scratch = newScratch(SCRATCH);
  return toUuid(digest);
}

function newScratch(bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  NAMESPACE.copy(made);
  return made;
}

function toUuid(hex: string): string {
  // The two highest bits of this digit are the variant (RFC 9562 4.1).
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
