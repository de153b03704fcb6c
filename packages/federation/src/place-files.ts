/** Which files are in a place beside those that are read: what is missing, what is too much. */
import { VerifyFault } from './fault.ts';
import { readBounded } from './read-bounded.ts';
import type { ChainHead } from './segment-manifest.ts';
import { HEAD_NAME, manifestName, sequenceOfContent, sequenceOfManifest } from './segment-names.ts';
import type { SegmentReader } from './segment-reader.ts';

/** How many numbers behind a missing segment are asked for where the place cannot list. */
const PROBED = 16;

/** What stands behind the head, if anything: the name of a manifest or of its signature. */
export async function findBehind(
  reader: SegmentReader,
  head: ChainHead,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (reader.list === undefined) {
    const next = manifestName(head.sequence + 1);
    return (await exists(reader, next, signal)) ? next : undefined;
  }
  let behind: string | undefined;
  for await (const name of reader.list(signal)) {
    if ((sequenceOfManifest(name) ?? 0) <= head.sequence) continue;
    if (behind === undefined || name < behind) behind = name;
  }
  return behind;
}

/**
 * Names of other files are faults, but for hidden ones, those of segments not looked at, and content of the next segment
 * of a chain that goes on: its manifest comes later. Answers how many those are.
 */
export async function checkOtherFiles(
  reader: SegmentReader,
  head: ChainHead,
  begin: number,
  names: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<number> {
  let unfinished = 0;
  let unknown: string | undefined;
  for await (const name of reader.list?.(signal) ?? []) {
    if (name.startsWith('.') || name === HEAD_NAME || names.has(name)) continue;
    const sequence = sequenceOfManifest(name);
    if (sequence !== undefined && sequence >= 1) continue;
    const segment = sequenceOfContent(name) ?? 0;
    if (segment >= 1 && segment <= begin) continue;
    if (segment === head.sequence + 1 && !head.final) unfinished++;
    else if (unknown === undefined || name < unknown) unknown = name;
  }
  if (unknown === undefined) return unfinished;
  const sequence = sequenceOfContent(unknown);
  throw new VerifyFault({
    code: 'file-unknown',
    ...(sequence === undefined ? {} : { sequence }),
    file: unknown,
    message: 'No manifest names it.',
  });
}

/** The fault of a manifest, or of its signature, that is not there: `truncated` where nothing later is. */
export async function missingFile(
  reader: SegmentReader,
  file: string,
  sequence: number,
  head: ChainHead,
  signal: AbortSignal | undefined,
): Promise<VerifyFault> {
  const isSigned = file !== manifestName(sequence);
  if (isSigned || (await hasLater(reader, sequence, head, signal))) {
    const message = `Segment ${sequence} is missing${isSigned ? ' its signature' : ''}; the head names ${head.sequence} as the last.`;
    return new VerifyFault({ code: 'segment-missing', sequence, file, message });
  }
  return new VerifyFault({
    code: 'truncated',
    sequence,
    file,
    expected: `segments up to ${head.sequence}`,
    found: `segments up to ${sequence - 1}`,
    message: `The chain ends with segment ${sequence - 1}, but its signed head names segment ${head.sequence} as the last.`,
  });
}

async function hasLater(
  reader: SegmentReader,
  sequence: number,
  head: ChainHead,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (reader.list !== undefined) {
    for await (const name of reader.list(signal)) {
      if ((sequenceOfManifest(name) ?? 0) > sequence) return true;
    }
    return false;
  }
  for (let next = sequence + 1; next <= Math.min(sequence + PROBED, head.sequence); next++) {
    if (await exists(reader, manifestName(next), signal)) return true;
  }
  return head.sequence > sequence + PROBED && exists(reader, manifestName(head.sequence), signal);
}

async function exists(
  reader: SegmentReader,
  name: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const chunks = await reader.read(name, signal);
  if (chunks === undefined) return false;
  await readBounded(chunks, 0);
  return true;
}
