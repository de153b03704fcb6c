/** Manifests, signatures and heads out of a place: small files, read whole. */
import { readBounded } from '@cadf-pipeline/federation';
import type { SegmentReader } from '@cadf-pipeline/federation';
import { Refused } from './refused.ts';

/** Throws `Refused` (`segment-missing`) where it is not there. */
export async function readPart(
  reader: SegmentReader,
  name: string,
  most: number,
  sequence: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const bytes = await readWhole(reader, name, most, signal);
  if (bytes !== undefined) return bytes;
  throw new Refused('segment-missing', `Segment ${sequence} is not there whole: ${name} is missing.`, {
    file: name,
    sequence,
  });
}

/** Undefined where it is not there. One byte more than may be, where it is larger: the verifier says so. */
export async function readWhole(
  reader: SegmentReader,
  name: string,
  most: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const chunks = await reader.read(name, signal);
  if (chunks === undefined) return undefined;
  return (await readBounded(chunks, most)) ?? Buffer.alloc(most + 1);
}
