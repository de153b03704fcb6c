/** Signs manifests and heads: JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037), the manifest's detached (RFC 7515 appendix F). */
import { createHash } from 'node:crypto';
import { CompactSign, importJWK } from 'jose';
import { Compile } from 'typebox/compile';
import { publicKeyOf } from './keys.ts';
import type { FederationKey, SigningKey } from './keys.ts';
import { contradictionIn, contradictionInHead } from './contradiction.ts';
import { ChainHead, MAX_MANIFEST_BYTES, SegmentManifest } from './segment-manifest.ts';
import { HEAD_NAME, manifestName, signatureName } from './segment-names.ts';

/** `typ` of the protected headers (RFC 7515 4.1.9): a signed head can never pass for a manifest. */
export const MANIFEST_TYPE = 'cadf-manifest';
export const HEAD_TYPE = 'cadf-head';

export interface Signer {
  readonly kid: string;
  readonly publicKey: FederationKey;
  /** A compact JWS with the payload in it. */
  readonly sign: (type: string, payload: Uint8Array) => Promise<string>;
}

/** A file of a chain, whole. */
export interface SegmentFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface SignedManifest {
  /** Of the manifest's bytes: `previous` of the next segment, `manifest` of the head. */
  readonly sha256: string;
  /** The manifest, then its signature. To be stored in this order, after the content and before the head. */
  readonly files: readonly [SegmentFile, SegmentFile];
}

/** A manifest or head that recipients would refuse. */
export class NotSignable extends Error {
  override readonly name = 'NotSignable';
}

const manifests = Compile(SegmentManifest);
const heads = Compile(ChainHead);

/** Throws where it is no private Ed25519 key. */
export async function openSigner(key: SigningKey): Promise<Signer> {
  const { kty, crv, x, d } = key;
  const imported = await importJWK({ kty, crv, x, d }, 'EdDSA');
  return {
    kid: key.kid,
    publicKey: publicKeyOf(key),
    sign: (type, payload) =>
      new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: type }).sign(imported),
  };
}

/**
 * `created` must not be before that of the segment before (clocks step back: take the later of the two), nor a head's before
 * that of its segment. Blocks of lines are left out where the manifest would exceed 4 MiB with them. Throws NotSignable where it is no manifest
 * by the schema, its counts do not fit, or it is too large.
 */
export async function signManifest(signer: Signer, manifest: SegmentManifest): Promise<SignedManifest> {
  if (!manifests.Check(manifest)) throw new NotSignable(faultsOf(manifests.Errors(manifest)));
  const contradiction = contradictionIn(manifest);
  if (contradiction !== undefined) throw new NotSignable(contradiction);
  let bytes = Buffer.from(JSON.stringify(manifest));
  if (bytes.length > MAX_MANIFEST_BYTES) {
    const files = manifest.files.map((file) => ({ ...file, blocks: undefined }));
    bytes = Buffer.from(JSON.stringify({ ...manifest, files }));
  }
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new NotSignable(`The manifest has ${bytes.length} bytes, more than ${MAX_MANIFEST_BYTES}`);
  }
  const jws = await signer.sign(MANIFEST_TYPE, bytes);
  const detached = jws.replace(/\.[^.]*\./, '..');
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    files: [
      { name: manifestName(manifest.sequence), bytes },
      { name: signatureName(manifest.sequence), bytes: Buffer.from(detached) },
    ],
  };
}

/** The file to store last. Throws NotSignable where it is no head by the schema. */
export async function signHead(signer: Signer, head: ChainHead): Promise<SegmentFile> {
  if (!heads.Check(head)) throw new NotSignable(faultsOf(heads.Errors(head)));
  const contradiction = contradictionInHead(head);
  if (contradiction !== undefined) throw new NotSignable(contradiction);
  const jws = await signer.sign(HEAD_TYPE, Buffer.from(JSON.stringify(head)));
  return { name: HEAD_NAME, bytes: Buffer.from(jws) };
}

function faultsOf(errors: readonly { readonly instancePath: string; readonly message: string }[]): string {
  return errors
    .slice(0, 3)
    .map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
    .join('; ');
}
