/** What fails now and then, and is tried again: said once when it begins and once when it is over. */
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';

export interface TailLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface Outage {
  /** It failed: waits, longer from time to time; not past an abort. */
  failed(error: unknown): Promise<void>;
  /** It worked. */
  over(): void;
}

const FIRST_MS = 100;
const LAST_MS = 5_000;

/** `what`: a sentence in the present tense without its end, such as `events cannot be read from the stream`. */
export function createOutage(what: string, logger: TailLogger, signal: AbortSignal): Outage {
  let failures = 0;
  return {
    async failed(error) {
      failures += 1;
      if (signal.aborted) return;
      if (failures === 1) logger.warn({ err: error }, `${what}, trying again`);
      const ms = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LAST_MS);
      await setTimeoutPromise(ms, undefined, { signal }).catch(() => undefined);
    },
    over() {
      if (failures > 0) logger.info({ failures }, `over: ${what}`);
      failures = 0;
    },
  };
}
