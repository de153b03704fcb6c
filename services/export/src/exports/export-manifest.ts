/** The signed manifest of a finished export: a chain of one segment. */
import type { ExportJob } from '@cadf-pipeline/control-state';
import { chainName, signHead, signManifest } from '@cadf-pipeline/federation';
import type { ManifestFile, SegmentFile, SegmentManifest } from '@cadf-pipeline/federation';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import type { ExportRecord } from './export-record.ts';

const SEQUENCE = 1;
const MAX_CURSOR = 4096;

/** Throws FEDERATION_KEY_SEALED. In the order they are to be stored in. */
export async function signExport(
  identity: Pick<FederationIdentity, 'issuer' | 'signer'>,
  job: ExportJob,
  record: ExportRecord,
  files: readonly ManifestFile[],
  nowMs: number,
): Promise<readonly SegmentFile[]> {
  const issuer = await identity.issuer();
  const signer = await identity.signer();
  const { asOf, created: asked, filter, fromMs, id, owner, since, source, tenants, toMs } = job;
  const chain = chainName(issuer, 'export', id);
  const created = new Date(nowMs).toISOString();
  const manifest: SegmentManifest = {
    version: 1,
    issuer,
    chain,
    kind: 'export',
    sequence: SEQUENCE,
    previous: null,
    created,
    period: { from: instant(fromMs), to: instant(toMs) },
    late: false,
    count: record.events,
    first: record.first ?? null,
    last: record.last ?? null,
    positions: Object.entries(asOf).map(([partition, upto]) => ({
      partition: Number(partition),
      from: Math.min(since?.[partition] ?? 0, upto),
      upto,
    })),
    files: [...files],
    filter: filter ?? null,
    ...(source === undefined ? {} : { source }),
    tenants: tenants === '*' ? null : [...tenants],
    redaction: null,
    asked: { by: owner.id, at: asked },
    cursor: { from: cursorOf(since), upto: cursorOf(asOf) },
  };
  const signed = await signManifest(signer, manifest);
  const head = await signHead(signer, {
    version: 1,
    issuer,
    chain,
    sequence: SEQUENCE,
    manifest: signed.sha256,
    created,
    final: true,
  });
  return [...signed.files, head];
}

/** `partition:next,…`; null where it would be too long: `positions` has the same. */
function cursorOf(positions: Readonly<Record<string, number>> | undefined): string | null {
  const text = Object.entries(positions ?? {})
    .map(([partition, next]) => `${partition}:${next}`)
    .join(',');
  return text === '' || text.length > MAX_CURSOR ? null : text;
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
