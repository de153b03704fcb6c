/** A bound on how many do something at once; the others wait in the order they came. */
export interface Turns {
  /** Runs it when it is its turn. Throws the signal's reason where that comes first. */
  take<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T>;
}

export function createTurns(limit: number): Turns {
  let free = limit;
  const waiting = new Set<() => void>();

  function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', give);
        resolve();
      };
      const give = (): void => {
        waiting.delete(go);
        reject(signal.reason as Error);
      };
      waiting.add(go);
      signal.addEventListener('abort', give, { once: true });
    });
  }

  function leave(): void {
    const [next] = waiting;
    if (next === undefined) {
      free++;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async take(signal, run) {
      await enter(signal);
      try {
        return await run();
      } finally {
        leave();
      }
    },
  };
}
