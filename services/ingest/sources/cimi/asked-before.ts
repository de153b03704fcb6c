/** Who asked for what, by the events of access: jobs name nobody, and a request and its job are close in time. */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';

export interface AskedBefore {
  /** How many accesses are remembered. */
  readonly size: number;
  /** `action` in CADF's words on a resource, absolute. Reading asks for no job, so it is not remembered. */
  remember(action: string, key: string, who: Resource, epochMs: number): void;
  /** Who alone asked for it at most CLOSE_MS before or after. */
  whoAsked(action: string, key: string, epochMs: number): Resource | undefined;
  clear(): void;
}

const CLOSE_MS = 5000;
/** Of log time: later states of a job are still told with who asked for it. */
const WINDOW_MS = 900_000;
const MAX_REMEMBERED = 10_000;

interface Access {
  readonly who: Resource;
  readonly epochMs: number;
  /** Another one asked for the same within the window: then nobody can be told. */
  readonly isDoubtful: boolean;
}

export function createAskedBefore(): AskedBefore {
  const accesses = createOpenOperations<Access>({ windowMs: WINDOW_MS, maxOperations: MAX_REMEMBERED });
  return {
    get size() {
      return accesses.size;
    },
    remember(action, key, who, epochMs) {
      accesses.expire(epochMs);
      if (action === 'unknown' || rootOf(action) === 'read') return;
      const place = `${rootOf(action)} ${key}`;
      const before = accesses.peek(place);
      const isDoubtful = before !== undefined && (before.isDoubtful || before.who.id !== who.id);
      accesses.begin(place, { who, epochMs, isDoubtful }, epochMs);
    },
    whoAsked(action, key, epochMs) {
      const access = accesses.peek(`${rootOf(action)} ${key}`);
      const isClose = access !== undefined && Math.abs(access.epochMs - epochMs) <= CLOSE_MS;
      return isClose && !access.isDoubtful ? access.who : undefined;
    },
    clear: () => accesses.clear(),
  };
}

function rootOf(action: string): string {
  return action.split('/', 1)[0] ?? '';
}
