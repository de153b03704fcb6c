import { setTimeout as sleep } from 'node:timers/promises';
import { StreamError } from '../errors.ts';
import { toStreamError } from './client-errors.ts';

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;

/**
 * Does something that brokers may be away for again and again, until `patienceMs` after the call; then throws
 * StreamError `STREAM_UNAVAILABLE`. Undefined when the signal aborted. Other StreamErrors are final.
 */
export async function patiently<T>(
  options: { readonly patienceMs: number; readonly signal: AbortSignal | undefined },
  what: string,
  action: (again: boolean) => Promise<T>,
): Promise<T | undefined> {
  const deadline = Date.now() + options.patienceMs;
  let delay = FIRST_DELAY_MS;
  for (let again = false; !isAborted(options.signal); again = true) {
    try {
      return await action(again);
    } catch (error) {
      if (isAborted(options.signal)) break;
      if (error instanceof StreamError && error.code !== 'STREAM_UNAVAILABLE') throw error;
      if (Date.now() + delay > deadline) throw toStreamError(error, what);
    }
    await sleep(delay, undefined, options.signal === undefined ? {} : { signal: options.signal }).catch(
      () => undefined,
    );
    delay = Math.min(delay * 2, MAX_DELAY_MS);
  }
  return undefined;
}

/** A function, as the compiler takes a signal that was not aborted before an await for one that never is. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal !== undefined && signal.aborted;
}
