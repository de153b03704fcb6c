/** Ids of events made from raw records: the same record has the same id wherever and whenever it is read. */
import { createHash } from 'node:crypto';

/** Namespace of this project's record ids: UUIDv5 of the CADF event type URI in the URL namespace of RFC 9562. */
const NAMESPACE = Buffer.from('724aa831f723508a85c33acfdab99861', 'hex');

/**
 * A UUID of version 5 (RFC 9562 5.5) over the parts. Parts are kept apart by their length, so that no two lists of
 * parts look alike.
 */
export function recordId(parts: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE);
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8');
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return toUuid(hash.digest());
}

function toUuid(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
