/**
 * Two 32-bit hashes of a key, the same as the engine's `murmurHash3_32` and `murmurHash2_32`, so that filters over
 * millions of stored keys are rebuilt from hashes made by the engine.
 * The key is a binary string; MurmurHash by Austin Appleby (public domain), seed 0.
 */

/** Identity of an event: no source id holds a slash. SQL: `concat(source, '/', id)`. */
export function eventKey(source: string, id: string): string {
  return `${source}/${id}`;
}

/** Both hashes of a key; written here, because a pair of numbers made anew for each event would be garbage. */
export interface KeyHashes {
  /** `murmurHash3_32` */
  first: number;
  /** `murmurHash2_32` */
  second: number;
}

const M2 = 0x5bd1e995;

export function hashKey(key: string, into: KeyHashes): void {
  const length = key.length;
  const blocks = length & ~3;
  let hash3 = 0;
  let hash2 = length;
  for (let i = 0; i < blocks; i += 4) {
    const word =
      key.charCodeAt(i) |
      (key.charCodeAt(i + 1) << 8) |
      (key.charCodeAt(i + 2) << 16) |
      (key.charCodeAt(i + 3) << 24);
    hash3 ^= scramble3(word);
    hash3 = (hash3 << 13) | (hash3 >>> 19);
    hash3 = (Math.imul(hash3, 5) + 0xe6546b64) | 0;
    const k2 = Math.imul(word, M2);
    hash2 = Math.imul(hash2, M2) ^ Math.imul(k2 ^ (k2 >>> 24), M2);
  }
  let tail = 0;
  for (let i = length - 1; i >= blocks; i--) tail = (tail << 8) | key.charCodeAt(i);
  if (length > blocks) {
    hash3 ^= scramble3(tail);
    hash2 = Math.imul(hash2 ^ tail, M2);
  }
  hash3 ^= length;
  hash3 ^= hash3 >>> 16;
  hash3 = Math.imul(hash3, 0x85ebca6b);
  hash3 ^= hash3 >>> 13;
  hash3 = Math.imul(hash3, 0xc2b2ae35);
  into.first = (hash3 ^ (hash3 >>> 16)) >>> 0;
  hash2 = Math.imul(hash2 ^ (hash2 >>> 13), M2);
  into.second = (hash2 ^ (hash2 >>> 15)) >>> 0;
}

function scramble3(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
