/** Several filters as one. */
import type { Filter } from './filter.ts';
import { maxPlanningCost, planningCost } from './planning-cost.ts';

/** A filter that passes what both pass; undefined where together they ask too much at once (`FILTER_TOO_DEAR`). */
export function allOf(first: Filter, second: Filter): Filter | undefined {
  if (costOf(first) + costOf(second) > maxPlanningCost) return undefined;
  return { kind: 'and', terms: [...termsOf(first), ...termsOf(second)] };
}

function termsOf(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.terms : [filter];
}

function costOf(filter: Filter): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.reduce((sum, term) => sum + costOf(term), 0);
    case 'not':
      return costOf(filter.term);
    default:
      return planningCost(filter);
  }
}
