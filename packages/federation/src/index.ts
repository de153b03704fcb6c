/** Chains of signed segments: making them, and verifying them; docs/federation-format.md. */
export { createChainVerifier } from './chain-verifier.ts';
export type { ChainPoint, ChainVerifier, ChainVerifierOptions, VerifiedManifest } from './chain-verifier.ts';
export { checkContent, unpackContent } from './check-content.ts';
export { unpack, UnpackError } from './unpack.ts';
export { directoryReader } from './directory-reader.ts';
export { FAULT_CODES, VerifyFault } from './fault.ts';
export type { Fault, FaultCode } from './fault.ts';
export { createFileDigest } from './file-digest.ts';
export type { FileDigest, FileDigestOptions } from './file-digest.ts';
export { httpReader } from './http-reader.ts';
export type { HttpReaderOptions } from './http-reader.ts';
export { followRotations, signRotation } from './key-rotation.ts';
export type { FollowedKeys, KeyRotation } from './key-rotation.ts';
export { Invitation, readInvitation, writeInvitation } from './invitation.ts';
export {
  FEDERATION_DOCUMENT_PATH,
  FederationDocument,
  FederationKey,
  SigningKey,
  createSigningKey,
  federationDocument,
  publicKeyOf,
} from './keys.ts';
export {
  Origin,
  checkOrigins,
  createOriginsFile,
  hasOrigins,
  originsName,
  originsOf,
  readOrigins,
} from './origins.ts';
export type { OriginsFile } from './origins.ts';
export {
  ChainHead,
  LineBlocks,
  MAX_FILES,
  MAX_MANIFEST_BYTES,
  MAX_SIGNATURE_BYTES,
  ManifestFile,
  Position,
  RedactionNote,
  SegmentManifest,
  Withheld,
  chainName,
} from './segment-manifest.ts';
export {
  HEAD_NAME,
  contentName,
  isContentName,
  manifestName,
  sequenceOfManifest,
  signatureName,
} from './segment-names.ts';
export { readBounded } from './read-bounded.ts';
export { PlaceUnreadable } from './segment-reader.ts';
export type { SegmentReader } from './segment-reader.ts';
export { NotSignable, openSigner, signHead, signManifest } from './sign.ts';
export type { SegmentFile, SignedManifest, Signer } from './sign.ts';
export { KeysUnusable, readTrustedKeys, trustKeys } from './trusted-keys.ts';
export type { TrustedKey, TrustedKeys } from './trusted-keys.ts';
export { verifyPlace } from './verify-place.ts';
export { NOTHING_VERIFIED } from './verify-report.ts';
export type { VerifyCounts, VerifyOptions, VerifyReport } from './verify-report.ts';
