/** Appends until it is durable: what was collected waits for the stream, and for nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StreamError } from '@cadf-pipeline/event-stream';

export interface CollectLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const RETRY_MS = 500;

/** Tries again what may pass, until the signal aborts; then, and for what will not pass, throws the `StreamError`. */
export async function untilDurable<T>(
  append: () => Promise<T>,
  signal: AbortSignal,
  logger: CollectLogger,
): Promise<T> {
  for (;;) {
    try {
      return await append();
    } catch (error) {
      const mayPass = error instanceof StreamError && error.retryable;
      if (!mayPass || signal.aborted) throw error;
      logger.warn({ err: error }, 'what was collected is not durable yet, trying again');
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
