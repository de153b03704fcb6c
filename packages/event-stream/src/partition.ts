/**
 * Which partition a key belongs to: Apache Kafka's default for keyed records (Java client, 32-bit murmur2 of
 * the UTF-8 key, sign bit cleared, modulo the partition count), so that other producers agree with ours and
 * both backends place a key alike.
 */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** The partition of `key` among `partitions` (1 or more). */
export function partitionOf(key: string, partitions: number): number {
  return partitions === 1 ? 0 : (murmur2(key) & 0x7fffffff) % partitions;
}

/** 32-bit murmur2 of the UTF-8 bytes of `key`, as a signed integer, equal to `Utils.murmur2` of the Java client. */
export function murmur2(key: string): number {
  const length = key.length;
  let h = SEED ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const a = key.charCodeAt(i);
    const b = key.charCodeAt(i + 1);
    const c = key.charCodeAt(i + 2);
    const d = key.charCodeAt(i + 3);
    // Beyond ASCII a UTF-16 unit is not a UTF-8 byte: the slow way encodes first.
    if ((a | b | c | d) > 0x7f) return murmur2OfBytes(Buffer.from(key, 'utf8'));
    h = mix(h, a | (b << 8) | (c << 16) | (d << 24));
  }
  let tail = 0;
  for (let shift = 0; i < length; i += 1, shift += 8) {
    const unit = key.charCodeAt(i);
    if (unit > 0x7f) return murmur2OfBytes(Buffer.from(key, 'utf8'));
    tail |= unit << shift;
  }
  return finish(h, tail, length & 3);
}

function murmur2OfBytes(bytes: Buffer): number {
  const length = bytes.length;
  const whole = length - (length & 3);
  let h = SEED ^ length;
  for (let i = 0; i < whole; i += 4) h = mix(h, bytes.readInt32LE(i));
  const tail = length & 3 ? bytes.readUIntLE(whole, length & 3) : 0;
  return finish(h, tail, length & 3);
}

function mix(h: number, word: number): number {
  let k = Math.imul(word, M);
  k ^= k >>> 24;
  return Math.imul(h, M) ^ Math.imul(k, M);
}

function finish(hash: number, tail: number, tailLength: number): number {
  let h = hash;
  if (tailLength > 0) h = Math.imul(h ^ tail, M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}
