/** Whether an event is for a reading: what its owner may see now, and what was asked for. */
import { compilePredicate } from '@cadf-pipeline/event-filter';
import type { Scope } from '@cadf-pipeline/event-store';
import { TailEnded } from './interface.ts';
import type { FollowOptions } from './interface.ts';
import type { TailedEvent } from './tailed-event.ts';

export interface Matcher {
  /**
   * Asks for the rights as they are now.
   * @throws TailEnded `rights` where there are none any more.
   */
  refresh(): Scope;
  /** Grows when the rights have changed. */
  readonly version: number;
  /** Whose events may be for it, by the rights at the last `refresh`. */
  tenants(): '*' | readonly string[];
  /** By the rights at the last `refresh`. */
  reaches(event: TailedEvent): boolean;
  /** Whether it is what was asked for, rights included. */
  passes(event: TailedEvent): boolean;
}

export function createMatcher(options: FollowOptions): Matcher {
  const { tenant, source, filter } = options;
  const { backfill } = options.from;
  const passesFilter = filter === undefined ? undefined : compilePredicate(filter);
  let scope: Scope = { tenants: [] };
  let reached: ReadonlySet<string> = new Set();
  let version = 0;

  function reaches({ tenants }: TailedEvent): boolean {
    if (tenant !== undefined)
      return tenants.includes(tenant) && (scope.tenants === '*' || reached.has(tenant));
    return scope.tenants === '*' || tenants.some((each) => reached.has(each));
  }

  function isLateEnough(event: TailedEvent): boolean {
    if (backfill === undefined || event.offset >= (backfill.until.get(event.partition) ?? 0)) return true;
    return event.eventMs >= Math.ceil(backfill.fromMs);
  }

  return {
    refresh() {
      const now = options.scope();
      if (now === undefined)
        throw new TailEnded('rights', 'the right to read these events is gone: ask for a key that has it');
      if (!isSame(now.tenants, scope.tenants)) {
        scope = now.tenants === '*' ? now : { tenants: [...now.tenants] };
        reached = new Set(now.tenants === '*' ? [] : now.tenants);
        version += 1;
      }
      return scope;
    },
    get version() {
      return version;
    },
    tenants() {
      if (tenant === undefined) return scope.tenants;
      return scope.tenants === '*' || reached.has(tenant) ? [tenant] : [];
    },
    reaches,
    passes: (event) =>
      (source === undefined || event.source === source) &&
      reaches(event) &&
      isLateEnough(event) &&
      (passesFilter === undefined || passesFilter(event.event)),
  };
}

function isSame(left: Scope['tenants'], right: Scope['tenants']): boolean {
  if (left === right) return true;
  if (left === '*' || right === '*' || left.length !== right.length) return false;
  return left.every((tenant, index) => tenant === right[index]);
}
