/** How a run is ended: it begins nothing more at once, and what is under way may finish within a bound. */

export interface RunStop {
  /** Aborts at once: nothing more is begun. */
  readonly soft: AbortSignal;
  /** Aborts when what is under way has to end too. */
  readonly hard: AbortSignal;
  /** A second call may shorten the time. */
  stop(graceMs: number): void;
  /** The run has ended: no timer is left behind. */
  ended(): void;
}

export function createRunStop(): RunStop {
  const soft = new AbortController();
  const hard = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const reason = new Error('deliveries of this subscription stop in this process');
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
