/** What the thread that writes and the one that asks it to say to each other. */
import type { StoreErrorCode } from '../errors.ts';
import type { ChdbStoreOptions } from '../chdb-store.ts';
import type { PackedRecords } from './packed-records.ts';

export type Request =
  | { readonly kind: 'own'; readonly partitions: readonly number[] }
  | { readonly kind: 'nextOffsets'; readonly partitions: readonly number[] }
  | { readonly kind: 'insert'; readonly records: PackedRecords }
  | { readonly kind: 'close' }
  /** The last; no answer follows but the end of the thread. */
  | { readonly kind: 'end' };

export interface Asked {
  readonly id: number;
  readonly request: Request;
}

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'offsets'; readonly next: ReadonlyMap<number, number> }
  | {
      readonly kind: 'inserted';
      readonly stored: number;
      readonly duplicates: number;
      /** By place in the insert. */
      readonly unreadable: readonly { readonly index: number; readonly reason: string }[];
    }
  | { readonly kind: 'failed'; readonly code: StoreErrorCode; readonly message: string };

export interface Answered {
  readonly id: number;
  readonly answer: Answer;
}

/** What the thread is started with. */
export interface WriterThreadData {
  readonly options: ChdbStoreOptions;
}
