import { isIP } from 'node:net';

/** Bounds failed attempts per remote address. */
export interface AttemptLimiter {
  /** Seconds until the address may fail again; 0 while it may. */
  waitSeconds(address: string): number;
  /** Counts one failure. */
  failed(address: string): void;
}

export interface AttemptLimits {
  /** Failures an address may make at once. */
  readonly burst: number;
  /** Milliseconds after which one more is allowed. */
  readonly refillMs: number;
  /** Addresses remembered; past it the one that failed longest ago is forgotten. */
  readonly maxAddresses: number;
}

/**
 * A token bucket per address that failed lately. An IPv6 address counts as its /64, as one host owns at least
 * that. `now` gives milliseconds that never go back.
 */
export function createAttemptLimiter(limits: AttemptLimits, now: () => number): AttemptLimiter {
  // In order of last failure: the first entry is the one to forget.
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>();
  const leftOf = (key: string, nowMs: number): number => {
    const bucket = buckets.get(key);
    return bucket === undefined
      ? limits.burst
      : Math.min(limits.burst, bucket.left + (nowMs - bucket.atMs) / limits.refillMs);
  };
  return {
    waitSeconds(address) {
      const left = leftOf(networkOf(address), now());
      return left >= 1 ? 0 : Math.ceil(((1 - left) * limits.refillMs) / 1000);
    },
    failed(address) {
      const key = networkOf(address);
      const nowMs = now();
      const left = Math.max(0, leftOf(key, nowMs) - 1);
      buckets.delete(key);
      buckets.set(key, { left, atMs: nowMs });
      const oldest = buckets.keys().next();
      if (buckets.size > limits.maxAddresses && oldest.done !== true) buckets.delete(oldest.value);
    },
  };
}

/** The address itself for IPv4, the first 64 bits for IPv6. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':');
    while (groups.length + rest.length < 8) groups.push('0');
    groups.push(...rest);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
