/** One GET, bounded in time and size. Follows nothing, unpacks nothing, checks certificates. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { CimiFailure } from './cimi-failure.ts';
import { authorizationOf } from './credentials.ts';
import type { CimiAuth } from './credentials.ts';

export interface HttpGetOptions {
  readonly auth: CimiAuth;
  /** PEM of the authorities to trust; those of the system unless told. */
  readonly authorities?: string | undefined;
  /** From the call to the body's last byte. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Between two calls of `beginPoll`. */
  readonly maxPollBytes: number;
  readonly maxPollRequests: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpGet {
  /** Throws `CimiFailure`, or the signal's reason when it is aborted. */
  get(url: URL, signal?: AbortSignal): Promise<HttpAnswer>;
  /** What may be read and asked is counted anew. */
  beginPoll(): void;
  close(): void;
}

const MAX_CONNECTIONS = 4;
const MAX_HEADER_BYTES = 32_768;
/** Codes of Node for what is wrong with a certificate, or with TLS itself, begin so. */
const TLS_CODE = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

export function createHttpGet(options: HttpGetOptions): HttpGet {
  const { auth, timeoutMs, maxBodyBytes, maxPollBytes, maxPollRequests } = options;
  let bytes = 0;
  let requests = 0;
  const plain = new HttpAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  const tls = new HttpsAgent({
    keepAlive: true,
    maxSockets: MAX_CONNECTIONS,
    rejectUnauthorized: true,
    ...(options.authorities === undefined ? {} : { ca: options.authorities }),
    ...(auth.kind === 'certificate' ? { cert: auth.certificate, key: auth.key.reveal() } : {}),
  });
  const authorization = authorizationOf(auth);

  async function get(url: URL, signal?: AbortSignal): Promise<HttpAnswer> {
    if (++requests > maxPollRequests)
      throw new CimiFailure(
        'CIMI_BUDGET',
        `One poll has asked ${maxPollRequests} times. The rest is asked for by the next ones; let the provider list its items whole.`,
      );
    const late = AbortSignal.timeout(timeoutMs);
    const stop = signal === undefined ? late : AbortSignal.any([late, signal]);
    try {
      const response = await send(url, stop);
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: await readBody(response, url),
      };
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      if (error instanceof CimiFailure) throw error;
      if (late.aborted)
        throw new CimiFailure(
          'CIMI_TIMEOUT',
          `${url.pathname} was not answered whole within ${timeoutMs} ms.`,
          { retryable: true },
        );
      if (isTlsFault(error))
        throw new CimiFailure(
          'CIMI_TLS',
          `${url.origin} is not to be trusted (${String(error).slice(0, 200)}). Give its authority as \`ca\`, or mend its certificate.`,
          { cause: error },
        );
      throw new CimiFailure('CIMI_UNREACHABLE', `${url.pathname} of ${url.origin}: ${String(error)}`, {
        retryable: true,
        cause: error,
      });
    }
  }

  function send(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const isTls = url.protocol === 'https:';
      const request = (isTls ? httpsRequest : httpRequest)(url, {
        agent: isTls ? tls : plain,
        signal,
        maxHeaderSize: MAX_HEADER_BYTES,
        headers: {
          accept: 'application/json, application/xml;q=0.5',
          'accept-encoding': 'identity',
          ...(authorization === undefined ? {} : { authorization }),
        },
      });
      request.once('response', resolve);
      request.on('error', reject);
      request.end();
    });
  }

  async function readBody(response: IncomingMessage, url: URL): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    // Leaving the loop destroys the response, and its connection with it.
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      bytes += chunk.length;
      if (bytes > maxPollBytes)
        throw new CimiFailure(
          'CIMI_BUDGET',
          `One poll has read ${maxPollBytes} bytes. The rest is asked for by the next ones.`,
        );
      if (size > maxBodyBytes)
        throw new CimiFailure(
          'CIMI_BODY_TOO_LARGE',
          `${url.pathname} answers with more than ${maxBodyBytes} bytes. Let the provider page, or raise the limit.`,
        );
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  return {
    get,
    beginPoll() {
      bytes = 0;
      requests = 0;
    },
    close() {
      plain.destroy();
      tls.destroy();
    },
  };
}

/** Asking again does not mend it. */
function isTlsFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && TLS_CODE.test(String(error.code));
}
