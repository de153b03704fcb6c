/** At most so many runs at once: the others wait, in the order of their ids, not of their asking. */

export interface RunSlots {
  /** Resolves with how the slot is given back. Throws the signal's reason. */
  take(id: string, signal: AbortSignal): Promise<() => void>;
}

export function createRunSlots(maxRuns: number): RunSlots {
  if (!(maxRuns >= 1)) throw new RangeError('maxRuns: at least 1 is needed');
  const waiting = new Map<string, () => void>();
  let free = maxRuns;

  function give(): void {
    free += 1;
    let first: string | undefined;
    for (const id of waiting.keys()) if (first === undefined || id < first) first = id;
    const grant = first === undefined ? undefined : waiting.get(first);
    if (first === undefined || grant === undefined) return;
    waiting.delete(first);
    free -= 1;
    grant();
  }

  return {
    async take(id, signal) {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else await turn(id, signal);
      let given = false;
      return () => {
        if (!given) give();
        given = true;
      };
    },
  };

  /** An id waits once at a time: it has one run. */
  async function turn(id: string, signal: AbortSignal): Promise<void> {
    const { promise, reject, resolve } = Promise.withResolvers<void>();
    const leave = (): void => {
      if (waiting.get(id) === resolve) waiting.delete(id);
      reject(signal.reason as Error);
    };
    waiting.set(id, resolve);
    signal.addEventListener('abort', leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}
