/**
 * How many readings read from the store at a time. One whose caller is busy with what it was given keeps its place in
 * the store only until another reading wants to read.
 */
export interface HistoryTurn {
  /** The caller has it: the turn may be taken away. */
  idle(): void;
  /** Goes on. False: the turn was taken away. */
  resume(): boolean;
  /** Idempotent. */
  end(): void;
}

export interface HistoryTurns {
  /** In the order of asking. `takenAway` is called when an idle turn is given to another. Undefined when aborted. */
  take(signal: AbortSignal, takenAway: () => void): Promise<HistoryTurn | undefined>;
}

export function createHistoryTurns(limit: number): HistoryTurns {
  let taken = 0;
  const asking = new Set<() => void>();
  /** Idle turns, the one that is so longest first. */
  const idle = new Set<() => void>();

  function giveNext(): void {
    for (const give of asking) {
      if (taken >= limit) {
        const [longest] = idle;
        if (longest === undefined) return;
        longest();
      }
      asking.delete(give);
      taken += 1;
      give();
    }
  }

  return {
    async take(signal, takenAway) {
      if (signal.aborted) return undefined;
      const isGiven = await new Promise<boolean>((resolve) => {
        const leave = (): void => {
          asking.delete(give);
          resolve(false);
        };
        const give = (): void => {
          signal.removeEventListener('abort', leave);
          resolve(true);
        };
        signal.addEventListener('abort', leave, { once: true });
        asking.add(give);
        giveNext();
      });
      if (!isGiven) return undefined;
      let held = true;
      const letGo = (): void => {
        if (!held) return;
        held = false;
        idle.delete(loseIt);
        taken -= 1;
      };
      const loseIt = (): void => {
        letGo();
        takenAway();
      };
      return {
        idle() {
          if (!held) return;
          idle.add(loseIt);
          giveNext();
        },
        resume() {
          idle.delete(loseIt);
          return held;
        },
        end() {
          letGo();
          giveNext();
        },
      };
    },
  };
}
