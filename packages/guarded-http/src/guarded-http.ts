/**
 * Requests to where a user says: only to addresses that the rules allow, by https unless they allow more, bounded in
 * time and bytes, bodies streamed in both directions. Nothing is followed, unpacked or remembered.
 */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { ADDRESS_REFUSED } from './address-rules.ts';
import { codeOf, explainFault, isBeforeConnection, isBrokenConnection } from './explain-fault.ts';
import { createGuardedAgent } from './guarded-agent.ts';
import type { GuardedAgentOptions } from './guarded-agent.ts';
import { GuardedHttpError } from './guarded-http-error.ts';
import { faultOfUrl } from './guarded-url.ts';

export interface GuardedHttpOptions extends GuardedAgentOptions {
  /** What answers, in sentences; default `server`. */
  readonly peer?: string;
  /** What to correct where the URL is wrong, in sentences; default `the url`. */
  readonly entered?: string;
}

export interface GuardedRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly url: URL;
  /** `content-length` where it is known of a streamed body; it is sent chunked otherwise. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Read as fast as it is taken. What it throws is thrown by `fetch` as it is. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  /** Milliseconds for all of it, to the last byte of the answer. */
  readonly deadlineMs: number;
  /** Of the answer's body; more of it is the fault `too-large`. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface GuardedAnswer {
  /** Any but a redirect (301, 302, 303, 307, 308). */
  readonly status: number;
  /** Names in lower case; of a header that came several times the values with `, ` between them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read it once to its end, or `discard()`: until then, or the deadline, the connection is held. Throws as `fetch`. */
  readonly body: AsyncIterable<Buffer>;
  /** All of the body. */
  bytes(): Promise<Buffer>;
  discard(): void;
}

export interface GuardedHttp {
  /** Throws GuardedHttpError, the reason of the signal when it is aborted, or what the body of the request threw. */
  fetch(request: GuardedRequest): Promise<GuardedAnswer>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function createGuardedHttp(options: GuardedHttpOptions): GuardedHttp {
  const { rules, peer = 'server', entered = 'the url' } = options;
  const agent = createGuardedAgent(options);

  async function fetch(request: GuardedRequest): Promise<GuardedAnswer> {
    const { url, deadlineMs, signal } = request;
    signal?.throwIfAborted();
    const wrong = faultOfUrl(url.href, rules, {
      example: 'https://server.example/path',
      proof: 'send credentials in a header',
    });
    if (wrong !== undefined) throw new GuardedHttpError('refused', wrong);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), deadlineMs);
    const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
    const sent = streamed(request.body);

    const fault = (error: unknown): unknown => {
      if (error instanceof GuardedHttpError) return error;
      if (signal?.aborted === true) return signal.reason;
      if (late.signal.aborted)
        return new GuardedHttpError('late', `The ${peer} was not done within ${deadlineMs / 1000} seconds.`);
      if (sent.failed) return sent.fault;
      const because = explainFault(error, url, { peer, entered });
      return new GuardedHttpError(faultKind(error), because, { cause: error });
    };

    try {
      const answer = await ask(request, sent.body, either);
      if (REDIRECTS.has(answer.statusCode)) {
        answer.body.on('error', () => undefined).destroy();
        throw redirected(answer, peer, entered);
      }
      return toAnswer(answer, request, { peer, fault, done: () => clearTimeout(timer) });
    } catch (error) {
      clearTimeout(timer);
      throw fault(error);
    }
  }

  async function ask(
    request: GuardedRequest,
    body: Readable | Uint8Array | null,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { method, url } = request;
    const once = (): Promise<Dispatcher.ResponseData> =>
      agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'accept-encoding': 'identity', 'user-agent': 'cadf-pipeline/1.0', ...request.headers },
        body,
        signal,
      });
    try {
      return await once();
    } catch (error) {
      // Most likely a kept connection that the server closed while it was taken again.
      const harmless = (method === 'GET' || method === 'HEAD') && body === null;
      if (!harmless || signal.aborted || !isBrokenConnection(error)) throw error;
      return once();
    }
  }

  return { fetch, close: () => agent.destroy() };
}

/** One request on a connection of its own. */
export async function guardedFetch(
  request: GuardedRequest,
  options: GuardedHttpOptions,
): Promise<GuardedAnswer> {
  const http = createGuardedHttp(options);
  try {
    const answer = await http.fetch(request);
    const read = answer.body;
    const body = {
      async *[Symbol.asyncIterator]() {
        try {
          yield* read;
        } finally {
          await http.close();
        }
      },
    };
    return {
      ...answer,
      body,
      bytes: () => collect(body),
      discard() {
        answer.discard();
        void http.close();
      },
    };
  } catch (error) {
    await http.close();
    throw error;
  }
}

interface Reading {
  readonly peer: string;
  readonly fault: (error: unknown) => unknown;
  readonly done: () => void;
}

function toAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  { maxBytes }: GuardedRequest,
  { peer, fault, done }: Reading,
): GuardedAnswer {
  // Without a listener an answer that nobody reads any more would end the process when its connection breaks.
  body.on('error', () => undefined);
  const tooLarge = (): GuardedHttpError =>
    new GuardedHttpError('too-large', `The answer of the ${peer} is larger than ${maxBytes} bytes.`);
  async function* bounded(): AsyncGenerator<Buffer> {
    let left = maxBytes;
    try {
      if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
      for await (const part of body) {
        if (!Buffer.isBuffer(part)) continue;
        left -= part.length;
        if (left < 0) throw tooLarge();
        yield part;
      }
    } catch (error) {
      throw fault(error);
    } finally {
      done();
      body.destroy();
    }
  }
  const parts = bounded();
  return {
    status: statusCode,
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, typeof value === 'string' ? value : value.join(', ')]],
      ),
    ),
    body: parts,
    bytes: () => collect(parts),
    discard() {
      done();
      body.destroy();
    },
  };
}

async function collect(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

/** A body that remembers whether it was itself that failed. */
function streamed(body: GuardedRequest['body']): {
  readonly body: Readable | Uint8Array | null;
  readonly failed: boolean;
  readonly fault: unknown;
} {
  if (body === undefined) return { body: null, failed: false, fault: undefined };
  if (body instanceof Uint8Array) return { body, failed: false, fault: undefined };
  const state: { body: Readable; failed: boolean; fault: unknown } = {
    // With a listener: where the request ends first, this stream ends with an error.
    body: Readable.from(watched(), { objectMode: false }).on('error', () => undefined),
    failed: false,
    fault: undefined,
  };
  async function* watched(): AsyncGenerator<Uint8Array> {
    // Not of the body: a stream that is destroyed throws in here.
    let given = false;
    try {
      if (body === undefined || body instanceof Uint8Array) return;
      for await (const part of body) {
        given = true;
        yield part;
        given = false;
      }
    } catch (error) {
      if (!given) {
        state.failed = true;
        state.fault = error;
      }
      throw error;
    }
  }
  return state;
}

function redirected(
  { statusCode, headers }: Dispatcher.ResponseData,
  peer: string,
  entered: string,
): GuardedHttpError {
  const location = [headers['location']].flat()[0];
  const where = location === undefined ? '' : ` to ${JSON.stringify(location.slice(0, 200))}`;
  return new GuardedHttpError(
    'redirected',
    `The ${peer} answered ${statusCode} and redirects${where}: redirects are not followed, correct ${entered}.`,
  );
}

function faultKind(error: unknown): 'refused' | 'late' | 'unreachable' | 'broken' {
  const code = codeOf(error);
  if (code === ADDRESS_REFUSED) return 'refused';
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'late';
  return isBeforeConnection(error) ? 'unreachable' : 'broken';
}
