/** Where each followed file has got to, kept in a compacted topic: known after a restart, wherever that is. */
import { firstOffsets } from '@cadf-pipeline/event-stream';
import type { EventStream } from '@cadf-pipeline/event-stream';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { FileCheckpoint } from '../rotated-files.ts';
import { CHECKPOINTS_TOPIC } from '../topics.ts';

const Checkpoint = Type.Object({
  file: Type.String({ maxLength: 256 }),
  offset: Type.Integer({ minimum: 0 }),
  head: Type.Object({
    bytes: Type.Integer({ minimum: 0 }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  }),
  modifiedMs: Type.Number(),
});

export interface Checkpoints {
  get(source: string, path: string): FileCheckpoint | undefined;
  /** Whether any file of a source was begun. */
  has(source: string): boolean;
  /** Resolves when it is durable. */
  put(source: string, path: string, checkpoint: FileCheckpoint): Promise<void>;
  /** The file was deleted: one of that name is a new one. Resolves when that is durable. */
  forget(source: string, path: string): Promise<void>;
}

/** Reads what is there. */
export async function loadCheckpoints(stream: EventStream): Promise<Checkpoints> {
  const known = new Map<string, FileCheckpoint>();
  const from = await firstOffsets(stream, CHECKPOINTS_TOPIC);
  for await (const batch of stream.read(CHECKPOINTS_TOPIC, { from, follow: false })) {
    for (const { key, value } of batch.records) {
      const checkpoint = value === null ? undefined : parse(value);
      // One that cannot be read means reading the file again: ids make what was taken duplicates.
      if (checkpoint === undefined) known.delete(key);
      else known.set(key, checkpoint);
    }
  }
  return {
    get: (source, path) => known.get(keyOf(source, path)),
    has: (source) => [...known.keys()].some((key) => key.startsWith(keyOf(source, ''))),
    async put(source, path, checkpoint) {
      const key = keyOf(source, path);
      await stream.append(CHECKPOINTS_TOPIC, {
        records: [{ key, value: Buffer.from(JSON.stringify(checkpoint)) }],
      });
      known.set(key, checkpoint);
    },
    async forget(source, path) {
      const key = keyOf(source, path);
      if (!known.has(key)) return;
      await stream.append(CHECKPOINTS_TOPIC, { records: [{ key, value: null }] });
      known.delete(key);
    },
  };
}

function keyOf(source: string, path: string): string {
  return `${source}\n${path}`;
}

function parse(value: Buffer): FileCheckpoint | undefined {
  try {
    const checkpoint: unknown = JSON.parse(value.toString());
    return Value.Check(Checkpoint, checkpoint) ? checkpoint : undefined;
  } catch {
    return undefined;
  }
}
