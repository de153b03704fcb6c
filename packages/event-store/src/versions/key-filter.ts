/**
 * A set of key hashes that may answer yes wrongly, about once in 100,000, and never no wrongly: a chain of blocked
 * Bloom filters. A key costs one cache line to add and one per link of the chain to ask; links double in size, so
 * there are about log2(N) of them. 32 bits per key when a link is full, 8 of them set, all within 512 bits.
 */
export interface KeyFilter {
  has(hash1: number, hash2: number): boolean;
  add(hash1: number, hash2: number): void;
  /** Keys added. */
  readonly size: number;
  /** Memory held. */
  readonly bytes: number;
}

const BITS_PER_KEY = 32;
const BLOCK_WORDS = 16;
const MIN_KEYS = 1 << 16;
/** 256 MB; longer chains have more links of this size. */
const MAX_KEYS = 1 << 26;

interface Link {
  readonly words: Uint32Array;
  readonly blockMask: number;
  readonly capacity: number;
  keys: number;
}

/** `expectedKeys` sizes the first link. */
export function createKeyFilter(expectedKeys: number): KeyFilter {
  let last = createLink(expectedKeys);
  const links = [last];
  let size = 0;

  return {
    has(hash1, hash2) {
      for (const link of links) if (linkHas(link, hash1, hash2)) return true;
      return false;
    },
    add(hash1, hash2) {
      if (last.keys >= last.capacity) {
        last = createLink(last.capacity * 2);
        links.push(last);
      }
      linkAdd(last, hash1, hash2);
      last.keys += 1;
      size += 1;
    },
    get size() {
      return size;
    },
    get bytes() {
      return links.reduce((sum, link) => sum + link.words.byteLength, 0);
    },
  };
}

function createLink(keys: number): Link {
  let capacity = MIN_KEYS;
  while (capacity < keys && capacity < MAX_KEYS) capacity *= 2;
  const words = new Uint32Array((capacity * BITS_PER_KEY) / 32);
  return { words, blockMask: words.length / BLOCK_WORDS - 1, capacity, keys: 0 };
}

/** The first hash chooses the block; nine bits of what follows from both choose each of the eight bits in it. */
function linkHas({ words, blockMask }: Link, hash1: number, hash2: number): boolean {
  const base = (hash1 & blockMask) * BLOCK_WORDS;
  let bits = hash2;
  for (let i = 0; i < 8; i++) {
    if (((words[base + ((bits >>> 5) & 15)] ?? 0) & (1 << (bits & 31))) === 0) return false;
    bits = nextBits(bits, hash1);
  }
  return true;
}

function linkAdd({ words, blockMask }: Link, hash1: number, hash2: number): void {
  const base = (hash1 & blockMask) * BLOCK_WORDS;
  let bits = hash2;
  for (let i = 0; i < 8; i++) {
    const at = base + ((bits >>> 5) & 15);
    words[at] = (words[at] ?? 0) | (1 << (bits & 31));
    bits = nextBits(bits, hash1);
  }
}

/** A step of a multiplicative generator, started from both hashes. */
function nextBits(bits: number, hash1: number): number {
  const mixed = Math.imul(bits ^ (hash1 >>> 9), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
