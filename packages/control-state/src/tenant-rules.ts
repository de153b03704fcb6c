import defaultRules from './default-tenant-rules.json' with { type: 'json' };
import { TENANT_ID_PATTERN } from './entities.ts';
import type { TenantRule } from './entities.ts';

/** Used as long as no rule is stored. */
export const DEFAULT_TENANT_RULES: readonly TenantRule[] = Object.freeze(defaultRules);

/** Gives the text at a JSON Pointer (RFC 6901) of an event; undefined where there is none or it is no text. */
export type Lookup = (pointer: string) => string | undefined;

/** Rules ready for one source and one submitting key. */
export interface TenantFinder {
  /** The places `tenantsOf` may look at. */
  readonly pointers: readonly string[];
  /** The tenants of one event, sorted by code unit, none twice, possibly none. */
  tenantsOf(get: Lookup): readonly string[];
}

export interface FinderOptions {
  readonly source: string;
  readonly sourceType: string;
  /** Tenants for events in which no rule finds one. */
  readonly fallback?: readonly string[];
  /**
   * The tenants of the submitting key. Other than `*`, they *are* the tenants of what it submits, whatever the
   * event says: nobody can plant an event into another tenant's view, nor hide one from the own.
   */
  readonly submitter: '*' | readonly string[];
}

/** Tenants one event can have; further ones found are left out, in the order of the rules. */
export const MAX_TENANTS_PER_EVENT = 32;

const VALID = new RegExp(TENANT_ID_PATTERN);
/** Ids made of these need no closer look: nearly all. */
const PLAIN = /^[\w.:-]{1,256}$/;
const NONE: readonly string[] = Object.freeze([]);

/** Compiles rules. The rules are data; a tenant is found by them or not at all, never guessed. */
export function createTenantFinder(rules: readonly TenantRule[], options: FinderOptions): TenantFinder {
  if (options.submitter !== '*') return constantFinder(options.submitter);
  const fallback = freezeSorted(options.fallback ?? []);
  const places = rules
    .filter((rule) => rule.source === undefined || rule.source === options.source)
    .filter((rule) => rule.sourceType === undefined || rule.sourceType === options.sourceType)
    .map((rule) => ({
      pointer: toPointer(rule.path),
      values: rule.values === undefined ? undefined : new Map(Object.entries(rule.values)),
      prefix: rule.prefix ?? '',
    }));

  return {
    pointers: [...new Set(places.map((place) => place.pointer))],
    tenantsOf(get) {
      // No memory of earlier events: with project ids that hardly repeat it would cost more than it saves.
      let found: string[] | undefined;
      for (const { pointer, values, prefix } of places) {
        const value = get(pointer);
        if (value === undefined) continue;
        const tenant = values !== undefined ? values.get(value) : prefix === '' ? value : prefix + value;
        if (tenant === undefined || found?.includes(tenant) || !isTenantId(tenant)) continue;
        if (found === undefined) found = [tenant];
        else if (found.length < MAX_TENANTS_PER_EVENT) insertSorted(found, tenant);
      }
      return found ?? fallback;
    },
  };
}

function isTenantId(text: string): boolean {
  return PLAIN.test(text) || (text.length <= 256 && VALID.test(text));
}

function insertSorted(sorted: string[], item: string): void {
  let index = sorted.length;
  sorted.push(item);
  for (let before = sorted[index - 1]; before !== undefined && before > item; before = sorted[--index - 1]) {
    sorted[index] = before;
  }
  sorted[index] = item;
}

function constantFinder(tenants: readonly string[]): TenantFinder {
  const own = freezeSorted(tenants);
  return { pointers: NONE, tenantsOf: () => own };
}

function freezeSorted(tenants: readonly string[]): readonly string[] {
  return tenants.length === 0 ? NONE : Object.freeze([...new Set(tenants)].toSorted());
}

function toPointer(path: string): string {
  return `/${path.replaceAll('~', '~0')}`;
}
