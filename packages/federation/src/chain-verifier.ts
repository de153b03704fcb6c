/** Takes the segments of a chain one after the other, and none that does not follow the one before. */
import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { contradictionIn, contradictionInHead } from './contradiction.ts';
import { VerifyFault } from './fault.ts';
import type { Fault } from './fault.ts';
import { parseJson } from './parse-json.ts';
import { ChainHead, MAX_MANIFEST_BYTES, MAX_SIGNATURE_BYTES, SegmentManifest } from './segment-manifest.ts';
import { HEAD_NAME, manifestName, signatureName } from './segment-names.ts';
import { HEAD_TYPE, MANIFEST_TYPE } from './sign.ts';
import type { TrustedKey, TrustedKeys } from './trusted-keys.ts';
import { verifySignature } from './verify-signature.ts';

/** How far a chain was verified: what is kept to go on later, or to find that it was made anew. */
export interface ChainPoint {
  readonly chain: string;
  /** 0 before the first segment. */
  readonly sequence: number;
  /** SHA-256 of the manifest of that segment; null before the first. */
  readonly manifest: string | null;
  /** `created` of that manifest, milliseconds since 1970 UTC, where it is known: the next is not before it. */
  readonly createdMs?: number;
}

export interface VerifiedManifest {
  readonly manifest: SegmentManifest;
  readonly sha256: string;
  readonly kid: string;
}

export interface ChainVerifierOptions {
  readonly keys: TrustedKeys;
  /** The chain it must be; else that of the first thing verified. */
  readonly chain?: string;
  /** Where an earlier verification ended; else from the first segment on. */
  readonly after?: ChainPoint;
}

export interface ChainVerifier {
  /** Where it is; undefined before anything was verified. */
  readonly point: ChainPoint | undefined;
  /**
   * The next segment: the bytes of its manifest and of its signature. Throws VerifyFault, and then still waits for the
   * same segment. Its content is not looked at: see `checkContent`.
   */
  segment(manifest: Uint8Array, signature: Uint8Array): Promise<VerifiedManifest>;
  /**
   * A signed head. Its signature and chain are checked, and, where it is about the segment verified last, that it is about
   * the same manifest; that it does not end before it. Throws VerifyFault.
   */
  head(jws: Uint8Array): Promise<ChainHead>;
}

const manifests = Compile(SegmentManifest);
const heads = Compile(ChainHead);

export function createChainVerifier({ keys, after, ...options }: ChainVerifierOptions): ChainVerifier {
  let point = after;
  let chain = options.chain ?? after?.chain;

  function checkOrigin(of: { issuer: string; chain: string }, site: Pick<Fault, 'sequence' | 'file'>): void {
    if (keys.issuer !== undefined && of.issuer !== keys.issuer) {
      const message = `It is of the issuer "${of.issuer}", the keys are of "${keys.issuer}".`;
      throw new VerifyFault({
        code: 'chain-differs',
        ...site,
        expected: keys.issuer,
        found: of.issuer,
        message,
      });
    }
    if (chain !== undefined && of.chain !== chain) {
      const message = `It belongs to the chain "${of.chain}", not to "${chain}".`;
      throw new VerifyFault({ code: 'chain-differs', ...site, expected: chain, found: of.chain, message });
    }
  }

  return {
    get point() {
      return point;
    },
    async segment(manifestBytes, signatureBytes) {
      const sequence = (point?.sequence ?? 0) + 1;
      const site = { sequence, file: manifestName(sequence) };
      const bytes = Buffer.from(manifestBytes);
      if (bytes.length > MAX_MANIFEST_BYTES) {
        throw new VerifyFault({ code: 'manifest-invalid', ...site, message: tooLarge(MAX_MANIFEST_BYTES) });
      }
      const jws = boundedSignature(
        signatureBytes,
        { sequence, file: signatureName(sequence) },
        'signature-invalid',
      );
      const invalid = 'signature-invalid';
      const { key } = await verifySignature(jws, bytes, MANIFEST_TYPE, keys, { ...site, invalid });
      const manifest = parseJson(bytes);
      if (!manifests.Check(manifest)) {
        const [fault] = manifests.Errors(manifest);
        const message = `It is no manifest of version 1: ${fault?.instancePath || '/'} ${fault?.message ?? ''}.`;
        throw new VerifyFault({ code: 'manifest-invalid', ...site, message });
      }
      checkOrigin(manifest, site);
      if (manifest.sequence !== sequence) {
        const found = String(manifest.sequence);
        const message = `Segment ${found} stands where segment ${sequence} belongs.`;
        throw new VerifyFault({ code: 'reordered', ...site, expected: String(sequence), found, message });
      }
      checkTimes(key, manifest.created, point?.createdMs, site);
      const before = point?.manifest ?? null;
      if (manifest.previous !== before) {
        const message = `It follows another segment ${sequence - 1} than the one that is here: both were signed.`;
        throw new VerifyFault({
          code: 'forked',
          ...site,
          expected: before ?? 'null',
          found: manifest.previous ?? 'null',
          message,
        });
      }
      const contradiction = contradictionIn(manifest);
      if (contradiction !== undefined) {
        const message = `The manifest contradicts itself: ${contradiction}.`;
        throw new VerifyFault({ code: 'manifest-invalid', ...site, message });
      }
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      ({ chain } = manifest);
      point = { chain, sequence, manifest: sha256, createdMs: Date.parse(manifest.created) };
      return { manifest, sha256, kid: key.kid };
    },
    async head(bytes) {
      const site = { file: HEAD_NAME };
      const jws = boundedSignature(bytes, site, 'head-invalid');
      const invalid = 'head-invalid';
      const { payload, key } = await verifySignature(jws, undefined, HEAD_TYPE, keys, { ...site, invalid });
      const head = parseJson(payload);
      if (!heads.Check(head)) {
        const [fault] = heads.Errors(head);
        const message = `It is no head of version 1: ${fault?.instancePath || '/'} ${fault?.message ?? ''}.`;
        throw new VerifyFault({ code: 'head-invalid', ...site, message });
      }
      const contradiction = contradictionInHead(head);
      if (contradiction !== undefined) {
        throw new VerifyFault({
          code: 'head-invalid',
          ...site,
          message: `It contradicts itself: ${contradiction}.`,
        });
      }
      checkOrigin(head, site);
      checkTimes(key, head.created, point?.createdMs, site);
      if (point !== undefined) checkHeadAgainst(point, head, site);
      chain ??= head.chain;
      return head;
    },
  };
}

function checkHeadAgainst(point: ChainPoint, head: ChainHead, site: { readonly file: string }): void {
  if (head.sequence < point.sequence) {
    throw new VerifyFault({
      code: 'head-behind',
      ...site,
      expected: String(point.sequence),
      found: String(head.sequence),
      message: `The head names segment ${head.sequence} as the last, but there is a segment ${point.sequence}.`,
    });
  }
  if (head.sequence === point.sequence && head.manifest !== point.manifest) {
    throw new VerifyFault({
      code: 'forked',
      sequence: point.sequence,
      ...site,
      expected: head.manifest ?? 'null',
      found: point.manifest ?? 'null',
      message: `The head is about another segment ${point.sequence} than the one that is here: both were signed.`,
    });
  }
}

function checkTimes(
  { kid, retiredMs }: TrustedKey,
  created: string,
  beforeMs: number | undefined,
  site: Pick<Fault, 'sequence' | 'file'>,
): void {
  const createdMs = Date.parse(created);
  if (retiredMs !== undefined && createdMs > retiredMs) {
    const expected = `not after ${new Date(retiredMs).toISOString()}`;
    const message = `It was signed by the key "${kid}" after that was retired.`;
    throw new VerifyFault({ code: 'key-retired', ...site, expected, found: created, message });
  }
  // Who steals a retired key could write a time of before its retirement; not so behind a segment that is younger.
  if (beforeMs !== undefined && createdMs < beforeMs) {
    const expected = `not before ${new Date(beforeMs).toISOString()}`;
    const message = 'It says that it was made before the segment that it follows.';
    throw new VerifyFault({ code: 'time-backwards', ...site, expected, found: created, message });
  }
}

function boundedSignature(
  bytes: Uint8Array,
  site: Pick<Fault, 'sequence' | 'file'>,
  code: 'signature-invalid' | 'head-invalid',
): Buffer {
  if (bytes.length <= MAX_SIGNATURE_BYTES) return Buffer.from(bytes);
  throw new VerifyFault({ code, ...site, message: tooLarge(MAX_SIGNATURE_BYTES) });
}

function tooLarge(most: number): string {
  return `It has more than ${most} bytes.`;
}
