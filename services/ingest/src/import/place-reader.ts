/** A place of files as verification reads it: what is not there is undefined, what cannot be read is thrown. */
import { PlaceUnreadable } from '@cadf-pipeline/federation';
import type { SegmentReader } from '@cadf-pipeline/federation';
import { FilePlaceError } from '@cadf-pipeline/file-places';
import type { FilePlace } from '@cadf-pipeline/file-places';

export function placeReader(place: FilePlace): SegmentReader {
  return {
    description: place.title,
    read: (name, signal) => readOrUndefined(place, name, signal),
    async *list(signal) {
      for await (const { name } of place.list(signal === undefined ? {} : { signal })) yield name;
    },
  };
}

/** Throws `PlaceUnreadable`, also while it is read. */
export async function readOrUndefined(
  place: FilePlace,
  name: string,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Buffer> | undefined> {
  const parts = place.read(name, signal === undefined ? {} : { signal })[Symbol.asyncIterator]();
  try {
    const first = await parts.next();
    return joined(first, parts);
  } catch (error) {
    if (error instanceof FilePlaceError && error.fault === 'not-found') return undefined;
    throw asUnreadable(error);
  }
}

export function asUnreadable(error: unknown): unknown {
  return error instanceof FilePlaceError ? new PlaceUnreadable(error.message, { cause: error }) : error;
}

async function* joined(
  first: IteratorResult<Buffer, unknown>,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    await rest.return?.();
  }
}
