/** One object of a bucket, read from somewhere to somewhere; a connection that breaks is taken up where it ended. */
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { FilePlaceError } from '../file-place-error.ts';
import { statusOf } from './bucket-fault.ts';

export interface ObjectRange {
  readonly bucket: string;
  readonly key: string;
  readonly from: number;
  /** The byte after the last; undefined: the end. */
  readonly upTo: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** In a row without a byte between them. */
const MAX_BREAKS = 3;

/** Errors of the SDK are thrown as they are. */
export async function* readObject(client: S3Client, range: ObjectRange): AsyncGenerator<Buffer> {
  let at = range.from;
  let end = range.upTo;
  let etag: string | undefined;
  let breaks = 0;
  while (end === undefined || at < end) {
    let answer: GetObjectCommandOutput;
    try {
      // oxlint-disable-next-line no-await-in-loop -- asked again only after a break
      answer = await ask(client, range, at, end, etag);
    } catch (error) {
      // Nothing is there from this byte on.
      if (statusOf(error) === 416 && etag === undefined) return;
      throw error;
    }
    const { ContentLength: length, Body: body } = answer;
    if (!(body instanceof Readable))
      throw new FilePlaceError('failed', 'The store answered without content.');
    const asked = at > 0 || range.upTo !== undefined;
    const first = firstByte(answer, asked);
    if (length === undefined || first !== at) {
      body.destroy();
      throw new FilePlaceError('failed', 'The store does not give ranges of a file, or not its length.');
    }
    etag = answer.ETag ?? '';
    end = Math.min(at + length, end ?? Infinity);
    try {
      for await (const part of body) {
        range.signal?.throwIfAborted();
        if (!Buffer.isBuffer(part)) continue;
        at += part.length;
        breaks = 0;
        yield part;
      }
      if (at < end) throw new Error('the connection ended early');
    } catch (error) {
      if (range.signal?.aborted === true) throw range.signal.reason;
      breaks += 1;
      if (breaks > MAX_BREAKS)
        throw new FilePlaceError('unreachable', 'The connection to the store broke again and again.', {
          cause: error,
        });
    } finally {
      body.destroy();
    }
  }
}

function ask(
  client: S3Client,
  { bucket, key, upTo, signal }: ObjectRange,
  at: number,
  end: number | undefined,
  etag: string | undefined,
): Promise<GetObjectCommandOutput> {
  const ranged = at > 0 || upTo !== undefined;
  return client.send(
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(ranged ? { Range: `bytes=${at}-${end === undefined ? '' : end - 1}` } : {}),
      // What goes on is of the same content.
      ...(etag === undefined || etag === '' ? {} : { IfMatch: etag }),
    }),
    signal === undefined ? {} : { abortSignal: signal },
  );
}

/** Of what is in the answer; undefined where it does not say so. */
function firstByte({ ContentRange: said }: GetObjectCommandOutput, asked: boolean): number | undefined {
  if (said === undefined) return asked ? undefined : 0;
  const found = /^bytes (\d{1,15})-/.exec(said)?.[1];
  return found === undefined ? undefined : Number(found);
}
