/** Digest files: which log files an hour has, with their hashes (AWS CloudTrail User Guide, "CloudTrail digest file structure"). */
import { hash } from 'node:crypto';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { contentOf, readWhole, TrailFileError } from './trail-file.ts';
import type { TrailLimits } from './trail-file.ts';

const Sha256 = Type.String({ pattern: '^[0-9a-fA-F]{64}$' });
const Time = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$' });
const ObjectName = Type.String({ minLength: 1, maxLength: 1024 });

/** Members that verification needs; others are allowed. */
export const Digest = Type.Object({
  awsAccountId: Type.String({ pattern: '^\\d{12}$' }),
  digestStartTime: Time,
  digestEndTime: Time,
  digestS3Bucket: Type.String({ minLength: 1, maxLength: 255 }),
  digestS3Object: ObjectName,
  digestPublicKeyFingerprint: Type.String({ maxLength: 128 }),
  digestSignatureAlgorithm: Type.Literal('SHA256withRSA'),
  /** Null in the first digest, and in the first after logging was switched off. */
  previousDigestS3Object: Type.Optional(Type.Union([ObjectName, Type.Null()])),
  previousDigestHashValue: Type.Optional(Type.Union([Sha256, Type.Null()])),
  previousDigestHashAlgorithm: Type.Optional(Type.Union([Type.Literal('SHA-256'), Type.Null()])),
  previousDigestSignature: Type.Optional(
    Type.Union([Type.String({ pattern: '^[0-9a-fA-F]{1,4096}$' }), Type.Null()]),
  ),
  logFiles: Type.Array(
    Type.Object({
      s3Bucket: Type.String({ maxLength: 255 }),
      s3Object: ObjectName,
      hashValue: Sha256,
      hashAlgorithm: Type.Literal('SHA-256'),
    }),
  ),
});
export type Digest = Static<typeof Digest>;

const validator = Compile(Digest);

export interface ReadDigest {
  readonly digest: Digest;
  /** Of the content, hexadecimal. */
  readonly sha256: string;
}

/** Throws `TrailFileError` where it is too large, damaged or no digest. */
export async function readDigest(
  pieces: AsyncIterable<Uint8Array>,
  { maxFileBytes, maxDigestBytes }: TrailLimits,
): Promise<ReadDigest> {
  const stored = await readWhole(pieces, maxFileBytes);
  const content = await readWhole(contentOf([stored], maxDigestBytes), maxDigestBytes);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new TrailFileError('not-a-log-file', 'It is no JSON in UTF-8.');
  }
  if (validator.Check(value)) return { digest: value, sha256: hash('sha256', content) };
  const fault = validator.Errors(value)[0];
  throw new TrailFileError(
    'not-a-log-file',
    `It is no digest of CloudTrail: ${fault?.instancePath === '' ? '' : `${fault?.instancePath} `}${fault?.message}.`,
  );
}
