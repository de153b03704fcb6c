/**
 * Decides how often a text that matches no known structure is looked into. Where looking taught nothing 15 times in
 * 16, only every second such text is looked into, then every fourth, down to every 64th; learning brings it back. Which
 * ones is drawn by chance, so that one producer in a regular turn is not always, or never, the one passed over.
 */
export interface Effort {
  /** Whether to look into this text. */
  worthwhile(): boolean;
  /** Says whether looking taught something. */
  learned(something: boolean): void;
}

const WINDOW = 256;
const MAX_LEVEL = 6;

export function createEffort(): Effort {
  let level = 0;
  let looked = 0;
  let useful = 0;
  let random = 0x9e3779b9;
  return {
    worthwhile() {
      if (level === 0) return true;
      // xorshift32 (Marsaglia, 2003).
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      return (random >>> 0) >>> (32 - level) === 0;
    },
    learned(something) {
      if (something) useful++;
      if (++looked < WINDOW >> level) return;
      if (useful * 16 <= looked) level = Math.min(MAX_LEVEL, level + 1);
      else level = Math.max(0, level - 1);
      looked = 0;
      useful = 0;
    },
  };
}
