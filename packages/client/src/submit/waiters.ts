/** Those who wait for something to become true. */
export interface Waiters {
  /** Resolves as soon as it is true; rejects with the signal's reason. */
  until(condition: () => boolean, signal?: AbortSignal): Promise<void>;
  /** Looks whether it is true for some now. */
  look(): void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<{ readonly condition: () => boolean; readonly resolve: () => void }>();
  return {
    async until(condition, signal) {
      signal?.throwIfAborted();
      if (condition()) return;
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => {
          waiting.delete(waiter);
          reject(signal?.reason as Error);
        };
        const waiter = {
          condition,
          resolve: () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          },
        };
        waiting.add(waiter);
        signal?.addEventListener('abort', stop, { once: true });
      });
    },
    look() {
      for (const waiter of waiting) {
        if (!waiter.condition()) continue;
        waiting.delete(waiter);
        waiter.resolve();
      }
    },
  };
}
