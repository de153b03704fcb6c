/** Verifies a chain where it is kept: its head, each segment, each file, and that there is nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createChainVerifier } from './chain-verifier.ts';
import type { ChainPoint, ChainVerifier } from './chain-verifier.ts';
import { checkContent, locateChange } from './check-content.ts';
import { checkOrigins } from './origins.ts';
import { VerifyFault } from './fault.ts';
import type { Fault } from './fault.ts';
import { checkOtherFiles, findBehind, missingFile } from './place-files.ts';
import { readBounded } from './read-bounded.ts';
import { MAX_MANIFEST_BYTES, MAX_SIGNATURE_BYTES } from './segment-manifest.ts';
import type { ChainHead, ManifestFile, SegmentManifest } from './segment-manifest.ts';
import { HEAD_NAME, manifestName, sequenceOfManifest, signatureName } from './segment-names.ts';
import type { SegmentReader } from './segment-reader.ts';
import { NOTHING_VERIFIED } from './verify-report.ts';
import type { VerifyCounts, VerifyOptions, VerifyReport } from './verify-report.ts';

const SETTLE_MS = 1000;
/** How often the head is read again while segments keep coming behind it. */
const MOST_ROUNDS = 10;

/**
 * Reports the first fault in the order head, segments by number (manifest, then files as it names them), what else is in
 * the place. Throws `PlaceUnreadable` of the reader, and the signal's reason.
 */
export async function verifyPlace(reader: SegmentReader, options: VerifyOptions): Promise<VerifyReport> {
  const done: Done = { ...NOTHING_VERIFIED };
  let fault: Fault | undefined;
  try {
    await verifyChain(reader, options, done);
  } catch (error) {
    if (!(error instanceof VerifyFault)) throw error;
    ({ fault } = error);
  }
  const { head, point, ...counts } = done;
  return {
    ...(fault === undefined ? {} : { fault }),
    ...(head === undefined ? {} : { chain: head.chain, issuer: head.issuer, head: head.jws }),
    ...(point === undefined ? {} : { point }),
    final: head?.final ?? false,
    ...counts,
  };
}

interface SignedHead extends ChainHead {
  readonly jws: string;
}

/** What is good so far. */
type Done = { -readonly [K in keyof VerifyCounts]: VerifyCounts[K] } & {
  head?: SignedHead;
  point?: ChainPoint;
};

async function verifyChain(reader: SegmentReader, options: VerifyOptions, done: Done): Promise<void> {
  const { keys, onlyNew = false, remembered, signal } = options;
  const names = new Set<string>();
  let head = await readHead(reader, options, remembered?.chain ?? options.chain);
  done.head = head;
  const after = onlyNew ? remembered : undefined;
  const verifier = createChainVerifier({
    keys,
    chain: head.chain,
    ...(after === undefined ? {} : { after }),
  });
  if (after !== undefined) done.point = after;
  for (let round = 1; ; round++) {
    for (let sequence = (done.point?.sequence ?? 0) + 1; sequence <= head.sequence; sequence++) {
      signal?.throwIfAborted();
      const manifest = await readManifest(reader, sequence, head, verifier, options);
      checkRemembered(verifier, options);
      for (const file of manifest.files) {
        await verifyFile(reader, file, manifest, signal);
        names.add(file.name);
        done.files++;
        done.bytes += file.bytes;
        done.events += file.count;
        if (file.lines) done.eventsCounted += file.count;
      }
      done.segments++;
      done.withheld += manifest.withheld?.count ?? 0;
      if (verifier.point !== undefined) done.point = verifier.point;
      options.onSegment?.(sequence, manifest.count);
    }
    // Once more, now that the segment is known that it must be about.
    await verifier.head(Buffer.from(head.jws));
    const behind = await findBehind(reader, head, signal);
    if (behind === undefined) break;
    head = round < MOST_ROUNDS ? await readHeadAgain(reader, options, head) : head;
    if (head === done.head) throw headBehind(head, behind);
    done.head = head;
  }
  done.unfinishedFiles = await checkOtherFiles(reader, head, after?.sequence ?? 0, names, signal);
}

/** Somebody may be writing, and the head comes last. Answers the one of before where there is no later one. */
async function readHeadAgain(
  reader: SegmentReader,
  options: VerifyOptions,
  head: SignedHead,
): Promise<SignedHead> {
  const { settleMs = SETTLE_MS, signal } = options;
  if (settleMs === 0) return head;
  await sleep(settleMs, undefined, signal === undefined ? {} : { signal });
  const next = await readHead(reader, options, head.chain);
  return next.sequence > head.sequence ? next : head;
}

function headBehind({ sequence }: SignedHead, behind: string): VerifyFault {
  return new VerifyFault({
    code: 'head-behind',
    sequence: sequenceOfManifest(behind) ?? sequence + 1,
    file: behind,
    expected: `nothing behind segment ${sequence}`,
    found: behind,
    message: `The signed head names segment ${sequence} as the last, but there is more.`,
  });
}

/** The head, checked by itself and against what is remembered. */
async function readHead(
  reader: SegmentReader,
  { keys, remembered, signal }: VerifyOptions,
  chain: string | undefined,
): Promise<SignedHead> {
  const bytes = await readFile(reader, HEAD_NAME, MAX_SIGNATURE_BYTES, signal);
  if (bytes === undefined) {
    throw new VerifyFault({
      code: 'head-missing',
      file: HEAD_NAME,
      message: 'There is no signed head: nobody could tell whether the end of the chain is missing.',
    });
  }
  const verifier = createChainVerifier({ keys, ...(chain === undefined ? {} : { chain }) });
  const head = { ...(await verifier.head(bytes)), jws: bytes.toString('latin1') };
  if (remembered === undefined) return head;
  if (head.sequence < remembered.sequence) {
    throw new VerifyFault({
      code: 'rewound',
      file: HEAD_NAME,
      expected: `segment ${remembered.sequence} or later`,
      found: `segment ${head.sequence}`,
      message: `The chain ends with segment ${head.sequence}, but it has been at segment ${remembered.sequence}.`,
    });
  }
  if (head.sequence === remembered.sequence && head.manifest !== remembered.manifest) {
    throw forkedFromRemembered(remembered.sequence, HEAD_NAME, remembered.manifest, head.manifest);
  }
  return head;
}

async function readManifest(
  reader: SegmentReader,
  sequence: number,
  head: ChainHead,
  verifier: ChainVerifier,
  { signal }: VerifyOptions,
): Promise<SegmentManifest> {
  const bytes = await readFile(reader, manifestName(sequence), MAX_MANIFEST_BYTES, signal);
  if (bytes === undefined) throw await missingFile(reader, manifestName(sequence), sequence, head, signal);
  const jws = await readFile(reader, signatureName(sequence), MAX_SIGNATURE_BYTES, signal);
  if (jws === undefined) throw await missingFile(reader, signatureName(sequence), sequence, head, signal);
  return (await verifier.segment(bytes, jws)).manifest;
}

function checkRemembered({ point }: ChainVerifier, { remembered }: VerifyOptions): void {
  if (remembered === undefined || point?.sequence !== remembered.sequence) return;
  if (point.manifest === remembered.manifest) return;
  throw forkedFromRemembered(
    point.sequence,
    manifestName(point.sequence),
    remembered.manifest,
    point.manifest,
  );
}

async function verifyFile(
  reader: SegmentReader,
  file: ManifestFile,
  { files, sequence }: SegmentManifest,
  signal: AbortSignal | undefined,
): Promise<void> {
  const chunks = await reader.read(file.name, signal);
  if (chunks === undefined) {
    const message = `Its manifest names it with ${file.count} events, but it is not there.`;
    throw new VerifyFault({
      code: 'file-missing',
      sequence,
      file: file.name,
      expected: file.sha256,
      message,
    });
  }
  try {
    await checkContent(file, chunks);
    const about = file.role === 'origins' ? files.find(({ name }) => name === file.of) : undefined;
    // What it says is looked at only now: of a changed file, that it was changed is the fault.
    const again = about === undefined ? undefined : await reader.read(file.name, signal);
    if (about !== undefined && again !== undefined) await checkOrigins(about, file, again);
  } catch (error) {
    if (!(error instanceof VerifyFault)) throw error;
    const { fault } = error;
    const other = files.find(({ sha256 }) => sha256 === fault.found);
    if (other !== undefined && fault.code === 'content-changed') {
      const message = `The content of ${other.name} stands in it.`;
      throw new VerifyFault({ ...fault, code: 'reordered', sequence, message });
    }
    const again = fault.code === 'content-changed' ? await reader.read(file.name, signal) : undefined;
    const lines = again === undefined ? undefined : await locateChange(file, again);
    throw new VerifyFault({ ...fault, sequence, ...(lines === undefined ? {} : { lines }) });
  }
}

/** Undefined where it is not there. What is too large is cut behind its bound, where no signature fits it. */
async function readFile(
  reader: SegmentReader,
  name: string,
  most: number,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  const chunks = await reader.read(name, signal);
  if (chunks === undefined) return undefined;
  return (await readBounded(chunks, most)) ?? Buffer.alloc(most + 1);
}

function forkedFromRemembered(
  sequence: number,
  file: string,
  expected: string | null,
  found: string | null,
): VerifyFault {
  const message = `Segment ${sequence} is another than the one that was verified earlier: both were signed.`;
  return new VerifyFault({
    code: 'forked',
    sequence,
    file,
    expected: expected ?? 'null',
    found: found ?? 'null',
    message,
  });
}
