/** The bytes of a file that is small: keys, signatures. */
import { createReadStream } from 'node:fs';
import { readBounded } from '@cadf-pipeline/federation';
import { InputError, toInputError } from './input-error.ts';

/** Throws InputError, naming the file: it cannot be read, or has more than `mostBytes`. */
export async function readSmallFile(file: string, mostBytes: number): Promise<Buffer> {
  const bytes = await readBounded(createReadStream(file), mostBytes).catch((error: unknown) => {
    throw naming(file, error);
  });
  if (bytes === undefined) throw new InputError(`${file}: it has more than ${mostBytes} bytes`);
  return bytes;
}

/** The error of a file, with its name where it is one for people. */
export function naming(file: string, error: unknown): unknown {
  const reason = toInputError(error);
  return reason instanceof InputError
    ? new InputError(`${file}: ${reason.message}`, { cause: error })
    : error;
}
