/** Appends to the segments of a spool: what is written together is synced together. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ClientError, clientCodes } from '../client-error.ts';
import { segmentFile, syncFolder } from './spool-files.ts';

export interface SpoolWriter {
  /** Resolves when the bytes are durable. Throws ClientError CLIENT_SPOOL_FAILED. */
  append(bytes: Buffer): Promise<void>;
  /** The segment that is written to; undefined between two. */
  readonly current: number | undefined;
  /** What was given is durable afterwards, or refused. */
  close(): Promise<void>;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly done: () => void;
  readonly failed: (error: ClientError) => void;
}

export interface SpoolWriterOptions {
  readonly dir: string;
  readonly next: number;
  /** Past it a new segment is begun. */
  readonly segmentBytes: number;
  /** Told of each write that is durable. */
  readonly onDurable: (segment: number, bytes: number, events: number) => void;
}

export function createSpoolWriter({ dir, next, segmentBytes, onDurable }: SpoolWriterOptions): SpoolWriter {
  let waiting: Waiting[] = [];
  let file: { readonly handle: FileHandle; readonly segment: number } | undefined;
  let length = 0;
  let number = next;
  let writing: Promise<void> | undefined;

  async function write(bytes: Buffer, events: number): Promise<void> {
    if (file === undefined) {
      const segment = number++;
      file = { handle: await open(segmentFile(dir, segment), 'ax', 0o600), segment };
      length = 0;
      await syncFolder(dir);
    }
    const { handle, segment } = file;
    await handle.appendFile(bytes);
    await handle.datasync();
    length += bytes.length;
    onDurable(segment, bytes.length, events);
    if (length >= segmentBytes) await roll();
  }

  async function roll(): Promise<void> {
    const ended = file;
    file = undefined;
    await ended?.handle.close();
  }

  /** What a failed write left is cut off; where that fails too, readers find it damaged. Either way a new file follows. */
  async function giveUp(): Promise<void> {
    await file?.handle.truncate(length).catch(() => {});
    await roll().catch(() => {});
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await write(Buffer.concat(group.map(({ bytes }) => bytes)), group.length);
        for (const { done } of group) done();
      } catch (error) {
        await giveUp();
        const reason = error instanceof Error ? error.message : String(error);
        const failure = new ClientError(
          clientCodes.CLIENT_SPOOL_FAILED,
          `The event could not be written to ${dir}: ${reason}. It is with the caller still.`,
          { cause: error },
        );
        for (const { failed } of group) failed(failure);
      }
    }
    writing = undefined;
  }

  return {
    get current() {
      return file?.segment;
    },
    append: (bytes) =>
      new Promise((done, failed) => {
        waiting.push({ bytes, done, failed });
        writing ??= writeAll();
      }),
    async close() {
      await writing;
      await roll();
    },
  };
}
