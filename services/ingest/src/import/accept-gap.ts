/** A resume: what stopped a chain is passed over, as an administrator asked. */
import {
  createChainVerifier,
  manifestName,
  MAX_MANIFEST_BYTES,
  MAX_SIGNATURE_BYTES,
  signatureName,
} from '@cadf-pipeline/federation';
import type { SegmentReader, TrustedKeys } from '@cadf-pipeline/federation';
import { withGap } from './import-record.ts';
import type { ImportRun } from './import-run-context.ts';
import { readPart } from './segment-parts.ts';

/**
 * Heeds a resume that was not heeded yet. Where a segment is named, the chain goes on with it as it is signed, whatever was
 * before it. Throws as verifying that segment.
 */
export async function acceptGap(run: ImportRun, reader: SegmentReader, keys: TrustedKeys): Promise<void> {
  const { definition, signal } = run;
  const record = run.record();
  if (definition.resumed === record.resumed) return;
  const sequence = definition.accepted?.sequence;
  const { fault: _mended, ...rest } = record;
  if (sequence === undefined) {
    await run.save({ ...rest, resumed: definition.resumed });
    return;
  }
  const bytes = await readPart(reader, manifestName(sequence), MAX_MANIFEST_BYTES, sequence, signal);
  const jws = await readPart(reader, signatureName(sequence), MAX_SIGNATURE_BYTES, sequence, signal);
  const claimed: unknown = parsed(bytes);
  const previous = Reflect.get(Object(claimed), 'previous');
  const chain =
    definition.from.type === 'feed' ? definition.from.chain : Reflect.get(Object(claimed), 'chain');
  const point = {
    chain: String(record.point?.chain ?? chain),
    sequence: sequence - 1,
    manifest: typeof previous === 'string' ? previous : null,
  };
  // What it claims holds only if it is signed.
  await createChainVerifier({ keys, chain: point.chain, after: point }).segment(bytes, jws);
  const next = (record.point?.sequence ?? 0) + 1;
  const accepted = { ...rest, point, resumed: definition.resumed };
  await run.save(sequence > next ? withGap(accepted, { from: next, upto: sequence - 1 }) : accepted);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
