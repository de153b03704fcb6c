import type { TenantFinder } from '@cadf-pipeline/control-state';
import { pathOfPointer } from '../json-pointer.ts';

/**
 * Asks a finder for the tenants of parsed events. The paths are taken apart once per submission, not per event.
 * A tenant is found only where the event holds a text; numbers and objects name none.
 */
export function eventTenants(
  finder: TenantFinder,
): (event: Readonly<Record<string, unknown>>) => readonly string[] {
  const paths = new Map(finder.pointers.map((pointer) => [pointer, pathOfPointer(pointer)]));
  let current: unknown;
  const get = (pointer: string): string | undefined => {
    let value = current;
    for (const step of paths.get(pointer) ?? []) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = Reflect.get(value, step);
    }
    return typeof value === 'string' ? value : undefined;
  };
  return (event) => {
    current = event;
    return finder.tenantsOf(get);
  };
}
