/** What Keystone said of tokens, for a short while. Tokens themselves are not kept, only their SHA-256. */
import type { Principal } from '@cadf-pipeline/service-kit';

export interface VerdictCache {
  get(digest: string): Principal | undefined;
  /** Kept for the cache's time, but not beyond the principal's own end. */
  put(digest: string, principal: Principal): void;
}

/** The oldest goes when there are more. */
export function createVerdictCache(keepMs: number, maxEntries: number, now: () => number): VerdictCache {
  const entries = new Map<string, { readonly principal: Principal; readonly untilMs: number }>();
  return {
    get(digest) {
      const entry = entries.get(digest);
      if (entry === undefined) return undefined;
      if (now() < entry.untilMs) return entry.principal;
      entries.delete(digest);
      return undefined;
    },
    put(digest, principal) {
      const untilMs = Math.min(now() + keepMs, principal.expiresMs ?? Infinity);
      if (untilMs <= now()) return;
      entries.delete(digest);
      entries.set(digest, { principal, untilMs });
      const oldest = entries.keys().next();
      if (entries.size > maxEntries && oldest.done !== true) entries.delete(oldest.value);
    },
  };
}
