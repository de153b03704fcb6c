import { InputError } from './input-error.ts';
import type { Chunks } from './put-back.ts';

/** Most bytes of a JSON or XML document, unpacked: it is held in memory whole. NDJSON has no such limit. */
export const maxDocumentBytes = 64 * 1024 * 1024;

/** Reads a document whole. Throws `InputError` when it is longer than `limit` bytes. */
export async function readDocument(chunks: Chunks, limit: number = maxDocumentBytes): Promise<Buffer> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > limit) {
      throw new InputError(
        `the document has more than ${Math.floor(limit / 1024 ** 2)} MiB, the most that is read as one; split it, or write one event per line (NDJSON), which may be of any size`,
      );
    }
    read.push(chunk);
  }
  return Buffer.concat(read);
}
