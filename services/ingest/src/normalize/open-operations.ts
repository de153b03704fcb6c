/**
 * Operations that began in one record and end in another, where the end does not say again what the beginning said
 * (who asked, which machine). The beginning is remembered until its end comes, for a while of log time, up to a number.
 *
 * Nothing here depends on when records arrive, so reading the same records again remembers the same.
 */

export interface OpenOperations<Begun> {
  /** How many are remembered; a reader keeps its checkpoint before the first of them (`Normalizer.held`). */
  readonly size: number;
  /** Remembers a beginning at a time of the log; one with the same key is replaced. */
  begin(key: string, begun: Begun, epochMs: number): void;
  /** The beginning, still remembered (an operation may report more than once). */
  peek(key: string): Begun | undefined;
  /** The beginning, which is forgotten. */
  end(key: string): Begun | undefined;
  /** Forgets what began longer ago than the window at this time of the log. */
  expire(epochMs: number): void;
  clear(): void;
}

export interface OpenOperationsLimits {
  /** Of log time, ms. Default 24 h. */
  readonly windowMs?: number;
  /** Default 10,000; the oldest goes first. */
  readonly maxOperations?: number;
}

export function createOpenOperations<Begun>({
  windowMs = 86_400_000,
  maxOperations = 10_000,
}: OpenOperationsLimits = {}): OpenOperations<Begun> {
  // Insertion order is the order of beginnings.
  const open = new Map<string, { readonly begun: Begun; readonly epochMs: number }>();
  return {
    get size() {
      return open.size;
    },
    begin(key, begun, epochMs) {
      open.delete(key);
      open.set(key, { begun, epochMs });
      if (open.size <= maxOperations) return;
      const [oldest] = open.keys();
      if (oldest !== undefined) open.delete(oldest);
    },
    peek: (key) => open.get(key)?.begun,
    end(key) {
      const found = open.get(key);
      open.delete(key);
      return found?.begun;
    },
    expire(epochMs) {
      for (const [key, { epochMs: begunMs }] of open) {
        if (begunMs + windowMs >= epochMs) break;
        open.delete(key);
      }
    },
    clear: () => open.clear(),
  };
}
