/** Requests to one Keystone: bounded in time and size. Follows nothing, unpacks nothing, checks certificates. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { KeystoneFailure } from './keystone-failure.ts';

export interface KeystoneHttpOptions {
  /** Ends in `/v3`. Nothing else is ever asked. */
  readonly url: URL;
  /** PEM of the authorities to trust; those of the system unless told. */
  readonly authorities?: string;
  /** From the call to the answer's last byte. */
  readonly timeoutMs: number;
}

export interface KeystoneAnswer {
  readonly status: number;
  /** The header `X-Subject-Token`. */
  readonly subjectToken: string | undefined;
  /** Undefined: not JSON. */
  readonly body: unknown;
}

export interface KeystoneQuestion {
  readonly method: 'GET' | 'POST';
  /** Below `/v3`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface KeystoneHttp {
  /** Throws `KeystoneFailure` when there is no answer. */
  ask(question: KeystoneQuestion): Promise<KeystoneAnswer>;
  close(): void;
}

const MAX_CONNECTIONS = 16;
const MAX_HEADER_BYTES = 32_768;
const MAX_BODY_BYTES = 1024 * 1024;

export function createKeystoneHttp({ authorities, timeoutMs, url }: KeystoneHttpOptions): KeystoneHttp {
  const isTls = url.protocol === 'https:';
  const settings = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  const agent = isTls
    ? new HttpsAgent({
        ...settings,
        rejectUnauthorized: true,
        ...(authorities === undefined ? {} : { ca: authorities }),
      })
    : new HttpAgent(settings);

  function send(question: KeystoneQuestion, signal: AbortSignal): Promise<IncomingMessage> {
    const payload = question.body === undefined ? undefined : Buffer.from(JSON.stringify(question.body));
    return new Promise((resolve, reject) => {
      const request = (isTls ? httpsRequest : httpRequest)(`${url.href}${question.path}`, {
        agent,
        signal,
        method: question.method,
        maxHeaderSize: MAX_HEADER_BYTES,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(payload === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': payload.length }),
          ...question.headers,
        },
      });
      request.once('response', resolve);
      request.on('error', reject);
      request.end(payload);
    });
  }

  return {
    async ask(question) {
      const late = AbortSignal.timeout(timeoutMs);
      try {
        const response = await send(question, late);
        const body = await readBody(response);
        const subjectToken = response.headers['x-subject-token'];
        return {
          status: response.statusCode ?? 0,
          subjectToken: typeof subjectToken === 'string' ? subjectToken : undefined,
          body,
        };
      } catch (error) {
        if (error instanceof KeystoneFailure) throw error;
        throw late.aborted
          ? new KeystoneFailure(`Keystone at ${url.origin} did not answer within ${timeoutMs} ms`)
          : new KeystoneFailure(`Keystone at ${url.origin} cannot be asked: ${reasonOf(error)}`);
      }
    },
    close: () => agent.destroy(),
  };
}

async function readBody(response: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop destroys the response, and its connection with it.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new KeystoneFailure(`Keystone answers with more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return body;
  } catch {
    return undefined;
  }
}

/** Not the error itself: it may hold the request with its headers. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error).slice(0, 200);
}
