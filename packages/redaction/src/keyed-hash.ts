import { hash, randomBytes } from 'node:crypto';

/** A key is as long as the hash (RFC 2104, section 3); a shorter one is refused. */
export const minRedactionKeyBytes = 32;

const PREFIX = 'hmac-sha256:';
const MAX_REMEMBERED = 4096;
const MAX_REMEMBERED_LENGTH = 256;

/** A new key for one feed. Who has it can try values out: it is kept as a secret. */
export function createRedactionKey(): Uint8Array {
  return randomBytes(minRedactionKeyBytes);
}

/**
 * `hmac-sha256:` and HMAC-SHA-256 (RFC 2104, FIPS 180-4) of the text in UTF-8, as base64url without padding: 55
 * characters, a URI by its form, so that it may stand where an identifier does.
 * @throws RangeError for a key of less than 32 bytes.
 */
export function createKeyedHash(key: Uint8Array): (text: string) => string {
  if (key.length < minRedactionKeyBytes)
    throw new RangeError(`a redaction key has ${minRedactionKeyBytes} bytes or more, this one ${key.length}`);
  const mac = createMac(key);
  // Users, hosts and projects repeat from event to event.
  const remembered = new Map<string, string>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const made = PREFIX + mac(text);
    if (text.length <= MAX_REMEMBERED_LENGTH) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(text, made);
    }
    return made;
  };
}

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
const SCRATCH_BYTES = 1024;

/**
 * RFC 2104: H(key ^ opad, H(key ^ ipad, text)), with the hashes made at one go: `createHmac` makes an object with a
 * finalizer for each text, and costs three times as much.
 */
function createMac(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? hash('sha256', key, 'buffer') : key);
  const inner = Buffer.alloc(SCRATCH_BYTES);
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
  inner.set(block.map((byte) => byte ^ 0x36));
  outer.set(block.map((byte) => byte ^ 0x5c));
  return (text) => {
    // A character has at most three bytes in UTF-8 for each unit of UTF-16.
    const isShort = text.length * 3 <= SCRATCH_BYTES - BLOCK_BYTES;
    const message = isShort
      ? inner.subarray(0, BLOCK_BYTES + inner.write(text, BLOCK_BYTES))
      : Buffer.concat([inner.subarray(0, BLOCK_BYTES), Buffer.from(text)]);
    outer.set(hash('sha256', message, 'buffer'), BLOCK_BYTES);
    return hash('sha256', outer, 'base64url');
  };
}
