/**
 * What is written in a transaction counts when it is committed, not before: xenstored makes a tool try again where two
 * were in each other's way. Changes wait here for the end of their transaction; those of one device become one.
 *
 * Nothing here depends on when records arrive.
 */
import type { EventTime } from '../../src/normalize/event-time.ts';
import type { RawRecord } from '../../src/source.ts';
import type { AccessLine } from './access-line.ts';
import type { Meaning } from './meaning.ts';

export type Change = Extract<Meaning, { kind: 'change' | 'device' }>;

export interface PendingChange {
  /** The record that decided it first. */
  readonly records: readonly RawRecord[];
  readonly host: string;
  readonly line: AccessLine;
  readonly time: EventTime;
  readonly change: Change;
}

/** A transaction of a tool takes milliseconds. Of log time. */
const WINDOW_MS = 60_000;
const MAX_CHANGES = 256;
const MAX_TRANSACTIONS = 256;

export interface PendingWrites {
  /** Records that wait. */
  readonly size: number;
  isOpen(transaction: string): boolean;
  begin(transaction: string, epochMs: number): void;
  /** False where it has to count at once, since too many wait. `part`: a further record of a device that already waits. */
  add(transaction: string, pending: PendingChange): 'waits' | 'part' | 'full';
  end(transaction: string): readonly PendingChange[];
  /** Changes of transactions whose end is not to be expected any more. */
  expire(epochMs: number): readonly PendingChange[];
  clear(): readonly PendingChange[];
}

interface Transaction {
  readonly beganMs: number;
  readonly changes: Map<string, PendingChange>;
}

export function createPendingWrites(): PendingWrites {
  const open = new Map<string, Transaction>();

  function begin(transaction: string, epochMs: number): Transaction {
    const begun = { beganMs: epochMs, changes: new Map<string, PendingChange>() };
    open.set(transaction, begun);
    return begun;
  }

  function keyOf({ change, line }: PendingChange): string {
    return change.kind === 'device'
      ? `${change.domain} ${change.device}`
      : `${change.domain} ${change.rule} ${line.argument}`;
  }

  return {
    get size() {
      let size = 0;
      for (const { changes } of open.values()) {
        // An empty transaction of the C trace waits as well: what comes in it belongs to it.
        size += 1;
        for (const { records } of changes.values()) size += records.length;
      }
      return size;
    },
    isOpen: (transaction) => open.has(transaction),
    begin(transaction, epochMs) {
      if (!open.has(transaction) && open.size < MAX_TRANSACTIONS) begin(transaction, epochMs);
    },
    add(transaction, pending) {
      let found = open.get(transaction);
      if (found === undefined) {
        if (open.size >= MAX_TRANSACTIONS) return 'full';
        found = begin(transaction, pending.time.epochMs);
      }
      const { changes } = found;
      const key = keyOf(pending);
      const before = changes.get(key);
      if (before === undefined) {
        if (changes.size >= MAX_CHANGES) return 'full';
        changes.set(key, pending);
        return 'waits';
      }
      // A tool clears the place of a device before it makes it.
      const isRemade =
        before.change.kind === 'device' &&
        before.change.isRemoval &&
        pending.change.kind === 'device' &&
        !pending.change.isRemoval;
      if (!isRemade) return 'part';
      changes.set(key, { ...pending, records: [...pending.records, ...before.records] });
      return 'waits';
    },
    end(transaction) {
      const changes = open.get(transaction)?.changes;
      open.delete(transaction);
      return changes === undefined ? [] : [...changes.values()];
    },
    expire(epochMs) {
      const late: PendingChange[] = [];
      for (const [transaction, { beganMs, changes }] of open) {
        if (beganMs + WINDOW_MS >= epochMs) break;
        open.delete(transaction);
        late.push(...changes.values());
      }
      return late;
    },
    clear() {
      const all = [...open.values()].flatMap(({ changes }) => [...changes.values()]);
      open.clear();
      return all;
    },
  };
}
