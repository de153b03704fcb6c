/**
 * Machines whose start was read and whose stop was not: a stop says neither name nor UUID. Where the log's name is told
 * (a file, a setting) a machine is told by it; where not, a stop is taken for the one machine that runs, and for nobody's
 * as soon as two do.
 */
import type { Resource } from '@cadf-pipeline/cadf-model';
import { createOpenOperations } from '../../src/normalize/open-operations.ts';
import type { RawRecord } from '../../src/source.ts';

/** A machine may run long, and its log is short: time of the log. */
const WINDOW_MS = 7 * 86_400_000;

export interface Running {
  readonly target: Resource;
  /** Of the start event, which a failure to start is a version of. */
  readonly identity: readonly string[];
  readonly record: RawRecord;
  /** The emigration that was begun, which a stop for that reason is a version of. */
  readonly migration?: { readonly identity: readonly string[]; readonly record: RawRecord };
}

export interface RunningGuests {
  readonly size: number;
  begin(host: string, name: string, running: Running, epochMs: number): void;
  /** `name` undefined: the only one. */
  find(host: string, name: string | undefined): Running | undefined;
  end(host: string, name: string | undefined): Running | undefined;
  expire(epochMs: number): void;
  clear(): void;
}

export function createRunningGuests(): RunningGuests {
  const open = createOpenOperations<Running>({ windowMs: WINDOW_MS });
  let lastKey = '';
  /** Two have run at once, and since then it is not known which one stopped. */
  let isAmbiguous = false;

  function keyOf(host: string, name: string | undefined): string {
    if (name !== undefined) return `${host}\n${name}`;
    return open.size === 1 && !isAmbiguous && lastKey.startsWith(`${host}\n`) ? lastKey : '';
  }

  function settle(): void {
    if (open.size === 0) isAmbiguous = false;
  }

  return {
    get size() {
      return open.size;
    },
    begin(host, name, running, epochMs) {
      lastKey = `${host}\n${name}`;
      open.begin(lastKey, running, epochMs);
      if (open.size > 1) isAmbiguous = true;
    },
    find: (host, name) => open.peek(keyOf(host, name)),
    end(host, name) {
      const found = open.end(keyOf(host, name));
      settle();
      return found;
    },
    expire(epochMs) {
      open.expire(epochMs);
      settle();
    },
    clear() {
      open.clear();
      settle();
    },
  };
}
