/** The feed of a peer as a place of segments: each file is one GET, with the pull token of the feed. */
import { FEDERATION_DOCUMENT_PATH, HEAD_NAME, PlaceUnreadable } from '@cadf-pipeline/federation';
import type { SegmentReader } from '@cadf-pipeline/federation';
import { GuardedHttpError } from '@cadf-pipeline/guarded-http';
import type { GuardedHttp } from '@cadf-pipeline/guarded-http';
import type { Secret } from '@cadf-pipeline/service-kit';

export interface FeedReaderOptions {
  readonly http: GuardedHttp;
  /** Origin of the peer, or a URL below which its API is. */
  readonly url: string;
  readonly feed: string;
  readonly token: Secret;
  /** Of a file. */
  readonly maxBytes: number;
}

/** Milliseconds for a whole file of content: of 16 GiB at 5 MB/s. */
const FILE_DEADLINE_MS = 3_600_000;
/** For a head, a manifest, a signature. */
const PART_DEADLINE_MS = 60_000;
const IS_PART = /^head\.jws$|\.manifest\.(json|jws)$/;
/** Content that comes more slowly than this, after the first minute, would keep other imports waiting. */
const LEAST_BYTES_PER_MS = 64;
const PATIENCE_MS = 60_000;
const MAX_KEYS_BYTES = 1024 * 1024;

/** What the peer publishes of its keys. Throws `PlaceUnreadable`. */
export async function publishedKeys(
  { http, url }: Pick<FeedReaderOptions, 'http' | 'url'>,
  signal: AbortSignal,
): Promise<unknown> {
  const description = `the keys of ${new URL(url).host}`;
  try {
    const answer = await http.fetch({
      method: 'GET',
      url: new URL(`${url.replace(/\/+$/, '')}${FEDERATION_DOCUMENT_PATH}`),
      deadlineMs: PART_DEADLINE_MS,
      maxBytes: MAX_KEYS_BYTES,
      signal,
    });
    const bytes = await answer.bytes();
    if (answer.status !== 200) throw new PlaceUnreadable(`${description}: ${refusal(answer.status)}`);
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new PlaceUnreadable(`${description}: what is published is no JSON.`, { cause: error });
    throw unreadable(error, description);
  }
}

export function feedReader({ feed, http, maxBytes, token, url }: FeedReaderOptions): SegmentReader {
  const base = `${url.replace(/\/+$/, '')}/cadf/v1/feeds/${encodeURIComponent(feed)}`;
  const description = `feed ${feed} of ${new URL(url).host}`;
  return {
    description,
    async read(name, signal) {
      try {
        const answer = await http.fetch({
          method: 'GET',
          url: new URL(name === HEAD_NAME ? `${base}/head` : `${base}/segments/${encodeURIComponent(name)}`),
          headers: { authorization: `Bearer ${token.reveal()}` },
          deadlineMs: IS_PART.test(name) ? PART_DEADLINE_MS : FILE_DEADLINE_MS,
          maxBytes,
          ...(signal === undefined ? {} : { signal }),
        });
        if (answer.status === 200) return readable(answer.body, description);
        answer.discard();
        if (answer.status === 404 || answer.status === 410) return undefined;
        // A feed whose first period is not over has no head yet.
        if (answer.status === 409 && name === HEAD_NAME) return undefined;
        throw new PlaceUnreadable(`${description}: ${refusal(answer.status)}`);
      } catch (error) {
        throw unreadable(error, description);
      }
    },
  };
}

async function* readable(body: AsyncIterable<Buffer>, description: string): AsyncGenerator<Buffer> {
  let waitedMs = 0;
  let came = 0;
  let since = performance.now();
  try {
    for await (const chunk of body) {
      waitedMs += performance.now() - since;
      came += chunk.length;
      if (came < (waitedMs - PATIENCE_MS) * LEAST_BYTES_PER_MS)
        throw new PlaceUnreadable(
          `${description}: the peer sends less than ${LEAST_BYTES_PER_MS} bytes in a millisecond; it is asked again.`,
        );
      yield chunk;
      since = performance.now();
    }
  } catch (error) {
    throw unreadable(error, description);
  }
}

function refusal(status: number): string {
  if (status === 401 || status === 403)
    return `the peer answered ${status}: the pull token was revoked or has expired; accept another invitation.`;
  if (status === 429 || status >= 500) return `the peer answered ${status}; it is asked again.`;
  return `the peer answered ${status}.`;
}

function unreadable(error: unknown, description: string): unknown {
  return error instanceof GuardedHttpError
    ? new PlaceUnreadable(`${description}: ${error.message}`, { cause: error })
    : error;
}
