/** Holds the bytes of a content file against what its manifest says of it. */
import { VerifyFault } from './fault.ts';
import type { Fault, FaultCode } from './fault.ts';
import { countLines, createBlockHashes, createCountedHash } from './file-digest.ts';
import type { ManifestFile } from './segment-manifest.ts';
import { unpack, UnpackError } from './unpack.ts';

type Chunks = AsyncIterable<Uint8Array>;

/**
 * The content of a file, unpacked where it is packed, as it is read: in memory that does not grow; each piece is good until
 * the next is asked for. **Nothing of it is
 * proven before the end**: throws VerifyFault (`content-changed`, `count-differs`) there, or as soon as more comes than was
 * signed. Errors of `chunks` pass through.
 */
export async function* unpackContent(file: ManifestFile, chunks: Chunks): AsyncGenerator<Buffer> {
  const stored = createCountedHash();
  const content = file.compression === undefined ? stored : createCountedHash();
  const lines = countLines();
  const most = file.contentBytes ?? file.bytes;
  let unpacked = 0;
  for await (const chunk of unpacking(file, hashed(file, chunks, stored))) {
    unpacked += chunk.length;
    if (unpacked > most) throw changed(file, `It is longer than the ${most} bytes that were signed.`);
    if (content !== stored) content.add(chunk);
    if (file.lines) lines.add(chunk);
    yield chunk;
  }
  const isStored = stored.end();
  if (isStored.sha256 !== file.sha256 || isStored.bytes !== file.bytes) {
    const message =
      isStored.bytes === file.bytes
        ? 'Its bytes are not those that were signed.'
        : `It has ${isStored.bytes} bytes, not the ${file.bytes} that were signed.`;
    throw changed(file, message, file.sha256, isStored.sha256);
  }
  if (file.contentSha256 !== undefined) {
    const isContent = content.end();
    if (isContent.sha256 !== file.contentSha256 || isContent.bytes !== most) {
      throw changed(
        file,
        'What is packed in it is not what was signed.',
        file.contentSha256,
        isContent.sha256,
      );
    }
  }
  const counted = lines.end();
  if (file.lines && counted !== file.count) {
    const message = `It has ${counted} events, its manifest says ${file.count}.`;
    throw fault('count-differs', file, message, String(file.count), String(counted));
  }
}

/** Reads a file to its end. Throws as `unpackContent`. */
export async function checkContent(file: ManifestFile, chunks: Chunks): Promise<void> {
  for await (const chunk of unpackContent(file, chunks)) void chunk;
}

/**
 * Between which lines of a changed file the first change is, both included; undefined where the manifest holds no blocks
 * for it or the lines are all as they were. Reads up to the first block that differs.
 */
export async function locateChange(file: ManifestFile, chunks: Chunks): Promise<Fault['lines']> {
  const { blocks } = file;
  if (blocks === undefined) return undefined;
  const found = createBlockHashes(blocks.lines);
  const most = file.contentBytes ?? file.bytes;
  let unpacked = 0;
  try {
    for await (const chunk of unpacking(file, chunks)) {
      found.add(chunk);
      unpacked += chunk.length;
      if (differs(found.done) !== undefined || unpacked > most) break;
    }
  } catch (error) {
    if (!(error instanceof VerifyFault)) throw error;
  }
  const whole = found.end().sha256;
  const block = differs(whole) ?? whole.length;
  // The same lines, packed in another way.
  if (whole.length === blocks.sha256.length && block === whole.length) return undefined;
  const from = block * blocks.lines + 1;
  return { from, to: Math.max(from, Math.min(file.count, from + blocks.lines - 1)) };

  function differs(hashes: readonly string[]): number | undefined {
    const at = hashes.findIndex((hash, index) => hash !== blocks?.sha256[index]);
    return at === -1 ? undefined : at;
  }
}

async function* hashed(
  file: ManifestFile,
  chunks: Chunks,
  stored: ReturnType<typeof createCountedHash>,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > file.bytes)
      throw changed(file, `It is longer than the ${file.bytes} bytes that were signed.`);
    stored.add(chunk);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

async function* unpacking(file: ManifestFile, chunks: Chunks): AsyncGenerator<Buffer> {
  const { compression } = file;
  if (compression === undefined) {
    for await (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return;
  }
  try {
    yield* unpack(compression, chunks);
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error;
    throw changed(file, `It cannot be unpacked: ${error.message}.`);
  }
}

function changed(file: ManifestFile, message: string, expected = file.sha256, found?: string): VerifyFault {
  return fault('content-changed', file, message, expected, found);
}

function fault(
  code: FaultCode,
  { name }: ManifestFile,
  message: string,
  expected: string,
  found?: string,
): VerifyFault {
  return new VerifyFault({
    code,
    file: name,
    expected,
    ...(found === undefined ? {} : { found }),
    message,
  });
}
