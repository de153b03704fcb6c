/** A log file held open: reads on behind what was read, and notices when its content was replaced. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { HEAD_BYTES, isMissing, readHead, toHead, toIdentity } from './rotated-files.ts';
import type { FileCheckpoint } from './rotated-files.ts';

const CHUNK_BYTES = 256 * 1024;

export interface OpenLogFile {
  /** `<device>:<inode>`. */
  readonly file: string;
  /** Offset of the next byte to read. */
  readonly offset: number;
  /** The next bytes; `end` when there are none now; `replaced` when the file was truncated and begun anew. */
  read(): Promise<Buffer | 'end' | 'replaced'>;
  checkpoint(offset: number): FileCheckpoint;
  close(): Promise<void>;
}

/** Undefined when there is no such file. */
export async function openLogFile(path: string, offset: number): Promise<OpenLogFile | undefined> {
  const handle = await openForReading(path);
  if (handle === undefined) return undefined;
  try {
    return await wrap(handle, offset);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openForReading(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function wrap(handle: FileHandle, start: number): Promise<OpenLogFile> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const { file, modifiedMs: openedMs } = toIdentity(await handle.stat({ bigint: true }));
  let modifiedMs = openedMs;
  let head = await readHead(handle);
  let headDigest = toHead(head);
  let offset = start;

  /**
   * Whether the file still begins as it did. Asked after each read: what was read before the answer belongs to the
   * file the answer is about.
   */
  async function isSame(): Promise<boolean> {
    const now = await readHead(handle);
    if (!now.subarray(0, head.length).equals(head)) return false;
    if (now.length > head.length) {
      head = now;
      headDigest = toHead(head);
    }
    return true;
  }

  return {
    file,
    get offset() {
      return offset;
    },
    async read() {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
      const stats = toIdentity(await handle.stat({ bigint: true }));
      const touched = stats.modifiedMs !== modifiedMs || bytesRead > 0 || head.length < HEAD_BYTES;
      if (stats.size < offset || (touched && !(await isSame()))) return 'replaced';
      modifiedMs = stats.modifiedMs;
      if (bytesRead === 0) return 'end';
      offset += bytesRead;
      return Buffer.from(buffer.subarray(0, bytesRead));
    },
    checkpoint: (done) => ({ file, offset: done, head: headDigest, modifiedMs }),
    close: () => handle.close(),
  };
}

/** The offset behind the last line end within `maxBytes` of the end, else the end; 0 when there is no such file. */
export async function lastLineEnd(path: string, maxBytes: number): Promise<number> {
  const handle = await openForReading(path);
  if (handle === undefined) return 0;
  try {
    const { size } = await handle.stat();
    const block = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0 && size - end < maxBytes;) {
      const start = Math.max(0, end - block.length);
      const { bytesRead } = await handle.read(block, 0, end - start, start);
      const found = block.subarray(0, bytesRead).lastIndexOf(10);
      if (found >= 0) return start + found + 1;
      end = start;
    }
    return size <= maxBytes ? 0 : size;
  } finally {
    await handle.close();
  }
}
