/**
 * Two 32-bit hashes of a key, the same as the engine's `murmurHash3_32` and `murmurHash2_32`, so that filters over
 * millions of stored keys are rebuilt from hashes made by the engine.
 * The key is a binary string; MurmurHash by Austin Appleby (public domain), seed 0.
 */

/** Identity of an event: no source id holds a slash. SQL: `concat(source, '/', id)`. */
export function eventKey(source: string, id: string): string {
  return `${source}/${id}`;
}

export function murmurHash3(key: string): number {
  const length = key.length;
  const blocks = length & ~3;
  let hash = 0;
  for (let i = 0; i < blocks; i += 4) {
    let k = word(key, i);
    k = Math.imul(k, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    hash ^= Math.imul(k, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  const left = length & 3;
  if (left === 3) tail ^= key.charCodeAt(blocks + 2) << 16;
  if (left >= 2) tail ^= key.charCodeAt(blocks + 1) << 8;
  if (left >= 1) {
    tail = Math.imul(tail ^ key.charCodeAt(blocks), 0xcc9e2d51);
    tail = (tail << 15) | (tail >>> 17);
    hash ^= Math.imul(tail, 0x1b873593);
  }
  hash ^= length;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const M = 0x5bd1e995;

export function murmurHash2(key: string): number {
  const length = key.length;
  const blocks = length & ~3;
  let hash = length;
  for (let i = 0; i < blocks; i += 4) {
    let k = Math.imul(word(key, i), M);
    k ^= k >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(k, M);
  }
  const left = length & 3;
  if (left === 3) hash ^= key.charCodeAt(blocks + 2) << 16;
  if (left >= 2) hash ^= key.charCodeAt(blocks + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ key.charCodeAt(blocks), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function word(key: string, at: number): number {
  return (
    key.charCodeAt(at) |
    (key.charCodeAt(at + 1) << 8) |
    (key.charCodeAt(at + 2) << 16) |
    (key.charCodeAt(at + 3) << 24)
  );
}
