/** Signs of one change that come from several places at nearly the same time of the log: the first one counts. */

const WINDOW_MS = 2000;
const MAX_SIGNS = 1024;

export interface RecentSigns {
  readonly size: number;
  note(sign: string, epochMs: number): void;
  has(sign: string): boolean;
  /** Whether it was there; it is forgotten. */
  take(sign: string): boolean;
  expire(epochMs: number): void;
  clear(): void;
}

export function createRecentSigns(): RecentSigns {
  // Insertion order is the order of times.
  const signs = new Map<string, number>();
  return {
    get size() {
      return signs.size;
    },
    note(sign, epochMs) {
      signs.delete(sign);
      signs.set(sign, epochMs);
      if (signs.size <= MAX_SIGNS) return;
      const [oldest] = signs.keys();
      if (oldest !== undefined) signs.delete(oldest);
    },
    has: (sign) => signs.has(sign),
    take: (sign) => signs.delete(sign),
    expire(epochMs) {
      for (const [sign, notedMs] of signs) {
        if (notedMs + WINDOW_MS >= epochMs) break;
        signs.delete(sign);
      }
    },
    clear: () => signs.clear(),
  };
}
