/** What waits, where owners take turns: one who has much waiting does not hold up the others. */

export interface FairQueue<T> {
  push(owner: string, item: T): void;
  /** The first item of the owner whose last turn was longest ago; undefined when nothing waits. */
  shift(): T | undefined;
  /** Answers whether it waited. */
  remove(item: T): boolean;
  /** Empties it; in order of arrival. */
  drain(): readonly T[];
}

/** Owners; one who is forgotten is taken for one who had no turn. */
const MAX_REMEMBERED = 1000;

export function createFairQueue<T>(): FairQueue<T> {
  const waiting: { readonly owner: string; readonly item: T }[] = [];
  /** When owners had their last turn; the one whose was longest ago is first. */
  const turns = new Map<string, number>();
  let turn = 0;
  const lastTurn = (owner: string): number => turns.get(owner) ?? 0;

  return {
    push(owner, item) {
      waiting.push({ owner, item });
    },
    shift() {
      let chosen = 0;
      for (const [index, { owner }] of waiting.entries())
        if (lastTurn(owner) < lastTurn(waiting[chosen]?.owner ?? '')) chosen = index;
      const [next] = waiting.splice(chosen, 1);
      if (next === undefined) return undefined;
      turns.delete(next.owner);
      turns.set(next.owner, ++turn);
      const [longestAgo] = turns.keys();
      if (turns.size > MAX_REMEMBERED && longestAgo !== undefined) turns.delete(longestAgo);
      return next.item;
    },
    remove(item) {
      const index = waiting.findIndex((one) => one.item === item);
      if (index >= 0) waiting.splice(index, 1);
      return index >= 0;
    },
    drain: () => waiting.splice(0).map(({ item }) => item),
  };
}
