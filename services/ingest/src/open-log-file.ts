/** A log file held open: reads on behind what was read, and notices when its content was replaced. */
import type { FileHandle } from 'node:fs/promises';
import { HEAD_BYTES, openForReading, readHead, toHead, toIdentity } from './rotated-files.ts';
import type { FileCheckpoint } from './rotated-files.ts';

const CHUNK_BYTES = 256 * 1024;

export interface OpenLogFile {
  /** `<device>:<inode>`. */
  readonly file: string;
  /** Offset of the next byte to read; of a compressed file, in what is unpacked. */
  readonly offset: number;
  /** When it was last written to, as seen last; milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Nothing more will be written to it: it was compressed. */
  readonly isFinished: boolean;
  /**
   * The next bytes; `end` when there are none now; `replaced` when the file was truncated and begun anew; `damaged` when
   * what is left of a compressed file cannot be unpacked.
   */
  read(): Promise<Buffer | 'end' | 'replaced' | 'damaged'>;
  checkpoint(offset: number): FileCheckpoint;
  close(): Promise<void>;
}

/**
 * Opens a file at an offset. Undefined when there is none of that name, or `isWanted` says that it is another one:
 * names move during a rotation, so what was found by name is asked again once it is open.
 */
export async function openLogFile(
  path: string,
  offset: number,
  isWanted: (found: Identity) => boolean = () => true,
): Promise<OpenLogFile | undefined> {
  const handle = await openForReading(path);
  if (handle === undefined) return undefined;
  try {
    const found = { ...toIdentity(await handle.stat({ bigint: true })), head: await readHead(handle) };
    // What was looked at is what later reads are held against: the content may be replaced right now.
    if (isWanted(found)) return wrap(handle, offset, found);
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

export interface Identity {
  readonly file: string;
  readonly size: number;
  readonly head: Buffer;
}

function wrap(
  handle: FileHandle,
  start: number,
  found: Identity & { readonly modifiedMs: number },
): OpenLogFile {
  const { file } = found;
  let { head, modifiedMs } = found;
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
    get modifiedMs() {
      return modifiedMs;
    },
    isFinished: false,
    async read() {
      // Many files are held open at a time: room is made only where there is something to read.
      const { size } = await handle.stat();
      const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(CHUNK_BYTES, size - offset)));
      const { bytesRead } =
        buffer.length === 0 ? { bytesRead: 0 } : await handle.read(buffer, 0, buffer.length, offset);
      const stats = toIdentity(await handle.stat({ bigint: true }));
      const touched = stats.modifiedMs !== modifiedMs || bytesRead > 0 || head.length < HEAD_BYTES;
      if (stats.size < offset || (touched && !(await isSame()))) return 'replaced';
      modifiedMs = stats.modifiedMs;
      if (bytesRead === 0) return 'end';
      offset += bytesRead;
      return buffer.subarray(0, bytesRead);
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
