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
  /**
   * The tenants of one event, sorted, none twice, possibly none. Equal sets are the same frozen array as long as
   * they are remembered, so what is derived from a set can be kept by its identity.
   */
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
/** Sets remembered per finder. */
const MAX_SETS = 10_000;

const VALID = new RegExp(TENANT_ID_PATTERN);
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
  // By what the rules found, in their order: most events of a source repeat a few sets.
  const sets = new Map<string, readonly string[]>();

  return {
    pointers: [...new Set(places.map((place) => place.pointer))],
    tenantsOf(get) {
      let found = '';
      for (const { pointer, values, prefix } of places) {
        const value = get(pointer);
        if (value === undefined || value === '') continue;
        const tenant = values === undefined ? prefix + value : values.get(value);
        // A tenant id has no line break; skipped here, one could not pose as two in the joined text.
        if (tenant !== undefined && tenant.length <= 256 && !tenant.includes('\n')) found += `${tenant}\n`;
      }
      if (found === '') return fallback;
      const known = sets.get(found);
      if (known !== undefined) return known;
      // Past the bound all are forgotten at once: cheaper than an order of use kept on every event.
      if (sets.size >= MAX_SETS) sets.clear();
      const valid = [...new Set(found.split('\n'))].filter((tenant) => VALID.test(tenant));
      const tenants = valid.length === 0 ? fallback : freezeSorted(valid.slice(0, MAX_TENANTS_PER_EVENT));
      sets.set(found, tenants);
      return tenants;
    },
  };
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
