/**
 * Signed segments: each is verified whole, with all its files, before anything of it is taken; the next one only behind
 * it. A fault stops the chain.
 */
import {
  createChainVerifier,
  HEAD_NAME,
  manifestName,
  MAX_MANIFEST_BYTES,
  MAX_SIGNATURE_BYTES,
  originsOf,
  readOrigins,
  sequenceOfManifest,
  signatureName,
} from '@cadf-pipeline/federation';
import type { ChainVerifier, SegmentManifest, SegmentReader, TrustedKeys } from '@cadf-pipeline/federation';
import { keysOf, learnKeys } from './import-keys.ts';
import { createProgress, takenAs } from './import-run-context.ts';
import type { ImportRun } from './import-run-context.ts';
import { addCounts, NO_COUNTS } from './import-record.ts';
import type { ImportCounts } from './import-record.ts';
import { acceptGap } from './accept-gap.ts';
import { asRefused, Refused } from './refused.ts';
import { blocksOfFile, isEvents, verifyFiles } from './segment-files.ts';
import { readPart, readWhole } from './segment-parts.ts';
import { TooLarge } from './staging.ts';
import { takeEvents } from './take-events.ts';

export interface SegmentPlace {
  readonly reader: SegmentReader;
  /** Forgets files that were taken; undefined where they stay. */
  readonly remove?: (name: string) => Promise<void>;
  /** What the deployment that signs publishes of its keys; undefined where it cannot be asked. */
  readonly published?: () => Promise<unknown>;
}

/** `done`: nothing will follow. */
export type LookEnd = 'idle' | 'done';

/**
 * Takes what is new of a chain. Throws `Refused` at the first fault, `PlaceUnreadable`, and what appending throws; what
 * was taken before it is saved.
 */
export async function takeSegments(run: ImportRun, place: SegmentPlace): Promise<LookEnd> {
  const take = async (): Promise<LookEnd> => {
    try {
      return await takeChain(run, place);
    } catch (error) {
      throw asRefused(error);
    }
  };
  try {
    return await take();
  } catch (error) {
    const { published } = place;
    const isUnknown = error instanceof Refused && error.code === 'key-unknown';
    if (!isUnknown || published === undefined || !(await learnKeys(run, published))) throw error;
    return take();
  }
}

async function takeChain(run: ImportRun, place: SegmentPlace): Promise<LookEnd> {
  const { definition, signal } = run;
  const { reader } = place;
  const keys = await keysOf(run);
  await acceptGap(run, reader, keys);
  const headBytes = await readWhole(reader, HEAD_NAME, MAX_SIGNATURE_BYTES, signal);
  if (headBytes === undefined) {
    const { type } = definition.from;
    const isNew = run.record().point === undefined && (type === 'upload' || type === 'feed');
    if (isNew && !(await hasManifest(reader, signal))) return 'idle';
    throw new Refused('head-missing', 'There is no signed head: nobody could tell where the chain ends.', {
      file: HEAD_NAME,
    });
  }
  const verifier = openVerifier(run, keys);
  const head = await verifier.head(headBytes);
  const { created, final, sequence: last } = head;
  for (let sequence = (verifier.point?.sequence ?? 0) + 1; sequence <= last; sequence++) {
    signal.throwIfAborted();
    await takeSegment(run, place, verifier, sequence, { sequence: last, final, created });
  }
  const { record } = run;
  const told = record().head;
  if (told?.sequence !== last || told.final !== final || record().fault !== undefined) {
    const { fault: _mended, ...rest } = record();
    await run.save({ ...rest, head: { sequence: last, final, created } });
  }
  return final ? 'done' : 'idle';
}

function openVerifier({ definition, record }: ImportRun, keys: TrustedKeys): ChainVerifier {
  const { point } = record();
  const { from } = definition;
  return createChainVerifier({
    keys,
    ...(from.type === 'feed' ? { chain: from.chain } : {}),
    ...(point === undefined ? {} : { after: point }),
  });
}

async function takeSegment(
  run: ImportRun,
  place: SegmentPlace,
  verifier: ChainVerifier,
  sequence: number,
  head: { readonly sequence: number; readonly final: boolean; readonly created: string },
): Promise<void> {
  const { reader } = place;
  const { signal, staging } = run;
  await staging.clear();
  const bytes = await readPart(reader, manifestName(sequence), MAX_MANIFEST_BYTES, sequence, signal);
  const jws = await readPart(reader, signatureName(sequence), MAX_SIGNATURE_BYTES, sequence, signal);
  let manifest: SegmentManifest | undefined;
  try {
    ({ manifest } = await verifier.segment(bytes, jws));
    await verifyFiles(run, reader, manifest);
  } catch (error) {
    const refused =
      error instanceof TooLarge
        ? new Refused('IMPORT_TOO_LARGE', error.message, { sequence })
        : asRefused(error, sequence);
    if (refused instanceof Refused) await keepSegment(run, sequence, bytes, jws, manifest, refused);
    throw refused;
  }
  const counts = await takeFiles(run, manifest);
  if (counts.events !== manifest.count)
    throw new Error(`segment ${sequence}: ${counts.events} events were taken of ${manifest.count}`);
  const { point } = verifier;
  await run.events.taken(run.definition, {
    of: `${manifest.chain}/${sequence}`,
    counts,
    chain: manifest.chain,
    sequence,
    redaction: manifest.redaction !== null,
  });
  const { fault: _mended, within: _within, ...before } = run.record();
  await run.save({
    ...before,
    counts: addCounts(before.counts, counts),
    segments: before.segments + 1,
    files: before.files + manifest.files.length,
    bytes: before.bytes + manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    ...(point === undefined ? {} : { point }),
    head,
    takenMs: run.now(),
  });
  await staging.clear();
  if (place.remove === undefined) return;
  for (const name of [
    ...manifest.files.map((file) => file.name),
    manifestName(sequence),
    signatureName(sequence),
  ])
    await place.remove(name);
}

async function takeFiles(run: ImportRun, manifest: SegmentManifest): Promise<ImportCounts> {
  const { ready, signal, staging, take } = run;
  const of = `segment ${manifest.sequence}`;
  const taken = createProgress(run, of);
  const { within } = run.record();
  let counts = within?.of === of ? within.done : NO_COUNTS;
  let passOver = counts.events;
  for (const [index, file] of manifest.files.entries()) {
    if (!isEvents(file)) continue;
    if (passOver >= file.count) {
      passOver -= file.count;
      continue;
    }
    const origins = originsOf(manifest.files, file);
    const originIndex = origins === undefined ? -1 : manifest.files.indexOf(origins);
    counts = await takeEvents(
      await blocksOfFile(run, manifest, index, file),
      origins === undefined ? undefined : readOrigins(file, origins, staging.read(originIndex)),
      takenAs(run, `${manifest.chain}/${file.name}`),
      take,
      { done: counts, passOver, ready, signal, taken },
    );
    passOver = 0;
  }
  return counts;
}

async function keepSegment(
  run: ImportRun,
  sequence: number,
  manifestBytes: Buffer,
  jws: Buffer,
  manifest: SegmentManifest | undefined,
  { code, file }: Refused,
): Promise<void> {
  const index = manifest?.files.findIndex(({ name }) => name === file) ?? -1;
  await run.quarantine.keep(
    `segment-${sequence}-${code}`,
    [
      { name: manifestName(sequence), read: () => [manifestBytes] },
      { name: signatureName(sequence), read: () => [jws] },
      // As far as it was read.
      ...(index === -1 || code === 'file-missing'
        ? []
        : [{ name: file ?? '', read: () => run.staging.read(index) }]),
    ],
    run.signal,
  );
}

async function hasManifest({ list }: SegmentReader, signal: AbortSignal): Promise<boolean> {
  for await (const name of list?.(signal) ?? []) if (sequenceOfManifest(name) !== undefined) return true;
  return false;
}
