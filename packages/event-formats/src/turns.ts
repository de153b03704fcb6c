/** Long work gives way to others of the process: in so many milliseconds they wait at most, and a step more. */
import { setImmediate } from 'node:timers/promises';

const TURN_MS = 10;

/** To be called after each step: a promise when it is time to give way, to be awaited. */
export function createTurns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
