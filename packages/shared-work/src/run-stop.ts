/** How a run is ended: it begins nothing more at once, and what is under way may finish within a bound. */
import type { WorkStop } from './interface.ts';

export interface RunStop extends WorkStop {
  /** A second call may shorten the time. */
  stop(graceMs: number): void;
  /** The run has ended: no timer is left behind. */
  ended(): void;
}

export function createRunStop(noun: string): RunStop {
  const soft = new AbortController();
  const hard = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const reason = new Error(`the work on this ${noun} stops in this process`);
  return {
    soft: soft.signal,
    hard: hard.signal,
    stop(graceMs) {
      soft.abort(reason);
      timers.push(setTimeout(() => hard.abort(reason), graceMs));
    },
    ended() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
