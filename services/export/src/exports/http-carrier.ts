/** Sends files by HTTP: each is the body of one request. */
import type { GuardedHttp } from '@cadf-pipeline/guarded-http';
import type { Secret } from '@cadf-pipeline/service-kit';
import type { Carrier } from './destination.ts';

/** The receiver did not take a file. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}

/** A day for each 10 GiB, the largest file there is. */
const DEADLINE_MS = 86_400_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const SAID_CHARACTERS = 200;

export interface HttpTarget {
  readonly method: 'POST' | 'PUT';
  readonly urlOf: (file: string) => URL;
}

export function createHttpCarrier(
  http: GuardedHttp,
  { method, urlOf }: HttpTarget,
  id: string,
  token: Secret | undefined,
): Carrier {
  return {
    async carry({ bytes, content, mediaType, name, sha256 }, signal) {
      const answer = await http.fetch({
        method,
        url: urlOf(name),
        headers: {
          'content-type': mediaType,
          'content-length': String(bytes),
          'content-disposition': `attachment; filename="${name}"`,
          // RFC 9530.
          'content-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
          // The same file once more is the same request, as any PUT is.
          ...(method === 'POST' ? { 'idempotency-key': `${id}/${name}` } : {}),
          'cadf-export': id,
          ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
        },
        body: content(),
        deadlineMs: DEADLINE_MS,
        maxBytes: MAX_ANSWER_BYTES,
        signal,
      });
      const said = (await answer.bytes()).toString('utf8').slice(0, SAID_CHARACTERS);
      const { status } = answer;
      if (status >= 200 && status < 300) return;
      const retryable = status >= 500 || status === 408 || status === 425 || status === 429;
      throw new NotTaken(`The receiver answered ${status} to ${name}: ${JSON.stringify(said)}.`, retryable);
    },
    close: () => http.close(),
  };
}
