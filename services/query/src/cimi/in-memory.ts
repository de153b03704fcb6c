/** Collections that are not in the store: filtered, put in order and cut here. */
import { compilePredicate } from '@cadf-pipeline/event-filter';
import { invalid } from './list-options.ts';
import type { ListOptions } from './list-options.ts';

/** Texts by the names of attributes. */
export type Described = Readonly<Record<string, string>>;

export function listInMemory<Item>(
  all: readonly Item[],
  describe: (item: Item) => Described,
  { filters, limit, orderBy, skip }: ListOptions,
): { readonly items: readonly Item[]; readonly count: number } {
  const tests = filters.map(compilePredicate);
  let found = all.filter((item) => tests.length === 0 || passes(describe(item), tests));
  const first = all[0];
  for (const { attribute } of orderBy) {
    const known = first === undefined ? [attribute] : Object.keys(describe(first));
    if (!known.includes(attribute))
      throw invalid(
        `$orderby names ${attribute.slice(0, 60)}: these can be put in order: ${known.join(', ')}.`,
      );
  }
  if (orderBy.length > 0)
    found = found.toSorted((a, b) => {
      for (const { attribute, direction } of orderBy) {
        const [x, y] = [describe(a)[attribute] ?? '', describe(b)[attribute] ?? ''];
        if (x !== y) return (x < y ? -1 : 1) * (direction === 'asc' ? 1 : -1);
      }
      return 0;
    });
  return { items: found.slice(skip, skip + limit), count: found.length };
}

function passes(described: Described, tests: readonly ((value: unknown) => boolean)[]): boolean {
  return tests.every((test) => test(described));
}
