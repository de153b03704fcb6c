/** What describes an S3-compatible bucket, and what is wrong with a description. */
import { faultOfUrl } from '@cadf-pipeline/guarded-http';
import type { AddressRules, ResolveName } from '@cadf-pipeline/guarded-http';
import { faultOfName } from '../file-name.ts';

export interface BucketCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface BucketPlaceOptions {
  /** As Amazon S3 names buckets: 3 to 63 of `a-z`, `0-9`, `.`, `-`. */
  readonly bucket: string;
  /** Such as `eu-central-1`; what other stores call it, often `us-east-1`. */
  readonly region: string;
  /** Origin of another store than Amazon S3: `https://s3.example:9000`. */
  readonly endpoint?: string;
  /** Whether the bucket stands in the path and not in the host; default: with an endpoint, or a dot in its name. */
  readonly pathStyle?: boolean;
  /** Stands before the name of each file: `audit/`. Empty or with `/` at its end; default empty. */
  readonly prefix?: string;
  readonly credentials: BucketCredentials;
  /** Which addresses may be connected to. */
  readonly rules: AddressRules;
  /** Certificates (PEM) that are trusted in the place of the system's. */
  readonly ca?: string;
  /**
   * Bytes of a part of a large file; default 8 MiB. A file has at most 10,000 parts, so 78 GiB, unless `put` is told its
   * bytes: then parts are as large as they have to be. Three parts are in memory at a time.
   */
  readonly partBytes?: number;
  /** Milliseconds without a byte from the store; default 60,000. */
  readonly idleTimeoutMs?: number;
  /** Tries of a request that fails in passing; default 4. */
  readonly attempts?: number;
  /** For tests; default: the resolver of the system. */
  readonly resolve?: ResolveName;
}

/** The least that S3 takes of a part but the last. */
export const LEAST_PART_BYTES = 5 * 1024 * 1024;

export interface BucketFault {
  readonly member: 'bucket' | 'region' | 'endpoint' | 'prefix' | 'credentials' | 'partBytes';
  /** A sentence. */
  readonly message: string;
}

/** Undefined where it can be used, as far as can be told without a connection. */
export function faultOfBucket(options: BucketPlaceOptions): BucketFault | undefined {
  const { bucket, region, endpoint, prefix = '', credentials, partBytes = LEAST_PART_BYTES } = options;
  if (
    !/^(?!xn--|sthree-|\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) ||
    bucket.includes('..')
  )
    return {
      member: 'bucket',
      message: 'The bucket is no name of one: 3 to 63 lower-case letters, digits, "-" and ".". No ARN.',
    };
  // It becomes a part of a host name.
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(region))
    return { member: 'region', message: 'The region is no name of one, such as eu-central-1.' };
  if (endpoint !== undefined) {
    const fault = faultOfEndpoint(endpoint, options.rules);
    if (fault !== undefined) return { member: 'endpoint', message: fault };
  }
  if (prefix !== '') {
    const fault = prefix.endsWith('/') ? faultOfName(prefix.slice(0, -1)) : 'does not end with "/"';
    if (fault !== undefined) return { member: 'prefix', message: `The prefix ${fault}.` };
  }
  // They become parts of headers.
  const secrets = [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken ?? 'none'];
  if (secrets.some((text) => !/^[\u0021-\u007e]{1,4096}$/.test(text)))
    return {
      member: 'credentials',
      message: 'The credentials are empty, or hold blanks or other than ASCII characters.',
    };
  if (!Number.isSafeInteger(partBytes) || partBytes < LEAST_PART_BYTES)
    return { member: 'partBytes', message: 'Parts have at least 5 MiB.' };
  return undefined;
}

function faultOfEndpoint(endpoint: string, rules: AddressRules): string | undefined {
  const words = { example: 'https://s3.example', proof: 'give credentials apart' };
  const fault = faultOfUrl(endpoint, rules, words);
  if (fault !== undefined) return fault;
  const { pathname, search } = new URL(endpoint);
  return pathname === '/' && search === ''
    ? undefined
    : 'The endpoint has a path: the bucket and the prefix are given apart.';
}
