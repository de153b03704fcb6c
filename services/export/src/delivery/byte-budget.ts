/**
 * How many bytes of events all subscriptions of a process hold together while they are sent: receivers that are slow at
 * the same time must not fill the memory. Who does not fit waits, in the order in which they came. One owner has half of
 * it at most, so that his slow receivers keep only himself waiting.
 */

export interface ByteBudget {
  /**
   * Resolves, once there is room, with what gives it back. More than all of it has room when nobody has any, more than
   * the half when the owner has none. Throws the signal's reason.
   */
  take(owner: string, bytes: number, signal: AbortSignal): Promise<() => void>;
  /** What gives it back; undefined: there is no room now, or others wait for it. */
  tryTake(owner: string, bytes: number): (() => void) | undefined;
}

interface Wanted {
  readonly owner: string;
  readonly bytes: number;
}
interface Waiter extends Wanted {
  readonly go: () => void;
}

export function createByteBudget(limit: number): ByteBudget {
  let used = 0;
  const usedBy = new Map<string, number>();
  const waiting = new Set<Waiter>();

  const fits = ({ bytes }: Wanted): boolean => used === 0 || used + bytes <= limit;
  const mayHave = ({ bytes, owner }: Wanted): boolean => {
    const has = usedBy.get(owner) ?? 0;
    return has === 0 || has + bytes <= limit / 2;
  };

  function add(owner: string, bytes: number): void {
    used += bytes;
    const has = (usedBy.get(owner) ?? 0) + bytes;
    if (has === 0) usedBy.delete(owner);
    else usedBy.set(owner, has);
  }

  function use({ bytes, owner }: Wanted): () => void {
    add(owner, bytes);
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      add(owner, -bytes);
      letIn();
    };
  }

  /** The first whom not his own share keeps waiting: those behind him wait for him. */
  function foremost(): Waiter | undefined {
    const full = new Set<string>();
    for (const waiter of waiting) {
      if (full.has(waiter.owner)) continue;
      if (mayHave(waiter)) return waiter;
      full.add(waiter.owner);
    }
    return undefined;
  }

  function letIn(): void {
    let waiter = foremost();
    while (waiter !== undefined && fits(waiter)) {
      waiting.delete(waiter);
      waiter.go();
      waiter = foremost();
    }
  }

  function tryTake(owner: string, bytes: number): (() => void) | undefined {
    const wanted = { owner, bytes };
    if (!fits(wanted) || !mayHave(wanted) || foremost() !== undefined) return undefined;
    for (const waiter of waiting) if (waiter.owner === owner) return undefined;
    return use(wanted);
  }

  return {
    tryTake,
    async take(owner, bytes, signal) {
      signal.throwIfAborted();
      const taken = tryTake(owner, bytes);
      if (taken !== undefined) return taken;
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const waiter: Waiter = { owner, bytes, go: () => resolve(use({ owner, bytes })) };
      const give = (): void => {
        if (!waiting.delete(waiter)) return;
        reject(signal.reason as Error);
        // The next one may be smaller.
        letIn();
      };
      waiting.add(waiter);
      signal.addEventListener('abort', give, { once: true });
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', give);
      }
    },
  };
}
