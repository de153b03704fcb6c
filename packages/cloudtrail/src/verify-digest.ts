/** One digest file: whether AWS signed it, as the object that it is. */
import { readDigest } from './digest-file.ts';
import type { ReadDigest } from './digest-file.ts';
import { isSigned, signatureOf } from './digest-signature.ts';
import { TrailFileError } from './trail-file.ts';
import type { TrailLimits } from './trail-file.ts';
import type { TrailFaultCode } from './trail-item.ts';
import type { TrailKeys } from './trail-keys.ts';
import type { TrailReader } from './trail-reader.ts';

export type DigestState =
  | (ReadDigest & { readonly signature: string })
  | { readonly code: TrailFaultCode; readonly detail: string };

/** `object`: the key of the file in its bucket, which is signed with it. */
export async function verifyDigest(
  reader: TrailReader,
  name: string,
  object: string,
  keys: TrailKeys,
  limits: TrailLimits,
): Promise<DigestState> {
  const pieces = await reader.read(name);
  if (pieces === undefined) return { code: 'missing-digest', detail: 'It was listed, and is not there.' };
  let read: ReadDigest;
  try {
    read = await readDigest(pieces, limits);
  } catch (error) {
    if (!(error instanceof TrailFileError)) throw error;
    return { code: 'unreadable-digest', detail: error.message };
  }
  const { digest } = read;
  const signature = await signatureOf(reader, name);
  if (signature === undefined) {
    return {
      code: 'unsigned-digest',
      detail: `There is no signature: neither in the metadata of the object, nor in ${name}.metadata.json or ${name}.signature.`,
    };
  }
  const key = keys.get(digest.digestPublicKeyFingerprint.toLowerCase());
  if (key === undefined) {
    return {
      code: 'unknown-key',
      detail: `It is signed with the key ${digest.digestPublicKeyFingerprint}, which was not given.`,
    };
  }
  if (!isSigned(read, signature, key)) {
    return { code: 'changed-digest', detail: 'Its signature does not fit its content.' };
  }
  if (digest.digestS3Object !== object) {
    return { code: 'moved-digest', detail: `It was signed as ${digest.digestS3Object}.` };
  }
  return { ...read, signature };
}
