/** What an error of the AWS SDK or of a store means for a place. */
import { S3ServiceException } from '@aws-sdk/client-s3';
import { FilePlaceError } from '../file-place-error.ts';
import type { FilePlaceFault } from '../file-place-error.ts';

interface Meaning {
  readonly fault: FilePlaceFault;
  /** The end of a sentence: how to mend it. */
  readonly how: string;
}

const NO_BUCKET = {
  fault: 'no-place',
  how: 'there is no such bucket: make it, or correct its name, region or endpoint',
} as const;
const WRONG_KEY = {
  fault: 'credentials',
  how: 'the access key is not known, or its secret is wrong: correct the credentials',
} as const;
const EXPIRED = {
  fault: 'credentials',
  how: 'the session of the credentials is over: give new ones',
} as const;
const ELSEWHERE = {
  fault: 'place',
  how: 'the bucket is in another region or at another endpoint: correct them',
} as const;
const BUSY = { fault: 'busy', how: 'the store asks to try later' } as const;
const FULL = { fault: 'full', how: 'there is no space left, or a quota is used up' } as const;
const DENIED = {
  fault: 'denied',
  how: 'the credentials may not do this there: give them the right',
} as const;
const CHANGED = { fault: 'changed', how: 'the file was replaced meanwhile' } as const;

/** Codes of "Error responses" of the Amazon S3 API Reference, and of MinIO. */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  NoSuchBucket: NO_BUCKET,
  InvalidBucketName: { fault: 'place', how: 'the store takes no such name of a bucket' },
  InvalidAccessKeyId: WRONG_KEY,
  SignatureDoesNotMatch: WRONG_KEY,
  InvalidSecurity: WRONG_KEY,
  NotSignedUp: WRONG_KEY,
  InvalidToken: EXPIRED,
  ExpiredToken: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  RequestTimeTooSkewed: { fault: 'failed', how: 'the clock of this machine or of the store is wrong' },
  AccessDenied: DENIED,
  AllAccessDisabled: DENIED,
  PermanentRedirect: ELSEWHERE,
  TemporaryRedirect: ELSEWHERE,
  AuthorizationHeaderMalformed: ELSEWHERE,
  IllegalLocationConstraintException: ELSEWHERE,
  SlowDown: BUSY,
  ServiceUnavailable: BUSY,
  InternalError: BUSY,
  RequestTimeout: BUSY,
  OperationAborted: BUSY,
  EntityTooLarge: { fault: 'too-large', how: 'the store takes no file so large' },
  KeyTooLongError: { fault: 'name', how: 'the name is too long' },
  QuotaExceeded: FULL,
  XMinioStorageFull: FULL,
  XMinioAdminBucketQuotaExceeded: FULL,
  PreconditionFailed: CHANGED,
};

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  301: ELSEWHERE,
  307: ELSEWHERE,
  401: WRONG_KEY,
  403: DENIED,
  412: CHANGED,
  413: { fault: 'too-large', how: 'the store takes no file so large' },
  429: BUSY,
  507: FULL,
};

/** `what`: the beginning of a sentence, such as `The file "a" cannot be read from bucket audit`. */
export function bucketFault(what: string, error: unknown): unknown {
  if (error instanceof FilePlaceError) return error;
  if (!(error instanceof Error)) return error;
  const status = statusOf(error);
  if (status === undefined && !(error instanceof S3ServiceException))
    return /^Exceeded \d+ parts/.test(error.message)
      ? new FilePlaceError(
          'too-large',
          `${what}: it has more than 10,000 parts; say its bytes, or make parts larger.`,
          { cause: error },
        )
      : new FilePlaceError('failed', `${what}: ${plain(error.message)}`, { cause: error });
  const meaning =
    BY_CODE[error.name] ??
    (status === undefined ? undefined : (BY_STATUS[status] ?? (status >= 500 ? BUSY : undefined)));
  const answered = `the store answered ${status ?? 'nothing'} ${plain(error.name)}`;
  if (meaning === undefined)
    return new FilePlaceError('failed', `${what}: ${answered}: ${plain(error.message)}`, { cause: error });
  return new FilePlaceError(meaning.fault, `${what}: ${meaning.how} (${answered}).`, { cause: error });
}

/** Of the answer; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata))
    return undefined;
  return typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}

/** A file is not there; a missing bucket answers so, too, where an answer has no body. */
export function isNoSuchKey(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'NoSuchKey' || (error.name === 'NotFound' && statusOf(error) === 404))
  );
}

/** What a store says is for people; it may be anybody's. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what must not get into logs and terminals
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 200);
}
