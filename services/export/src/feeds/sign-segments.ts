/** The signed manifests of what was cut, and the signed head of a feed. */
import type { Feed } from '@cadf-pipeline/control-state';
import { chainName, signHead, signManifest } from '@cadf-pipeline/federation';
import type { SegmentFile, SegmentManifest, Withheld } from '@cadf-pipeline/federation';
import type { FederationIdentity } from '../identity/federation-identity.ts';
import type { Cut, Stretch } from './cut-segments.ts';
import type { ChainEnd } from './feed-directory.ts';
import type { FeedRecord } from './feed-record.ts';
import type { Period } from './periods.ts';
import type { SegmentContent } from './segment-output.ts';

export interface SignedSegments {
  readonly files: readonly SegmentFile[];
  /** Of the last of them. */
  readonly sequence: number;
  readonly manifest: string;
  readonly manifestMs: number;
}

type Identity = Pick<FederationIdentity, 'issuer' | 'signer'>;

/** One segment, and one of the late events where there are any. Throws FEDERATION_KEY_SEALED. */
export async function signSegments(
  identity: Identity,
  feed: Feed,
  before: Pick<FeedRecord, 'manifest' | 'manifestMs'>,
  { late, inTime, reached, withheld }: Cut,
  { from, sequence }: Pick<Stretch, 'from' | 'sequence'>,
  { fromMs, toMs }: Period,
  nowMs: number,
): Promise<SignedSegments> {
  const issuer = await identity.issuer();
  const signer = await identity.signer();
  // Clocks step back; chains do not.
  const manifestMs = Math.max(nowMs, before.manifestMs);
  const { filter, redaction = [], source, tenants } = feed;
  const files: SegmentFile[] = [];
  let previous = before.manifest ?? null;
  let last = sequence;

  async function sign(content: SegmentContent, isLate: boolean): Promise<string> {
    const manifest: SegmentManifest & { readonly source?: string } = {
      version: 1,
      issuer,
      chain: chainName(issuer, 'feed', feed.chain),
      kind: 'feed',
      sequence: last,
      previous,
      created: new Date(manifestMs).toISOString(),
      period: { from: fromMs === undefined ? null : instant(fromMs), to: instant(toMs) },
      late: isLate,
      count: content.count,
      first: content.first,
      last: content.last,
      positions: [...reached].map(([partition, upto]) => ({
        partition,
        from: Math.min(from.get(partition) ?? 0, upto),
        upto,
      })),
      files: [...content.files],
      filter: filter ?? null,
      ...(source === undefined ? {} : { source }),
      tenants: tenants === '*' ? null : [...tenants],
      // Late or not, they are said of the first of both segments.
      ...(isLate || withheld.size === 0 ? {} : { withheld: statementOf(withheld) }),
      redaction:
        redaction.length === 0 ? null : redaction.map(({ action, id, paths }) => ({ id, action, paths })),
    };
    const signed = await signManifest(signer, manifest);
    files.push(...signed.files);
    return signed.sha256;
  }

  let manifest = await sign(inTime, false);
  if (late.count > 0) {
    previous = manifest;
    last = sequence + 1;
    manifest = await sign(late, true);
  }
  return { files, sequence: last, manifest, manifestMs };
}

/** Of the segments up to one of them. */
export async function signFeedHead(
  identity: Identity,
  feed: Pick<Feed, 'chain'>,
  end: ChainEnd,
  nowMs: number,
): Promise<SegmentFile> {
  const issuer = await identity.issuer();
  return signHead(await identity.signer(), {
    version: 1,
    issuer,
    chain: chainName(issuer, 'feed', feed.chain),
    sequence: end.sequence,
    manifest: end.manifest,
    created: instant(Math.max(nowMs, end.manifestMs)),
    final: false,
  });
}

function statementOf(withheld: Cut['withheld']): Withheld {
  const reasons = [...withheld].map(([code, count]) => ({ code, count }));
  return { count: reasons.reduce((sum, { count }) => sum + count, 0), reasons };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
