/**
 * How many bytes of events all subscriptions of a process hold together while they are sent: receivers that are slow at
 * the same time must not fill the memory. Who does not fit waits, in the order in which they came.
 */

export interface ByteBudget {
  /**
   * Resolves, once there is room, with what gives it back. More than all of it has room when nobody has any. Throws the
   * signal's reason.
   */
  take(bytes: number, signal: AbortSignal): Promise<() => void>;
  /** What gives it back; undefined: there is no room now, or others wait for it. */
  tryTake(bytes: number): (() => void) | undefined;
}

interface Waiter {
  readonly bytes: number;
  readonly go: () => void;
}

export function createByteBudget(limit: number): ByteBudget {
  let used = 0;
  const waiting = new Set<Waiter>();

  const fits = (bytes: number): boolean => used === 0 || used + bytes <= limit;

  function use(bytes: number): () => void {
    used += bytes;
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      used -= bytes;
      letIn();
    };
  }

  function letIn(): void {
    for (const waiter of waiting) {
      if (!fits(waiter.bytes)) return;
      waiting.delete(waiter);
      waiter.go();
    }
  }

  const tryTake = (bytes: number): (() => void) | undefined =>
    waiting.size === 0 && fits(bytes) ? use(bytes) : undefined;

  return {
    tryTake,
    async take(bytes, signal) {
      signal.throwIfAborted();
      const taken = tryTake(bytes);
      if (taken !== undefined) return taken;
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const waiter: Waiter = { bytes, go: () => resolve(use(bytes)) };
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
