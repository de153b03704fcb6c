/** Tells operators of indications that were refused: many CIM servers (sfcb) take an error of CIM for success, and tell nobody. */

export interface RefusalLogDependencies {
  readonly logger: { warn(fields: object, message: string): void };
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
}

/** Called for each refusal, with what the sender was told. */
export type TellRefusal = (address: string, target: string, told: string) => void;

/** A line at most every so often, with how many there were since the last one. */
const EVERY_MS = 10_000;
const MAX_TARGET = 200;

export function createRefusalLog({ logger, now }: RefusalLogDependencies): TellRefusal {
  let lastMs = -Infinity;
  let count = 0;
  return (address, target, told) => {
    count++;
    if (now() - lastMs < EVERY_MS) return;
    lastMs = now();
    logger.warn(
      { address, path: target.slice(0, MAX_TARGET), told, count },
      'indications were refused and not kept, their sender was told',
    );
    count = 0;
  };
}
