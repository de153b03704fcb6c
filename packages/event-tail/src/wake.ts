/** Waiting until something is said, without losing what is said before the waiting begins. */
export interface Wake {
  /** Ends the waiting, or the next one. */
  wake(): void;
  /** Resolves when woken, when `signal` aborts or after `ms`. */
  wait(signal: AbortSignal, ms?: number): Promise<void>;
}

/** For one who waits at a time. */
export function createWake(): Wake {
  let woken = false;
  let resume: (() => void) | undefined;
  return {
    wake() {
      woken = true;
      resume?.();
    },
    async wait(signal, ms) {
      if (!woken && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = ms === undefined ? undefined : setTimeout(() => resume?.(), ms);
          resume = () => {
            resume = undefined;
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            resolve();
          };
          const end = (): void => resume?.();
          signal.addEventListener('abort', end, { once: true });
        });
      }
      woken = false;
    },
  };
}
