import { cancelled } from './store-failure.ts';

/**
 * The result, or a rejection with STORE_CANCELLED as soon as `signal` aborts; then `stop` is called to end the work,
 * and what becomes of it is nobody's concern any more.
 */
export function abortable<T>(result: Promise<T>, signal: AbortSignal, stop: () => Promise<void>): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      reject(cancelled());
      stop().catch(() => undefined);
    };
    const done = (): void => signal.removeEventListener('abort', aborted);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    result
      .then(resolve, reject)
      .finally(done)
      .catch(() => undefined);
  });
}
