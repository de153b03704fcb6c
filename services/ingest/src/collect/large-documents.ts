/**
 * Large documents are read one at a time, whoever they are of, with a rest behind each: nothing else is done while one is
 * read and taken apart, and providers that send them without need must not stop the others.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadTurn } from '../cimi/get-document.ts';
import { createTurns } from './turns.ts';

const LARGE_BYTES = 1_048_576;
/** To take a document apart lasts some five times as long as to read it: all of them have a quarter of the time. */
const REST_TIMES = 20;
const LONGEST_REST_MS = 10_000;
const NEVER = new AbortController().signal;

export interface LargeDocumentsOptions {
  /** Milliseconds, of a clock that only goes forward. */
  readonly now?: () => number;
  readonly rest?: (ms: number) => Promise<unknown>;
}

export function createLargeDocuments(options: LargeDocumentsOptions = {}): ReadTurn {
  const now = options.now ?? (() => performance.now());
  const rest = options.rest ?? ((ms: number) => sleep(ms, undefined, { ref: false }));
  const turns = createTurns(1);
  return async (bytes, read, signal = NEVER) => {
    if (bytes < LARGE_BYTES) return read();
    return new Promise((resolve, reject) => {
      const readAndRest = async (): Promise<void> => {
        const beganMs = now();
        try {
          resolve(read());
        } catch (error) {
          reject(error as Error);
        }
        await rest(Math.min(LONGEST_REST_MS, REST_TIMES * (now() - beganMs)));
      };
      turns.take(signal, readAndRest).catch(reject);
    });
  };
}
