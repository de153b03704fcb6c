/** Reaching the values at a path of a parsed event. */
import { isMembers, isRoleName, resolveRole } from '@cadf-pipeline/cadf-model';
import type { Path } from './filter.ts';

/** Asked of each value at a path that is not null; objects too. */
export type ValueTest = (value: unknown) => boolean;

/**
 * Whether any value at the path passes. Lists on the way and at the end stand for each of their elements. A path that
 * begins with a role goes on from the resource the role means (`resolveRole`).
 */
export function compilePath(path: Path, test: ValueTest): (event: unknown) => boolean {
  const steps = path.map((name) => ({ name, inherited: name in Object.prototype }));
  const reach = (value: unknown, step: number): boolean => {
    let current = value;
    for (let at = step; ; at++) {
      if (Array.isArray(current)) {
        const index = at;
        return current.some((element) => reach(element, index));
      }
      const next = steps[at];
      if (next === undefined) return current !== null && current !== undefined && test(current);
      if (!isMembers(current)) return false;
      // `constructor` and the like are members only where the event has them itself.
      if (next.inherited && !Object.hasOwn(current, next.name)) return false;
      current = current[next.name];
    }
  };
  const [role] = path;
  if (!isRoleName(role)) return (event) => reach(event, 0);
  return (event) => isMembers(event) && reach(resolveRole(event, role).resource, 1);
}

/** Whether the test holds for a leaf (text, number or boolean) anywhere in a value; visits until it does. */
export function someLeaf(value: unknown, test: (text: string) => boolean): boolean {
  const text = leafText(value);
  if (text !== undefined) return test(text);
  if (Array.isArray(value)) return value.some((element) => someLeaf(element, test));
  return isMembers(value) && Object.values(value).some((member) => someLeaf(member, test));
}

/**
 * A text as it is (half a surrogate pair as U+FFFD), numbers and booleans as JavaScript writes them; undefined for
 * everything else.
 */
export function leafText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? value : value.toWellFormed();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
