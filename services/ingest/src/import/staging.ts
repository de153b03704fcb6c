/**
 * Copies of what is being verified. What was hashed is what is read afterwards: whoever can write to the place cannot
 * change it in between. Nothing in it outlives the run that made it.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { contentOfFile } from '@cadf-pipeline/file-places';

export interface StagedFile {
  readonly path: string;
  /** As they came, packed or not. */
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  read(): AsyncIterable<Buffer>;
}

export interface Staging {
  /** Writes what comes to a file of its own, and hands it on. Throws `TooLarge`, and what `chunks` throws. */
  through(number: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  /** All of it. Throws as `through`. */
  take(number: number, chunks: AsyncIterable<Uint8Array>): Promise<StagedFile>;
  /** What was written under this number. */
  read(number: number): AsyncIterable<Buffer>;
  /** Removes everything, and begins anew. */
  clear(): Promise<void>;
  /** Removes everything. */
  end(): Promise<void>;
}

/** More than is kept at a time. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** `maxBytes`: of all files together. */
export function createStaging(directory: string, maxBytes: number): Staging {
  let total = 0;
  const pathOf = (number: number): string => join(directory, String(number));
  const read = (number: number): AsyncIterable<Buffer> => contentOfFile(pathOf(number));

  async function* through(number: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const file = await open(pathOf(number), 'wx', 0o600);
    try {
      for await (const chunk of chunks) {
        total += chunk.length;
        if (total > maxBytes)
          throw new TooLarge(
            `It has more than ${maxBytes} bytes: raise CADF_IMPORT_MAX_BYTES, or have it made in smaller parts.`,
          );
        await file.writeFile(chunk);
        yield chunk;
      }
    } finally {
      await file.close();
    }
  }

  return {
    through,
    read,
    async take(number, chunks) {
      const sha256 = createHash('sha256');
      let bytes = 0;
      for await (const chunk of through(number, chunks)) {
        sha256.update(chunk);
        bytes += chunk.length;
      }
      return { path: pathOf(number), bytes, sha256: sha256.digest('hex'), read: () => read(number) };
    },
    async clear() {
      total = 0;
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
    },
    end: () => rm(directory, { recursive: true, force: true }),
  };
}
