/**
 * The LMDB environment of a stream: `frames` (key: topic id u32, partition u16, base offset u64, big-endian,
 * so that byte order is reading order) and `meta` (JSON under text keys).
 *
 * Every write is one transaction that LMDB syncs before its promise resolves: data pages first, then the meta
 * page that makes them visible, so a power cut leaves the last commit or the one before, never a mixture.
 * `overlappingSync` is off: measured slower for large frames, and it gives up that plain order.
 */
import { type Database, open, type RootDatabase } from 'lmdb';

/** One change inside a transaction. */
export type FrameChange =
  | {
      readonly kind: 'put-frame';
      readonly topicId: number;
      readonly partition: number;
      readonly base: number;
      readonly bytes: Buffer;
    }
  | {
      readonly kind: 'remove-frame';
      readonly topicId: number;
      readonly partition: number;
      readonly base: number;
    }
  | { readonly kind: 'put-meta'; readonly key: string; readonly value: unknown };

export interface FrameStore {
  /** Applies all changes in one synced transaction, or none. Rejects with LMDB's error (disk full, I/O). */
  write(changes: readonly FrameChange[]): Promise<void>;
  getMeta(key: string): unknown;
  listMeta(prefix: string): { key: string; value: unknown }[];
  /** The frame with the greatest base at or below `offset`. */
  frameAt(topicId: number, partition: number, offset: number): Buffer | undefined;
  /** The frame with the smallest base at or above `offset`. */
  frameFrom(topicId: number, partition: number, offset: number): Buffer | undefined;
  close(): Promise<void>;
}

const KEY_BYTES = 14;
const MAX_OFFSET = Number.MAX_SAFE_INTEGER;

/** Opens (or makes) the environment at `path` with `mapBytes` of address space reserved for it. */
export function openFrameStore(path: string, mapBytes: number): FrameStore {
  const root: RootDatabase<unknown, string> = open({
    path: `${path}/log.mdb`,
    noSubdir: true,
    overlappingSync: false,
    mapSize: mapBytes,
    maxDbs: 4,
    noMemInit: true,
    // Group commit is ours (frame-writer.ts); the library's own leaves a promise that nobody can handle.
    eventTurnBatching: false,
  });
  const frames: Database<Buffer, Buffer> = root.openDB({
    name: 'frames',
    keyEncoding: 'binary',
    encoding: 'binary',
  });
  const meta: Database<unknown, string> = root.openDB({ name: 'meta', encoding: 'json' });

  function firstKey(start: Buffer, end: Buffer, reverse: boolean): Buffer | undefined {
    for (const key of frames.getKeys({ start, end, reverse, limit: 1 })) return key;
    return undefined;
  }

  function get(key: Buffer | undefined): Buffer | undefined {
    const found = key === undefined ? undefined : frames.getBinary(key);
    // LMDB answers a copy of its own as a plain Uint8Array.
    return found === undefined ? undefined : Buffer.from(found.buffer, found.byteOffset, found.length);
  }

  return {
    async write(changes) {
      if (changes.length === 0) return;
      const single: Promise<boolean>[] = [];
      const all = root.batch(() => {
        for (const change of changes) single.push(apply(change));
      });
      // A failed transaction rejects the promise of each of its writes as well; one report is enough.
      const settled = await Promise.allSettled([all, ...single]);
      root.resetReadTxn();
      const refused = settled.filter((outcome) => outcome.status === 'rejected');
      const [cause] = await Promise.all(refused.map((outcome) => causeOf(outcome.reason)));
      if (refused.length > 0) throw cause;
    },
    getMeta: (key) => meta.get(key),
    listMeta(prefix) {
      const found: { key: string; value: unknown }[] = [];
      for (const entry of meta.getRange({ start: prefix, end: `${prefix}\u{10ffff}` })) found.push(entry);
      return found;
    },
    frameAt(topicId, partition, offset) {
      const exact = frameKey(topicId, partition, offset);
      return get(firstKey(exact, frameKey(topicId, partition, -1), true));
    },
    frameFrom(topicId, partition, offset) {
      return get(
        firstKey(frameKey(topicId, partition, offset), frameKey(topicId, partition, MAX_OFFSET), false),
      );
    },
    async close() {
      await root.close();
    },
  };

  function apply(change: FrameChange): Promise<boolean> {
    switch (change.kind) {
      case 'put-frame':
        return frames.put(frameKey(change.topicId, change.partition, change.base), change.bytes);
      case 'remove-frame':
        return frames.remove(frameKey(change.topicId, change.partition, change.base));
      case 'put-meta':
        return meta.put(change.key, change.value);
    }
  }
}

/** Offset -1 makes a key before every frame of the partition. */
function frameKey(topicId: number, partition: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key.writeUInt32BE(topicId, 0);
  key.writeUInt16BE(partition, 4);
  const place = offset + 1;
  key.writeUInt32BE(Math.floor(place / 0x1_0000_0000), 6);
  key.writeUInt32BE(place >>> 0, 10);
  return key;
}

/** The library says why a commit failed in a second promise, which has to be handled too. */
async function causeOf(reason: unknown): Promise<unknown> {
  if (reason instanceof Error && 'commitError' in reason && reason.commitError instanceof Promise)
    return reason.commitError.then(
      () => reason,
      (cause: unknown) => cause,
    );
  return reason;
}
