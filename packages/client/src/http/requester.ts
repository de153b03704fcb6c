/** Requests to the service: the key, problems as errors, tries again where that can help. */
import { ClientError, clientCodes } from '../client-error.ts';
import { readProblem } from './read-problem.ts';
import { pause, retryDelayMs } from './retry-delay.ts';

export interface ClientOptions {
  /** Where the service is, such as `https://audit.example`. A path is kept: `https://host/audit` + `/cadf/v1/…`. */
  readonly url: string;
  /** API key or token, sent as `Authorization: Bearer`. A function is asked before each request: tokens that expire. */
  readonly key: string | (() => string | Promise<string>);
  /** Instead of the one of the platform. */
  readonly fetch?: typeof fetch;
  /** How often a read that failed in a way that may pass (429, 5xx, the network) is tried in all. Default 4. */
  readonly attempts?: number;
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Requester {
  /** One attempt. Answers what is 2xx; throws ClientError for everything else, and the signal's reason. */
  send(path: string, init: RequestInit): Promise<Response>;
  /** A read with what is made of its answer, tried again as often as `attempts` says. */
  get<T>(path: string, options: AskOptions, read: (response: Response) => T | Promise<T>): Promise<T>;
}

/** A query string, without what is undefined; empty where nothing is left. */
export function queryOf(parameters: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters) as [string, unknown][]) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      if (one !== undefined) query.append(name, String(one));
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** For parts of the interface that the client has no method for. Throws TypeError for a URL that is not http(s). */
export function createRequester(options: ClientOptions): Requester {
  const { key, fetch: send = fetch, attempts = 4 } = options;
  const base = baseOf(options.url);

  const requester: Requester = {
    async send(path, init) {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${typeof key === 'string' ? key : await key()}`);
      let response: Response;
      try {
        // A redirect would carry the key to wherever it points.
        response = await send(base + path, { ...init, headers, redirect: 'manual' });
      } catch (error) {
        if (init.signal?.aborted === true) throw init.signal.reason;
        throw unreachable(`${base} does not answer`, error);
      }
      if (response.ok) return response;
      throw await readProblem(response);
    },
    async get(path, { headers = {}, signal }, read) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await read(await requester.send(path, { headers, signal: signal ?? null }));
        } catch (error) {
          if (!(error instanceof ClientError) || !error.retryable || attempt >= attempts) throw error;
          await pause(retryDelayMs(attempt, error.retryAfterMs), signal);
        }
      }
    },
  };
  return requester;
}

/** An error of the connection as one of the client; `what` is what happened, such as `The answer broke off`. */
export function unreachable(what: string, error: unknown): ClientError {
  return new ClientError(
    clientCodes.CLIENT_UNREACHABLE,
    `${what}: ${reasonOf(error)}. Check the URL and the network; the service may be restarting.`,
    { retryable: true, cause: error },
  );
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof AggregateError) return reasonOf(error.cause.errors[0] ?? error.message);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

function baseOf(url: string): string {
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new TypeError(`${url} is no http or https URL`);
  }
  return parsed.origin + parsed.pathname.replace(/\/$/, '');
}
