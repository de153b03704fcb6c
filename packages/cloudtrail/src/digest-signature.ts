/**
 * Signatures of digest files (AWS CloudTrail User Guide, "Custom implementations of CloudTrail log file integrity
 * validation"): RSASSA-PKCS1-v1_5 with SHA-256 over four lines, in hexadecimal in the metadata of the object.
 */
import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ReadDigest } from './digest-file.ts';
import { readWhole, TrailFileError } from './trail-file.ts';
import type { TrailReader } from './trail-reader.ts';

/** What `aws s3api head-object` prints, or the metadata alone. */
const Head = Compile(Type.Object({ Metadata: Type.Record(Type.String(), Type.String()) }));
const Metadata = Compile(Type.Record(Type.String(), Type.String()));
const MAX_SIDECAR_BYTES = 64 * 1024;
const HEX = /^(?:[0-9a-f]{2}){64,2048}$/i;
const ALGORITHM = 'SHA256withRSA';

/**
 * The signature of a digest, hexadecimal. Looked for in the metadata that the reader knows; else in `NAME.metadata.json`
 * (what `aws s3api head-object` prints), else in `NAME.signature` (the hexadecimal digits alone). Undefined where there is
 * none, or it is of another algorithm.
 */
export async function signatureOf(reader: TrailReader, name: string): Promise<string | undefined> {
  const known = await reader.metadata?.(name);
  if (known !== undefined) return fromMetadata(known);
  const metadata = await readSidecar(reader, `${name}.metadata.json`);
  if (metadata !== undefined) {
    const value = tryJson(metadata);
    if (Head.Check(value)) return fromMetadata(value.Metadata);
    return Metadata.Check(value) ? fromMetadata(value) : undefined;
  }
  return toHex(await readSidecar(reader, `${name}.signature`));
}

function fromMetadata(metadata: Readonly<Record<string, string>>): string | undefined {
  const values = new Map(
    Object.entries(metadata).map(([name, value]) => [name.toLowerCase().replace(/^x-amz-meta-/, ''), value]),
  );
  const algorithm = values.get('signature-algorithm');
  return algorithm === undefined || algorithm === ALGORITHM ? toHex(values.get('signature')) : undefined;
}

function toHex(text: string | undefined): string | undefined {
  const digits = text?.trim();
  return digits !== undefined && HEX.test(digits) ? digits.toLowerCase() : undefined;
}

async function readSidecar(reader: TrailReader, name: string): Promise<string | undefined> {
  const pieces = await reader.read(name);
  if (pieces === undefined) return undefined;
  try {
    return (await readWhole(pieces, MAX_SIDECAR_BYTES)).toString();
  } catch (error) {
    // Far longer than a signature is: none.
    if (error instanceof TrailFileError) return '';
    throw error;
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text that is signed. The first digest of a chain has the word `null` for the signature before it. */
export function signedText({ digest, sha256 }: ReadDigest): string {
  return [
    digest.digestEndTime,
    `${digest.digestS3Bucket}/${digest.digestS3Object}`,
    sha256,
    digest.previousDigestSignature ?? 'null',
  ].join('\n');
}

export function isSigned(read: ReadDigest, signature: string, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(signedText(read)), key, Buffer.from(signature, 'hex'));
}
