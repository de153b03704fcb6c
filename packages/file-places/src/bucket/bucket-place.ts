/**
 * An S3-compatible bucket as a place of files. An object is seen only when all of it is there: small ones are one
 * request, large ones a multipart upload, which is taken back when it fails. Of a killed process the parts remain, seen
 * by nobody: a lifecycle rule of the bucket (AbortIncompleteMultipartUpload) removes them.
 *
 * By the AWS SDK; of its own it looks at no environment, profile or metadata service, and connects only through the guard.
 */
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import type { HeadObjectCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { checkedContent } from '../checked-content.ts';
import type { FilePlace, ListOptions, ReadOptions } from '../file-place.ts';
import { FilePlaceError } from '../file-place-error.ts';
import { checkName, compareNames, faultOfName, shownName } from '../file-name.ts';
import { bucketFault, isNoSuchKey, statusOf } from './bucket-fault.ts';
import { faultOfBucket } from './bucket-options.ts';
import type { BucketPlaceOptions } from './bucket-options.ts';
import { createGuardedHandler } from './guarded-handler.ts';
import { readObject } from './read-object.ts';

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 3;
const MAX_PARTS = 10_000;
const ATTEMPTS = 4;
/** An upload that is broken off is taken back first, for as long as this. */
const TAKE_BACK_MS = 5000;
/** Written and removed by `check`. */
const CHECK_NAME = 'cadf-pipeline-check';

/** Throws `place` where `faultOfBucket` says why. Nothing is connected to yet. */
export function createBucketPlace(options: BucketPlaceOptions): FilePlace {
  const wrong = faultOfBucket(options);
  if (wrong !== undefined) throw new FilePlaceError('place', wrong.message);
  const { bucket, prefix = '' } = options;
  const client = openClient(options);
  const where = options.endpoint === undefined ? options.region : new URL(options.endpoint).host;
  const title = `bucket ${bucket}${prefix === '' ? '' : `/${prefix}`} at ${where}`;

  const notFound = (name: string): FilePlaceError =>
    new FilePlaceError('not-found', `There is no file ${shownName(name)} in ${title}.`);

  /** As HEAD tells it; its errors have no words, so what fails is asked once more with GET, which needs the same right. */
  async function head(name: string, signal: AbortSignal | undefined): Promise<HeadObjectCommandOutput> {
    const asked = { Bucket: bucket, Key: prefix + name };
    try {
      return await client.send(new HeadObjectCommand(asked), abortedBy(signal));
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined || status >= 500) throw error;
      const answer = await client.send(new GetObjectCommand(asked), abortedBy(signal));
      if (answer.Body instanceof Readable) answer.Body.destroy();
      return answer;
    }
  }

  async function put(
    name: string,
    content: Parameters<FilePlace['put']>[1],
    putOptions: NonNullable<Parameters<FilePlace['put']>[2]>,
  ): Promise<void> {
    const { bytes, contentType, signal } = putOptions;
    const checked = checkedContent(name, content, putOptions);
    const least = options.partBytes ?? PART_BYTES;
    const body = Readable.from(checked.parts, { objectMode: false });
    // Where the upload ends first, this stream ends with an error, which would end the process without a listener.
    body.on('error', () => undefined);
    const upload = new Upload({
      client,
      params: {
        Bucket: bucket,
        Key: prefix + name,
        Body: body,
        ...(contentType === undefined ? {} : { ContentType: contentType }),
      },
      partSize: bytes === undefined ? least : Math.max(least, Math.ceil(bytes / MAX_PARTS)),
      queueSize: PARTS_AT_ONCE,
      leavePartsOnError: false,
    });
    const done = upload.done();
    try {
      const { ETag } = await Promise.race([done, brokenOff(done, signal)]);
      // Some stores say 200 before they have put the parts together, and then fail.
      if (ETag === undefined)
        throw new FilePlaceError(
          'busy',
          `The file ${shownName(name)} cannot be written to ${title}: the store did not say that it has it.`,
        );
    } catch (error) {
      const fault = checked.fault();
      if (fault !== undefined) throw fault.error;
      if (signal?.aborted === true) throw signal.reason;
      throw bucketFault(`The file ${shownName(name)} cannot be written to ${title}`, error);
    }
  }

  /** Goes on after a name, which every store understands alike, and not by a token. */
  async function page(
    { prefix: inner = '', signal }: ListOptions,
    after: string | undefined,
  ): Promise<ListObjectsV2CommandOutput> {
    return client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix + inner,
        MaxKeys: 1000,
        EncodingType: 'url',
        ...(after === undefined ? {} : { StartAfter: prefix + after }),
      }),
      abortedBy(signal),
    );
  }

  return {
    title,
    async put(name, content, putOptions = {}) {
      checkName(name);
      await put(name, content, putOptions);
    },

    async *read(name, { from = 0, upTo, signal }: ReadOptions = {}) {
      checkName(name);
      try {
        yield* readObject(client, { bucket, key: prefix + name, from, upTo, signal });
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason;
        if (isNoSuchKey(error)) throw notFound(name);
        throw bucketFault(`The file ${shownName(name)} of ${title} cannot be read`, error);
      }
    },

    async stat(name, signal) {
      checkName(name);
      try {
        const found = await head(name, signal);
        return {
          name,
          bytes: found.ContentLength ?? 0,
          modifiedMs: found.LastModified?.getTime() ?? 0,
          metadata: found.Metadata ?? {},
        };
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason;
        if (isNoSuchKey(error)) throw notFound(name);
        throw bucketFault(`The file ${shownName(name)} of ${title} cannot be read`, error);
      }
    },

    async *list(listOptions: ListOptions = {}) {
      const { leftOut, signal } = listOptions;
      let last = listOptions.after;
      try {
        for (let more = true; more;) {
          // oxlint-disable-next-line no-await-in-loop -- page by page
          const { Contents = [], EncodingType, IsTruncated } = await page(listOptions, last);
          for (const { Key = '', Size = 0, LastModified } of Contents) {
            const key = EncodingType === 'url' ? decoded(Key) : Key;
            const name = key.slice(prefix.length);
            if (!key.startsWith(prefix) || (last !== undefined && !isAfter(name, last)))
              throw new FilePlaceError(
                'failed',
                `The ${title} does not list names in their order, at ${shownName(key)}.`,
              );
            last = name;
            const fault = faultOfName(name);
            if (fault === undefined) yield { name, bytes: Size, modifiedMs: LastModified?.getTime() ?? 0 };
            // An empty object with a name that ends so is what some programs make for a folder.
            else if (!(name.endsWith('/') && Size === 0) && name !== '') leftOut?.(name, fault);
          }
          more = IsTruncated === true;
          if (more && Contents.length === 0)
            throw new FilePlaceError('failed', `The ${title} does not say how its list goes on.`);
        }
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason;
        throw bucketFault(`The files of ${title} cannot be listed`, error);
      }
    },

    async remove(name, signal) {
      checkName(name);
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: prefix + name }), abortedBy(signal));
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason;
        if (isNoSuchKey(error)) return;
        throw bucketFault(`The file ${shownName(name)} of ${title} cannot be removed`, error);
      }
    },

    async check({ write = false, signal } = {}) {
      if (write) {
        await put(CHECK_NAME, [Buffer.from('check')], signal === undefined ? {} : { signal });
        await this.remove(CHECK_NAME, signal);
        return;
      }
      for await (const _ of this.list(signal === undefined ? {} : { signal })) break;
    },

    close: async () => client.destroy(),
  };
}

function openClient(options: BucketPlaceOptions): S3Client {
  const { bucket, region, credentials, attempts = ATTEMPTS } = options;
  // Always said, or the environment could.
  const endpoint =
    options.endpoint ?? `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  return new S3Client({
    region,
    credentials: { ...credentials },
    endpoint,
    // A certificate for `*.s3.…` does not hold for a bucket with a dot in its name.
    forcePathStyle: options.pathStyle ?? (options.endpoint !== undefined || bucket.includes('.')),
    requestHandler: createGuardedHandler(options),
    maxAttempts: attempts,
    retryMode: 'standard',
    // Newer checksums are not known by all stores; the signature covers the content of every request anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    followRegionRedirects: false,
    disableS3ExpressSessionAuth: true,
    // Said here, so that no file or variable of the environment says otherwise.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    useAccelerateEndpoint: false,
    disableMultiregionAccessPoints: true,
    defaultsMode: 'standard',
    userAgentAppId: 'cadf-pipeline',
    sigv4aSigningRegionSet: [region],
    authSchemePreference: ['sigv4'],
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
}

function ignore(): void {}

/** Rejects a while after a signal; till then the upload can be taken back. */
function brokenOff(done: Promise<unknown>, signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    timer = setTimeout(() => reject(signal?.reason), TAKE_BACK_MS);
  };
  const rest = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  done.then(rest, rest);
  return promise;
}

function abortedBy(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** By bytes, as Amazon S3 orders them; some stores compare UTF-16, which differs past U+D7FF. */
function isAfter(name: string, last: string): boolean {
  return compareNames(name, last) > 0 || name > last;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}
