/**
 * At most so many runs at once. Of the others, the next slot goes to one whose owner has the fewest, and of such owners the
 * one that waits the longest for its turn; of one owner, in the order of their ids, not of their asking.
 */

export interface RunSlots {
  /** Resolves with how the slot is given back. Throws the signal's reason. */
  take(id: string, signal: AbortSignal): Promise<() => void>;
}

/** `ownerOf`: default one owner of all. */
export function createRunSlots(maxRuns: number, ownerOf: (id: string) => string = () => ''): RunSlots {
  if (!(maxRuns >= 1)) throw new RangeError('maxRuns: at least 1 is needed');
  const waiting = new Map<string, { readonly owner: string; readonly grant: () => void }>();
  /** Slots of each owner that has or awaits one. */
  const held = new Map<string, number>();
  /** Those owners, whoever was given a slot last at the end. */
  const turns = new Set<string>();
  let free = maxRuns;

  function hold(owner: string): void {
    free -= 1;
    held.set(owner, (held.get(owner) ?? 0) + 1);
    turns.delete(owner);
    turns.add(owner);
  }

  function give(from: string): void {
    free += 1;
    held.set(from, (held.get(from) ?? 1) - 1);
    const first = next();
    if (first === undefined) return;
    waiting.delete(first.id);
    hold(first.owner);
    first.grant();
  }

  function next() {
    const turn = new Map([...turns].map((owner, index) => [owner, index]));
    const asking = [...waiting].map(([id, { grant, owner }]) => ({
      id,
      grant,
      owner,
      held: held.get(owner) ?? 0,
      turn: turn.get(owner) ?? -1,
    }));
    const owners = new Set(asking.map(({ owner }) => owner));
    for (const owner of turns) {
      if (owners.has(owner) || (held.get(owner) ?? 0) > 0) continue;
      turns.delete(owner);
      held.delete(owner);
    }
    const [first] = asking.toSorted((a, b) => a.held - b.held || a.turn - b.turn || (a.id < b.id ? -1 : 1));
    return first;
  }

  return {
    async take(id, signal) {
      signal.throwIfAborted();
      const owner = ownerOf(id);
      if (free > 0) hold(owner);
      else await turn(id, owner, signal);
      let given = false;
      return () => {
        if (!given) give(owner);
        given = true;
      };
    },
  };

  /** An id waits once at a time: it has one run. */
  async function turn(id: string, owner: string, signal: AbortSignal): Promise<void> {
    const { promise, reject, resolve } = Promise.withResolvers<void>();
    const leave = (): void => {
      if (waiting.get(id)?.grant === resolve) waiting.delete(id);
      reject(signal.reason as Error);
    };
    waiting.set(id, { owner, grant: resolve });
    signal.addEventListener('abort', leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}
