/** A bell between those who bring and the one who works: rung while nobody waits, it is heard by the next who does. */
export interface WakeUp {
  ring(): void;
  /** Resolves when it rings, or after so many milliseconds. */
  wait(ms?: number): Promise<void>;
}

export function createWakeUp(): WakeUp {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    wait(ms) {
      return new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(awake, ms);
        function awake(): void {
          clearTimeout(timer);
          wake = undefined;
          rung = false;
          resolve();
        }
        wake = awake;
        if (rung) awake();
      });
    },
  };
}
